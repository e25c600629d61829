"""Distances, outlines and what is no outline."""

from typing import Any

import pytest

from backend.places import geo
from backend.places.errors import BadOutline

SQUARE = [[120.0, 31.0], [121.0, 31.0], [121.0, 32.0], [120.0, 32.0], [120.0, 31.0]]
HOLE = [[120.4, 31.4], [120.6, 31.4], [120.6, 31.6], [120.4, 31.6], [120.4, 31.4]]


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert geo.distance_m(31.0, 120.0, 32.0, 120.0) == pytest.approx(111_195, rel=0.005)


def test_a_place_is_inside_its_outline_and_not_in_its_hole() -> None:
    assert geo.is_inside([SQUARE], lat=31.5, lon=120.5)
    assert not geo.is_inside([SQUARE, HOLE], lat=31.5, lon=120.5)
    assert geo.is_inside([SQUARE, HOLE], lat=31.2, lon=120.5)
    assert not geo.is_inside([SQUARE], lat=32.5, lon=120.5)


def test_a_shared_border_belongs_to_one_neighbour_only() -> None:
    east = [[121.0, 31.0], [122.0, 31.0], [122.0, 32.0], [121.0, 32.0], [121.0, 31.0]]
    on_border = [geo.is_inside([ring], lat=31.5, lon=121.0) for ring in (SQUARE, east)]
    assert sorted(on_border) == [False, True]


def test_the_middle_of_a_square_is_its_middle() -> None:
    assert geo.centre_of([SQUARE]) == pytest.approx((31.5, 120.5))


def test_a_geojson_polygon_is_unwrapped() -> None:
    given = {"type": "Polygon", "coordinates": [SQUARE]}
    assert geo.checked_outline(given) == [SQUARE]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"type": "Point", "coordinates": [120, 31]}, "not_a_polygon"),
        ([], "not_a_polygon"),
        ("[[[1,2]]]", "not_a_polygon"),
        ([SQUARE[:3]], "ring_too_short"),
        ([SQUARE[:4]], "ring_not_closed"),
        ([[[31.0, 200.0]] * 4], "bad_point"),
        ([[["120", "31"]] * 4], "bad_point"),
        ([[[120.0, float("nan")]] * 4], "bad_point"),
        ([[[120.0, 31.0]] * 6000], "too_many_points"),
    ],
)
def test_what_is_no_outline_is_refused_with_its_reason(given: Any, code: str) -> None:
    with pytest.raises(BadOutline) as refusal:
        geo.checked_outline(given)
    assert refusal.value.data == {"fields": {"polygon": [code]}}


@pytest.mark.parametrize("lat", [0.0, 31.57, -31.57, 59.9])
@pytest.mark.parametrize(("north", "east"), [(0.0, 0.3), (0.4, 0.0), (-0.2, 0.2), (0.001, -0.001)])
def test_a_flat_map_tells_near_distances_to_a_part_in_a_thousand(
    lat: float, north: float, east: float
) -> None:
    there = (lat + north, 179.9 + east)
    exact = geo.distance_m(lat, 179.9, *there)
    assert geo.flat_distance_m(lat, 179.9, *there) == pytest.approx(exact, rel=0.001)
