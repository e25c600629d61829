"""Chinese map datums to WGS-84 and back.

GCJ-02 shifts WGS-84 by up to 700 m inside China; BD-09 shifts GCJ-02 once more. Both are published
only in the forward direction, so the way back is found by iteration.
Source: the public formula of GCJ-02 (Krasovsky 1940 ellipsoid) and of BD-09.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, radians, sin, sqrt
from typing import NamedTuple

from backend.places.models import Datum

SEMI_MAJOR_M = 6_378_245.0
"""Krasovsky 1940."""
ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
BD_PHASE = pi * 3000 / 180
BD_SHIFT_LAT, BD_SHIFT_LON = 0.006, 0.0065
"""Degrees."""
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
"""The rectangle that the published formula treats as China; outside of it nothing is shifted."""
CLOSE_ENOUGH = 1e-9
"""Degrees, about 0.1 mm."""
MAX_ROUNDS = 30


class Position(NamedTuple):
    """Degrees, north and east."""

    lat: float
    lon: float


def shifted_here(lat: float, lon: float) -> bool:
    """Whether the Chinese datums differ from WGS-84 at this place."""
    return SOUTH <= lat <= NORTH and WEST <= lon <= EAST


def wgs84_to_gcj02(lat: float, lon: float) -> Position:
    """From GPS to the maps of Amap and Tencent."""
    if not shifted_here(lat, lon):
        return Position(lat, lon)
    phi = radians(lat)
    squash = 1 - ECCENTRICITY_SQUARED * sin(phi) ** 2
    meridian_m = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / squash**1.5
    parallel_m = SEMI_MAJOR_M / sqrt(squash) * cos(phi)
    north_m, east_m = _shift_m(lon - 105, lat - 35)
    return Position(
        lat + north_m * 180 / (meridian_m * pi),
        lon + east_m * 180 / (parallel_m * pi),
    )


def _shift_m(x: float, y: float) -> tuple[float, float]:
    """Metres to the north and to the east; x and y are degrees from 105 E, 35 N."""
    root = sqrt(abs(x))
    swing = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (swing + 20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (swing + 20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    return north, east


def gcj02_to_bd09(lat: float, lon: float) -> Position:
    """From Amap's datum to Baidu's."""
    if not shifted_here(lat, lon):
        return Position(lat, lon)
    radius = hypot(lon, lat) + 0.000_02 * sin(lat * BD_PHASE)
    angle = atan2(lat, lon) + 0.000_003 * cos(lon * BD_PHASE)
    return Position(radius * sin(angle) + BD_SHIFT_LAT, radius * cos(angle) + BD_SHIFT_LON)


def gcj02_to_wgs84(lat: float, lon: float) -> Position:
    """From the maps of Amap and Tencent to GPS, to less than 1 cm."""
    return _undone(wgs84_to_gcj02, lat, lon)


def bd09_to_gcj02(lat: float, lon: float) -> Position:
    """From Baidu's datum to Amap's, to less than 1 cm."""
    return _undone(gcj02_to_bd09, lat, lon)


def wgs84_to_bd09(lat: float, lon: float) -> Position:
    """From GPS to Baidu's maps."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lat, lon))


def bd09_to_wgs84(lat: float, lon: float) -> Position:
    """From Baidu's maps to GPS."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lat, lon))


def _undone(forward: Callable[[float, float], Position], lat: float, lon: float) -> Position:
    """The place that `forward` moves to the one given.

    The shift changes by less than a tenth of a step, so each round divides the error by ten.
    """
    guess = Position(lat, lon)
    for _ in range(MAX_ROUNDS):
        there = forward(*guess)
        off_lat, off_lon = there.lat - lat, there.lon - lon
        if max(abs(off_lat), abs(off_lon)) < CLOSE_ENOUGH:
            break
        guess = Position(guess.lat - off_lat, guess.lon - off_lon)
    return guess


_TO_WGS84: dict[str, Callable[[float, float], Position]] = {
    Datum.WGS84: Position,
    Datum.GCJ02: gcj02_to_wgs84,
    Datum.BD09: bd09_to_wgs84,
}


def to_wgs84(lat: float, lon: float, datum: str = Datum.WGS84) -> Position:
    """A position in the datum it came in, as we keep it."""
    return _TO_WGS84[datum](lat, lon)
