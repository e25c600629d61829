"""Which area holds a place, and what is below an area."""

import pytest

from backend.places import queries
from backend.places.models import Area
from tests.builders import an_area

pytestmark = pytest.mark.django_db


def ring(west: float, south: float, east: float, north: float) -> list[list[list[float]]]:
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


@pytest.fixture
def street() -> Area:
    """A street of two communities, below a district without an outline."""
    district = an_area()
    street = an_area(parent=district, polygon=ring(120, 31, 122, 32))
    an_area(parent=street, name="west", polygon=ring(120, 31, 121, 32))
    an_area(parent=street, name="east", polygon=ring(121, 31, 122, 32))
    return street


def name_at(lat: float, lon: float) -> str | None:
    area = queries.area_at(lat, lon)
    return area.name if area else None


def test_the_deepest_area_that_holds_a_place_is_found(street: Area) -> None:
    assert name_at(31.5, 120.5) == "west"
    assert name_at(31.5, 121.5) == "east"


def test_where_no_community_is_drawn_the_street_holds_the_place(street: Area) -> None:
    Area.objects.filter(name="east").update(polygon=ring(121.5, 31, 122, 32))
    assert name_at(31.5, 121.2) == street.name


def test_outside_of_every_outline_there_is_no_area(street: Area) -> None:
    assert name_at(40.0, 116.0) is None


def test_what_is_below_and_above_an_area_is_known_by_its_path(street: Area) -> None:
    community = Area.objects.get(name="east")
    assert set(queries.descendants(street).values_list("name", flat=True)) == {"west", "east"}
    assert list(queries.ancestors(community)) == [street.parent, street]


def test_people_start_from_the_office_and_else_from_the_middle(street: Area) -> None:
    assert queries.office_of(street) == pytest.approx((31.5, 121.0))
    street.office_lat, street.office_lon = 31.9, 120.1
    assert queries.office_of(street) == (31.9, 120.1)
    assert queries.office_of(an_area()) is None
