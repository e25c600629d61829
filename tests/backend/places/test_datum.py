"""Datums: known points, the way there and back, and nothing shifted abroad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.places.datum import (
    Position,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    shifted_here,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from backend.places.geo import distance_m

ONE_CM = 0.01
chinese_lat = st.floats(min_value=3.9, max_value=53.5)
chinese_lon = st.floats(min_value=73.6, max_value=135.0)


def metres_apart(a: Position, b: Position) -> float:
    return distance_m(*a, *b)


def test_wuxi_is_shifted_by_the_488_metres_that_are_known() -> None:
    here = Position(31.4906, 120.3740)
    assert metres_apart(here, wgs84_to_gcj02(*here)) == pytest.approx(487.7, abs=1.0)


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # Shanghai, Shenzhen, Beijing, as independent converters agree on them.
        (Position(31.1774276, 121.5272106), Position(31.1753040, 121.5315419)),
        (Position(22.543847, 113.912316), Position(22.5407961, 113.9171765)),
        (Position(39.911954, 116.377817), Position(39.9133455, 116.3840472)),
    ],
)
def test_known_places_are_where_chinese_maps_show_them(wgs84: Position, gcj02: Position) -> None:
    assert metres_apart(wgs84_to_gcj02(*wgs84), gcj02) < 0.05


@given(chinese_lat, chinese_lon)
def test_gcj02_is_undone_to_less_than_a_centimetre(lat: float, lon: float) -> None:
    assert metres_apart(gcj02_to_wgs84(*wgs84_to_gcj02(lat, lon)), Position(lat, lon)) < ONE_CM


@given(chinese_lat, chinese_lon)
def test_bd09_is_undone_to_less_than_a_centimetre(lat: float, lon: float) -> None:
    assert metres_apart(bd09_to_wgs84(*wgs84_to_bd09(lat, lon)), Position(lat, lon)) < ONE_CM


@given(st.floats(min_value=-89.0, max_value=89.0), st.floats(min_value=-179.0, max_value=179.0))
def test_abroad_all_datums_are_the_same(lat: float, lon: float) -> None:
    if shifted_here(lat, lon):
        return
    for convert in (wgs84_to_gcj02, gcj02_to_wgs84, gcj02_to_bd09, wgs84_to_bd09):
        assert convert(lat, lon) == Position(lat, lon)


def test_each_datum_comes_to_the_same_place() -> None:
    here = Position(31.57, 120.30)
    for datum, there in (
        ("wgs84", here),
        ("gcj02", wgs84_to_gcj02(*here)),
        ("bd09", wgs84_to_bd09(*here)),
    ):
        assert metres_apart(to_wgs84(*there, datum), here) < ONE_CM
