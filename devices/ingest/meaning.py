"""What an observation calls for: a call, an alert, or nothing but to be kept."""

from collections.abc import Callable
from typing import NamedTuple

from devices.ingest import alarms
from devices.ingest.battery import Level, level_of
from devices.ingest.clocks import Clock
from devices.ingest.observation import Observation

BATTERY = "battery"


class Meaning(NamedTuple):
    """A call of this kind, or an alert of this kind; one of them."""

    call: alarms.CallKind | None = None
    alert: str = ""


def meaning_of(observation: Observation) -> Meaning | None:
    """What has to be done about an observation.

    An alarm that a device kept for hours and sends now tells staff, and rings nobody.
    """
    kind = observation.call_kind
    if kind and observation.clock is not Clock.LATE:
        return Meaning(call=kind)
    if kind == "emergency":
        return Meaning(alert=observation.metric)
    alert = _ALERTS.get(observation.metric)
    if alert and alert.is_wrong(observation):
        return Meaning(alert=alert.kind)
    return None


class _Alert(NamedTuple):
    kind: str
    is_wrong: Callable[[Observation], bool]


def _is_set(observation: Observation) -> bool:
    return alarms.is_set(observation.metric, observation.value, observation.unit)


def _is_low(observation: Observation) -> bool:
    return level_of(observation) is Level.LOW


def _is_gone(observation: Observation) -> bool:
    return observation.value is False


_ALERTS = {
    "water": _Alert("water", _is_set),
    "tamper": _Alert("tamper", _is_set),
    "battery": _Alert(BATTERY, _is_low),
    "battery_low": _Alert(BATTERY, _is_low),
    "battery_mv": _Alert(BATTERY, _is_low),
    "battery_percent": _Alert(BATTERY, _is_low),
    "online": _Alert("offline", _is_gone),
}
"""Which metrics tell staff of something wrong; kinds are those of `services.alerts`."""
