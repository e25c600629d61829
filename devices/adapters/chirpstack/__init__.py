"""Sensors of a LoRaWAN network that ChirpStack v4 runs: its events in JSON, by HTTP or MQTT.

The envelope is ChirpStack's; the bytes in it are read by the maker's decoder, never by a codec
that somebody put into ChirpStack, as its words differ from site to site. An uplink is named by
`deduplicationId` and `fCnt`: what several gateways heard is one event, and a resend keeps both.

Source: ChirpStack v4, Integrations, Event types (JSON); a time has nine digits of a second.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from devices.adapters import milesight
from devices.adapters.milesight import Said
from devices.ingest.clocks import Clock
from devices.ingest.observation import Parsed, Rejection, Unusable, loads, observe, salvage
from devices.ingest.profiles import Profile

EVENTS = ("up", "join", "status")
"""What says something of a home; acknowledgements, logs and locations of gateways do not."""

_DATED = (Clock.TOLD, Clock.LATE)
"""What was kept by a sensor whose clock was never set is of no known day, and nothing of today."""
_NOT_HEX = re.compile(r"[^0-9a-f]")
_EUI_DIGITS = 16


class Envelope(NamedTuple):
    """An event, not yet read; `dev_eui` is "" where none is told."""

    event: str
    body: dict[str, Any]
    dev_eui: str


def plain_name(name: str) -> str:
    """A DevEUI as ChirpStack writes it: "24-E1-24-..." is 24e124...; other names stay."""
    digits = _NOT_HEX.sub("", name.casefold())
    return digits if len(digits) == _EUI_DIGITS else name


def open_envelope(raw: bytes, *, event: str = "", dev_eui: str = "") -> Envelope | None:
    """Open an event; None if it is no object. What address or topic told comes first."""
    try:
        body = loads(raw)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    about = body.get("deviceInfo")
    told = about.get("devEui") if isinstance(about, dict) else None
    name = dev_eui or (told if isinstance(told, str) else "")
    return Envelope(event or _event_of(body), body, plain_name(name))


def _event_of(body: dict[str, Any]) -> str:
    """Which event it is, where neither address nor topic tells."""
    if "fCnt" in body or "data" in body or "object" in body:
        return "up"
    if "batteryLevel" in body or "margin" in body:
        return "status"
    return "join" if "devAddr" in body else ""


def read(envelope: Envelope, profile: Profile, *, name: str, received_at: datetime) -> Parsed:
    """Read an event of the device `name`, of which the registry knows `profile`."""
    if envelope.event not in EVENTS:
        return Parsed(ignored=envelope.event or "unknown_event")
    parsed = Parsed()
    readers = {"up": _uplink, "join": _join, "status": _status}
    said, refusal = readers[envelope.event](envelope.body, profile)
    for index, one in enumerate(said):
        _take(one, index, envelope.body, parsed, name=name, received_at=received_at)
    if refusal:
        seen = {"device": name, "object": envelope.body.get("object")}
        parsed.reject(len(said), refusal, seen, received_at=received_at, device=name)
    return parsed


def unreadable(raw: bytes, *, received_at: datetime) -> Parsed:
    """What is no event, but for the alarms that can be read in it."""
    return Parsed(
        rejected=[Rejection(0, "bad_json")], salvaged=salvage(raw, received_at=received_at)
    )


def _uplink(body: dict[str, Any], profile: Profile) -> tuple[list[Said], str]:
    data = body.get("data", "")
    if not isinstance(data, str):
        return [], "bad_base64"
    try:
        payload = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return [], "bad_base64"
    if not payload:
        return [*_radio(body)], ""
    about = body.get("deviceInfo")
    told = about.get("deviceProfileName") if isinstance(about, dict) else None
    model = milesight.model_of(
        model=profile.model, kind=profile.kind, told=told if isinstance(told, str) else ""
    )
    frame = milesight.read(
        model, payload, firmware=profile.firmware, is_sos=profile.kind in ("", "sos_button")
    )
    return [*frame.said, *_radio(body)], frame.refusal


def _radio(body: dict[str, Any]) -> Iterator[Said]:
    """How well the gateway that heard it best heard it."""
    heard = body.get("rxInfo")
    heard = heard if isinstance(heard, list) else []
    levels = [one.get("rssi") for one in heard if isinstance(one, dict)]
    told = [level for level in levels if isinstance(level, int) and not isinstance(level, bool)]
    if told:
        yield Said("link_rssi_dbm", max(told))


def _join(_body: dict[str, Any], _profile: Profile) -> tuple[list[Said], str]:
    """It came into the network: it is there."""
    return [Said("online", True)], ""


def _status(body: dict[str, Any], _profile: Profile) -> tuple[list[Said], str]:
    """What a device answers to the network's own question; mains and unknown have no level."""
    said = []
    level, margin = _number(body.get("batteryLevel")), _number(body.get("margin"))
    unknown = body.get("batteryLevelUnavailable") or body.get("externalPowerSource")
    if not unknown and level is not None and 0 < level <= 100:
        said.append(Said("battery_percent", level))
    if margin is not None:
        said.append(Said("link_margin_db", margin))
    return (said, "") if said else ([Said("online", True)], "")


def _number(value: Any) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _take(
    one: Said,
    index: int,
    body: dict[str, Any],
    parsed: Parsed,
    *,
    name: str,
    received_at: datetime,
) -> None:
    told_at = body.get("time")
    told_at = told_at if isinstance(told_at, str) else None
    try:
        observation = observe(
            device=name,
            metric=one.metric,
            value=one.value,
            at=told_at if one.at_s is None else one.at_s,
            id=_key(body, index if one.at_s is not None else None),
            received_at=received_at,
        )
    except Unusable as refusal:
        item = {"device": name, "metric": one.metric, "value": one.value}
        parsed.reject(index, refusal.code, item, received_at=received_at, device=name)
        return
    if one.at_s is not None and observation.clock not in _DATED and not observation.call_kind:
        parsed.rejected.append(Rejection(index, "kept_without_time"))
        return
    parsed.accept(index, observation)


def _key(body: dict[str, Any], kept: int | None) -> str | None:
    """The uplink's name, and within it that of what was kept for later.

    Without the network's own name for it, session and counter name it: a new session counts anew.
    """
    told, counter, address = body.get("deduplicationId"), body.get("fCnt"), body.get("devAddr")
    if not isinstance(told, str) or not told:
        told = address if isinstance(address, str) and counter is not None else ""
    if not told:
        return None
    return f"{told[:60]}:{str(counter)[:20]}" + ("" if kept is None else f":{kept}")
