"""What the frames of a watch say, as observations.

A press without a fix says "V" and zeros: it is a press all the same, and the place is the home.
Every alarm bit that is set is told, not only the first.

Source: github.com/traccar/traccar, WatchProtocolDecoder and its test; fields of the position record
in the order of the protocol: date, time, fix, latitude, longitude, speed, course, altitude,
satellites, signal, battery, steps, tumbles, status bits.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from devices.ingest.observation import Parsed, Unusable, observe
from devices.watch.frames import Frame

DATE, TIME, FIX, LAT, NORTH, LON, EAST = range(7)
BATTERY, STEPS, STATUS = 12, 13, 15

LOW_BATTERY, SOS_BITS, FALL_BITS, TAKEN_OFF = (0, 17), (16,), (21, 22), (20,)
LEFT_FENCE, ENTERED_FENCE = (1, 18), (2, 19)

Said = tuple[str, bool | int | float | str | dict[str, Any]]


def answer_to(frame: Frame) -> bytes:
    """What the watch waits for, or b""; without it the watch sends again or hangs up."""
    kind = frame.kind
    if kind.startswith("AL"):
        content = b"AL"
    elif kind in ("LK", "TKQ", "TKQ2"):
        content = kind.encode()
    elif kind == "INIT":
        content = b"INIT,1"
    else:
        return b""
    return frame._replace(content=content).encoded()


def read(frame: Frame, *, device: str, received_at: datetime) -> Parsed:
    """Read one frame; never raises for what a watch sends."""
    kind = frame.kind.upper()
    parsed = Parsed()
    told_at: str | None = None
    if kind.startswith(("AL", "UD", "WT")):
        told_at = _time(frame.fields)
        said = list(_record(frame.fields, is_alarm=kind.startswith("AL")))
    elif kind in _VALUES:
        said = list(_VALUES[kind](frame.fields))
    else:
        return Parsed(ignored=kind.casefold()[:20] or "empty")
    for index, (metric, value) in enumerate(said):
        try:
            observation = observe(
                device=device, metric=metric, value=value, at=told_at, received_at=received_at
            )
        except Unusable as refusal:
            item = {"device": device, "metric": metric, "value": value}
            parsed.reject(index, refusal.code, item, received_at=received_at, device=device)
        else:
            parsed.accept(index, observation)
    if not said:
        parsed.ignored = "says_nothing"
    return parsed


def _record(fields: list[str], *, is_alarm: bool) -> Iterator[Said]:
    """A position record: alarms first, then what else it says."""
    status = _hex(_field(fields, STATUS))
    alarms = list(_alarms(status or 0))
    yield from alarms
    if is_alarm and not alarms:
        yield "sos", True  # an alarm of which nobody knows what it is about
    position = _position(fields)
    if position is not None:
        yield "position", position
    yield from _number("battery_percent", _field(fields, BATTERY), 0, 100)
    yield from _number("steps", _field(fields, STEPS), 0, 1_000_000)


def _alarms(status: int) -> Iterator[Said]:
    def is_set(bits: tuple[int, ...]) -> bool:
        return any(status >> bit & 1 for bit in bits)

    if is_set(SOS_BITS):
        yield "sos", True
    if is_set(FALL_BITS):
        yield "fall", True
    if is_set(LOW_BATTERY):
        yield "battery_low", True
    if is_set(TAKEN_OFF):
        yield "worn", False
    if is_set(LEFT_FENCE):
        yield "left_fence", True
    if is_set(ENTERED_FENCE):
        yield "entered_fence", True


def _position(fields: list[str]) -> dict[str, float] | None:
    """Where it is, if it has a fix; a hemisphere's letter is believed before a sign."""
    if _field(fields, FIX) != "A":
        return None
    lat, lon = _float(_field(fields, LAT)), _float(_field(fields, LON))
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return None
    if abs(lat) > 90 or abs(lon) > 180:
        return None
    north, east = _field(fields, NORTH).strip(), _field(fields, EAST).strip()
    return {"lat": _signed(lat, north, "S"), "lon": _signed(lon, east, "W")}


def _signed(degrees: float, letter: str, negative: str) -> float:
    if not letter:
        return degrees
    return -abs(degrees) if letter == negative else abs(degrees)


def _time(fields: list[str]) -> str | None:
    """When it was, in UTC; None where its clock says no time."""
    told = f"{_field(fields, DATE)}{_field(fields, TIME)}"
    try:
        return datetime.strptime(told, "%d%m%y%H%M%S").replace(tzinfo=UTC).isoformat()
    except ValueError:
        return None


def _life(fields: list[str]) -> Iterator[Said]:
    """The regular sign of life: steps, tumbles in sleep, battery; or nothing."""
    yield from _number("battery_percent", _field(fields, 2), 0, 100)
    yield from _number("steps", _field(fields, 0), 0, 1_000_000)


def _heart(fields: list[str]) -> Iterator[Said]:
    yield from _number("heart_rate_bpm", _field(fields, 0), 1, 300)


def _pressure(fields: list[str]) -> Iterator[Said]:
    yield from _number("systolic_mmhg", _field(fields, 0), 1, 400)
    yield from _number("diastolic_mmhg", _field(fields, 1), 1, 400)
    yield from _number("heart_rate_bpm", _field(fields, 2), 1, 300)


def _oxygen(fields: list[str]) -> Iterator[Said]:
    """The value is the second field."""
    yield from _number("spo2_percent", _field(fields, 1), 1, 100)


def _temperature(fields: list[str]) -> Iterator[Said]:
    """A flag that there is a reading, then the reading."""
    if _field(fields, 0) not in ("", "0"):
        yield from _number("body_temperature_celsius", _field(fields, 1), 20, 45)


_VALUES = {
    "LK": _life,
    "HEART": _heart,
    "PULSE": _heart,
    "BPHRT": _pressure,
    "BLOOD": _pressure,
    "OXYGEN": _oxygen,
    "BTEMP2": _temperature,
}
"""Frames of values without a time; 0 is no reading."""


def _number(metric: str, text: str, low: float, high: float) -> Iterator[Said]:
    number = _float(text)
    if number is not None and low <= number <= high:
        yield metric, int(number) if number.is_integer() else number


def _field(fields: list[str], place: int) -> str:
    return fields[place] if place < len(fields) else ""


def _float(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None


def _hex(text: str) -> int | None:
    try:
        return int(text, 16)
    except ValueError:
        return None
