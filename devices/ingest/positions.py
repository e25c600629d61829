"""Positions as devices send them, in whatever datum, as WGS-84."""

from typing import Any

from backend.places.datum import Position, to_wgs84
from backend.places.models import Datum
from devices.ingest.observation import position_in

_DATUMS = {
    "wgs84": Datum.WGS84,
    "gps": Datum.WGS84,
    "gcj02": Datum.GCJ02,
    "amap": Datum.GCJ02,
    "bd09": Datum.BD09,
    "bd09ll": Datum.BD09,
}


def position_of(value: Any) -> Position | None:
    """The place of a `{"lat", "lon", "datum"?}`, or None without a fix or in an unknown datum."""
    fix = position_in(value)
    if fix is None:
        return None
    told = value.get("datum") or Datum.WGS84
    datum = _DATUMS.get(str(told).casefold().replace("-", "").replace("_", ""))
    return None if datum is None else to_wgs84(*fix, datum)
