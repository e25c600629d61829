"""How full a battery is, told in percent, millivolts, words or a bit: one reading of them all."""

import math
from enum import StrEnum

from devices.ingest.alarms import is_set
from devices.ingest.observation import Observation, Value

LOW_PERCENT, GOOD_PERCENT = 15, 30
"""Our choice: at 15 % weeks are left to come by with a new one; what is weak recovers to under 30 %
when the room gets warm, and a new one is above it."""
LOW_MV, GOOD_MV = 2_400, 2_800
"""Of a lithium cell of 3 V. Source: discharge curve of CR2450, flat for most of its life."""
BATTERY_MV = range(1_500, 3_700)
"""Other tensions are of no such cell: a plug tells 230, an accumulator up to 4,200."""

_LOW_WORDS = frozenset({"low", "critical", "empty", "weak", "replace"})
_GOOD_WORDS = frozenset({"good", "normal", "ok", "high", "full", "medium"})


class Level(StrEnum):
    """What a battery says of itself; between low and good it says neither."""

    LOW = "low"
    BETWEEN = "between"
    GOOD = "good"


def level_of(observation: Observation) -> Level | None:
    """What an observation says of the device's battery; None: nothing."""
    match observation.metric:
        case "battery_percent":
            return _by(percent_in(observation.value), LOW_PERCENT, GOOD_PERCENT)
        case "battery_mv":
            number = _number_in(observation.value)
            known = number if number is not None and int(number) in BATTERY_MV else None
            return _by(known, LOW_MV, GOOD_MV)
        case "battery_low":
            value = observation.value
            return Level.LOW if is_set(observation.metric, value) else Level.GOOD
        case "battery":
            return _in_words(observation.value)
    return None


def percent_of(observation: Observation) -> float | None:
    """The percentage that an observation tells, if it tells one."""
    if observation.metric not in ("battery_percent", "battery"):
        return None
    return percent_in(observation.value)


def percent_in(value: Value) -> float | None:
    """A percentage, also as "87", "87.00" or "87%"; beyond 0 to 100 is unknown."""
    number = _number_in(value)
    return number if number is not None and 0 <= number <= 100 else None


def _in_words(value: Value) -> Level | None:
    word = value.strip().casefold() if isinstance(value, str) else ""
    if word in _LOW_WORDS:
        return Level.LOW
    if word in _GOOD_WORDS:
        return Level.GOOD
    return _by(percent_in(value), LOW_PERCENT, GOOD_PERCENT)


def _number_in(value: Value) -> float | None:
    """A number, also as text; "nan", "inf" and what is too large for one are unknown."""
    if isinstance(value, bool | dict):
        return None
    try:
        number = float(value.strip().removesuffix("%") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _by(number: float | None, low: float, good: float) -> Level | None:
    if number is None:
        return None
    if number <= low:
        return Level.LOW
    return Level.GOOD if number >= good else Level.BETWEEN
