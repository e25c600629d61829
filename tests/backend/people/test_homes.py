"""Homes: where they are, and how to get in."""

import pytest

from backend.people.actions import change_household, create_household, remove_household
from backend.people.errors import HouseholdInUse
from backend.people.models import Household
from backend.places.models import Address
from tests.builders import NOON, a_household, a_resident, an_area, reloaded

pytestmark = pytest.mark.django_db
BY = "user:somebody"


def test_a_home_without_a_position_is_about_where_its_areas_office_is() -> None:
    area = an_area(office_lat=31.5, office_lon=120.3)
    home = create_household(area=area, address="长江路12号", by=BY, now=NOON)
    address = reloaded(home).address
    assert (address.lat, address.lon, address.position_source) == (31.5, 120.3, "area")


def test_how_to_get_in_is_kept_with_the_home() -> None:
    home = create_household(
        area=an_area(), address="x", entry={"door_code": "2580#"}, by=BY, now=NOON
    )
    assert reloaded(home).door_code == "2580#"


def test_a_changed_address_is_found_by_its_new_words_and_keeps_its_position() -> None:
    home = a_household()
    change_household(home, changes={"address": "学前街 ５号"}, by=BY, now=NOON)
    address = reloaded(home.address)
    assert (address.search_text, address.lat) == ("学前街5号", home.address.lat)


def test_residents_follow_their_home_into_another_area() -> None:
    resident, area = a_resident(), an_area()
    change_household(resident.household, changes={"area": area}, by=BY, now=NOON)
    assert reloaded(resident).area == area


def test_a_home_where_somebody_lives_is_not_removed() -> None:
    lived_in, empty = a_resident().household, a_household()
    with pytest.raises(HouseholdInUse):
        remove_household(lived_in, by=BY, now=NOON)
    remove_household(empty, by=BY, now=NOON)
    assert Household.objects.get() == lived_in
    assert Address.objects.get() == lived_in.address
