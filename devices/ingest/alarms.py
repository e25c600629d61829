"""What a metric's value means for help: which observations become calls."""

from typing import Any, Literal

CallKind = Literal["emergency", "service"]

ALARM_METRICS = frozenset({"sos", "fall", "smoke", "gas"})
"""Set, each of them is an emergency call at once."""

SERVICE_METRICS = frozenset({"press"})
"""Set, each of them is a service call: the green or neutral button."""

PRESSED_METRICS = frozenset({"sos", "press"})
"""Events: each message is a press. The other alarms are levels that a sensor repeats."""

SOS_ACTIONS = frozenset({"emergency", "sos", "panic"})
"""Values of a button's or keypad's `action` that ask for help.

Source: zigbee-herdsman-converters, fromZigbee `command_emergency` and `command_panic`.
"""

_OFF_WORDS = frozenset(
    {"", "0", "false", "off", "no", "none", "null", "normal", "idle", "clear", "ok", "released"}
)
_SERVICE_WORDS = frozenset(
    {
        "test",
        "testing",
        "self_test",
        "silence",
        "silenced",
        "mute",
        "muted",
        "low_battery",
        "fail",
        "fault",
        "installed",
        "removed",
        "unknown",
        "unavailable",
    }
)
"""Words of a detector about itself: a test calls nobody.

Source: Milesight GS524N event codes 2, 4, 5, 10, 11, 14, 15.
"""


def call_kind(metric: str, value: Any, unit: str | None = None) -> CallKind | None:
    """The kind of call that this observation opens or adds to, if any."""
    if metric in ALARM_METRICS and is_set(metric, value, unit):
        return "emergency"
    if metric in SERVICE_METRICS and is_set(metric, value, unit):
        return "service"
    return None


def is_set(metric: str, value: Any, unit: str | None = None) -> bool:
    """Whether the value says that the alarm or button is on.

    What cannot be understood counts as on: an idle visit costs less than a missed one.
    A press without a value is a press; a level without a value is unknown, and so not set.
    A number with a unit (ppm, %LEL) is a measurement, not an alarm.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0 and not unit
    if value is None:
        return metric in PRESSED_METRICS
    if isinstance(value, str):
        word = value.strip().casefold().replace(" ", "_")
        return word not in _OFF_WORDS and (metric in PRESSED_METRICS or word not in _SERVICE_WORDS)
    return True
