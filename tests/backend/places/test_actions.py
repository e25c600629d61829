"""Areas are written with their path, and addresses with the datum they came in."""

import pytest

from backend.audit.models import AuditRow
from backend.core.errors import Invalid
from backend.core.models import JournalEvent
from backend.places.actions import change_area, create_address, create_area, delete_area
from backend.places.datum import wgs84_to_gcj02
from backend.places.errors import (
    AreaCodeTaken,
    AreaInUse,
    BadOutline,
    BadPosition,
    WrongLevel,
)
from backend.places.geo import distance_m
from backend.places.models import Area
from tests.builders import NOON, a_household, an_area, reloaded

pytestmark = pytest.mark.django_db
BY = "user:somebody"


def a_street(district: Area, code: str = "001") -> Area:
    return create_area(
        parent=district, level="street", code=code, name="运河桥街道", by=BY, now=NOON
    )


def test_a_new_area_continues_the_path_of_its_parent() -> None:
    district = an_area()
    street = a_street(district)
    assert street.path == f"{district.path}001."
    assert JournalEvent.objects.get().area_path == street.path
    assert AuditRow.objects.get().subject == f"area:{street.pk}"


def test_levels_follow_one_another() -> None:
    district = an_area()
    for parent, level in ((district, "grid"), (None, "street"), (district, "district")):
        with pytest.raises(WrongLevel):
            create_area(parent=parent, level=level, code="01", name="x", by=BY, now=NOON)


@pytest.mark.parametrize("code", ["1", "00a", "0001", "００１"])
def test_a_code_has_the_digits_of_its_level(code: str) -> None:
    with pytest.raises(Invalid):
        a_street(an_area(), code)


def test_a_code_is_taken_once_below_a_parent_and_free_below_another() -> None:
    district, other = an_area(), an_area()
    a_street(district)
    with pytest.raises(AreaCodeTaken):
        a_street(district)
    assert a_street(other).path == f"{other.path}001."


def test_an_outline_is_checked_before_it_is_kept() -> None:
    area = an_area(name="before")
    with pytest.raises(BadOutline):
        change_area(area, changes={"name": "after", "polygon": [[[1, 2]]]}, by=BY, now=NOON)
    assert reloaded(area).name == "before"


def test_half_an_office_is_no_office() -> None:
    with pytest.raises(BadPosition):
        change_area(an_area(), changes={"office_lat": 31.5}, by=BY, now=NOON)


def test_an_area_in_use_stays() -> None:
    used, empty = an_area(), an_area()
    a_household(area=used)
    with pytest.raises(AreaInUse):
        delete_area(used, by=BY, now=NOON)
    delete_area(empty, by=BY, now=NOON)
    assert Area.objects.filter(pk__in=[used.pk, empty.pk]).get() == used


def test_an_address_of_a_chinese_map_is_kept_as_wgs84() -> None:
    there = wgs84_to_gcj02(31.57, 120.30)
    address = create_address(
        area=an_area(), text="长江路12号", lat=there.lat, lon=there.lon, datum="gcj02"
    )
    kept = reloaded(address)
    assert kept.datum == "gcj02"
    assert kept.lat is not None
    assert kept.lon is not None
    assert distance_m(kept.lat, kept.lon, 31.57, 120.30) < 0.01


@pytest.mark.parametrize(("lat", "lon"), [(91.0, 120.0), (31.0, None), (float("nan"), 120.0)])
def test_a_position_that_is_nowhere_is_refused(lat: float | None, lon: float | None) -> None:
    with pytest.raises(BadPosition):
        create_address(area=an_area(), text="x", lat=lat, lon=lon)
