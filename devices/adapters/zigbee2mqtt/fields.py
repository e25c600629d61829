"""What each field of a zigbee2mqtt state means, as a table."""

from collections.abc import Callable, Iterator
from typing import Any

from devices.ingest.alarms import SOS_ACTIONS

Reading = tuple[str, bool | int | float | str]
Field = Callable[[Any, dict[str, Any]], Iterator[Reading]]

_TRUE_WORDS = frozenset({"true", "on", "yes", "1", "open", "detected", "presence", "occupied"})
_FALSE_WORDS = frozenset({"false", "off", "no", "0", "closed", "clear", "none", "normal", ""})

_NO_PRESS = frozenset(
    {
        "",
        "none",
        "release",
        "hold_release",
        "long_release",
        "brightness_stop",
        "disarm",
        "arm_day_zones",
        "arm_night_zones",
        "arm_all_zones",
        "exit_delay",
        "vibration",
        "tilt",
        "drop",
        "fall",
        "shake",
        "slide",
        "wakeup",
        "rotate_left",
        "rotate_right",
        "flip90",
        "flip180",
    }
)
"""Values of `action` by which nobody pressed for service: ends of a hold, keypads, moved objects.

`fall` is a cube that was dropped, not a person.

Source: zigbee2mqtt.io device pages MFKZQ01LM (cube), DJT11LM (vibration), keypads.
"""

_FALL_CLEAR = frozenset({"none", "normal", "no_fall", "false", "0", ""})
_FALL_SUSPECTED = frozenset({"maybe_fall", "fall_warning"})
_UNKNOWN = frozenset({"unknown", "unavailable"})


def _truth(value: Any) -> bool | None:
    """Yes, no, or None where a state cannot be understood."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    word = value.strip().casefold() if isinstance(value, str) else None
    if word in _TRUE_WORDS:
        return True
    return False if word in _FALSE_WORDS else None


def _boolean(metric: str) -> Field:
    def read(value: Any, _state: dict[str, Any]) -> Iterator[Reading]:
        truth = _truth(value)
        if truth is not None:
            yield metric, truth

    return read


def _number(metric: str, *, low: float = float("-inf"), high: float = float("inf")) -> Field:
    """A number, also one sent as text ("100.00"); what is out of range says nothing."""

    def read(value: Any, _state: dict[str, Any]) -> Iterator[Reading]:
        number = _as_number(value)
        if number is not None and low <= number <= high:
            yield metric, number

    return read


def _as_number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _press(value: Any, _state: dict[str, Any]) -> Iterator[Reading]:
    """A button's action: a call for help, a press for service, or the end of either.

    The gateway sends an action once and empties it afterwards, so a later message of the same
    button, such as its battery, carries none.
    """
    action = str(value).strip().casefold()
    if action in SOS_ACTIONS:
        yield "sos", True
    elif action not in _NO_PRESS and not action.endswith("_release"):
        yield "press", True
        yield "action", action


def _pressed_sos(value: Any, _state: dict[str, Any]) -> Iterator[Reading]:
    """A button that shows its press as a state; released, it says nothing."""
    if _truth(value) is not False:
        yield "sos", True


def _contact(value: Any, _state: dict[str, Any]) -> Iterator[Reading]:
    truth = _truth(value)
    if truth is not None:
        yield "door", "closed" if truth else "open"


def _smoke(value: Any, state: dict[str, Any]) -> Iterator[Reading]:
    """Smoke; a detector that is being tested says so, and a test calls nobody.

    `silence` is left out of it: on many models it is a setting of the siren, and a muted siren
    with smoke is still smoke.
    """
    if _truth(state.get("test")):
        yield "smoke", "test"
    elif isinstance(value, str) and _truth(value) is None:
        yield "smoke", value
    else:
        yield "smoke", bool(_truth(value))


def _carbon_monoxide(value: Any, _state: dict[str, Any]) -> Iterator[Reading]:
    """Poisonous gas is gas; its absence says nothing of other gas."""
    if _truth(value) is False:
        yield "carbon_monoxide", False
    else:
        yield "gas", "carbon_monoxide"


def _gas(value: Any, state: dict[str, Any]) -> Iterator[Reading]:
    """Gas that burns; while there is the poisonous one beside it, its absence clears nothing."""
    if _truth(state.get("test")):
        yield "gas", "test"
    elif not _truth(state.get("carbon_monoxide")) or _truth(value):
        yield "gas", _truth(value) is not False


def _fall(value: Any, _state: dict[str, Any]) -> Iterator[Reading]:
    """A radar's verdict. What a later firmware may call a fall is a fall."""
    verdict = str(value).strip().casefold()
    if verdict in _UNKNOWN:
        return
    if verdict in _FALL_SUSPECTED:
        yield "fall_suspected", True
    elif verdict in _FALL_CLEAR:
        yield "fall", False
    else:
        yield "fall", True


def _owon_status(value: Any, _state: dict[str, Any]) -> Iterator[Reading]:
    """The one state of OWON's radar FDS315, which holds presence, bed and fall."""
    status = str(value).strip().casefold()
    if status == "falling":
        yield "fall", True
    elif status in {"unoccupied", "occupied", "sitting", "on_the_bed", "low_posture"}:
        yield "fall", False
        yield "presence", status != "unoccupied"
        yield "bed", status == "on_the_bed"


FIELDS: dict[str, Field] = {
    "action": _press,
    "sos": _pressed_sos,
    "emergency": _pressed_sos,
    "panic": _pressed_sos,
    "occupancy": _boolean("motion"),
    "presence": _boolean("presence"),
    "contact": _contact,
    "water_leak": _boolean("water"),
    "smoke": _smoke,
    "gas": _gas,
    "carbon_monoxide": _carbon_monoxide,
    "fall_down_status": _fall,
    "fall_status": _fall,
    "status": _owon_status,
    "bed": _boolean("bed"),
    "in_bed": _boolean("bed"),
    "tamper": _boolean("tamper"),
    "vibration": _boolean("vibration"),
    "battery": _number("battery_percent", low=0, high=100),
    "battery_low": _boolean("battery_low"),
    "voltage": _number("battery_mv", low=0),
    "linkquality": _number("link_quality", low=0, high=255),
    "temperature": _number("temperature_celsius", low=-60, high=150),
    "humidity": _number("humidity_percent", low=0, high=100),
    "illuminance": _number("illuminance_lux", low=0),
    "breathing_rate": _number("respiration_per_min", low=0, high=120),
}
"""Fields that mean the same on every model.

`contact` true is a closed door. `battery` may be text or missing until its first report.
`fall_status` is normal, fall_warning, fall_alarm or unknown. The values of `fall_down_status` are
not published on its page, so every word but the clear and the doubtful ones counts as a fall.

Source: zigbee2mqtt.io device pages TS0215A_sos, MCCGQ11LM, MIR-HE200-TY_fall, HS2FD-EF1-3.0;
zigbee-herdsman-converters, exposes presets and devices/owon.ts (FDS315).
"""

MODEL_FIELDS: dict[str, dict[str, Field]] = {
    "SPM915": {"contact": _boolean("pad_contact")},
}
"""Fields that mean something else on one model; known where the gateway tells models.

OWON's sleeping pad SPM915 calls its zone `contact`, which is no door; which way it turns is not
documented, so it is kept as it comes.

Source: zigbee-herdsman-converters, devices/owon.ts; set `include_device_information: true`.
"""
