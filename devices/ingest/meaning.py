"""What an observation calls for: a call, an alert, or nothing but to be kept."""

from collections.abc import Callable
from typing import NamedTuple

from devices.ingest import alarms
from devices.ingest.clocks import Clock
from devices.ingest.observation import Observation

LOW_BATTERY_PERCENT = 15
"""Our choice: weeks are left to come by with a new one."""


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
    value = observation.value
    return not isinstance(value, str | dict) and 0 <= value <= LOW_BATTERY_PERCENT


def _is_gone(observation: Observation) -> bool:
    return observation.value is False


_ALERTS = {
    "water": _Alert("water", _is_set),
    "tamper": _Alert("tamper", _is_set),
    "battery_low": _Alert("battery", _is_set),
    "battery_percent": _Alert("battery", _is_low),
    "online": _Alert("offline", _is_gone),
}
"""Which metrics tell staff of something wrong; kinds are those of `services.alerts`."""
