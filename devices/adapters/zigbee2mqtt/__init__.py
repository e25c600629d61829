"""Zigbee sensors behind a zigbee2mqtt gateway.

Topics are `zigbee2mqtt/<name>`, where the name is the device's friendly name or IEEE address and
may hold slashes, and `zigbee2mqtt/<name>/availability`. A gateway publishes with QoS 0 unless told
otherwise: set `qos: 1` for its devices, or a press is lost when the line is.

Source: zigbee2mqtt.io, MQTT topics and messages; device availability.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from devices.adapters.zigbee2mqtt.fields import FIELDS, MODEL_FIELDS, Reading
from devices.ingest.observation import Parsed, Rejection, Unusable, loads, observe, salvage

BASE = "zigbee2mqtt/"

_ORDERS = frozenset({"set", "get"})
_ONLINE = {"online": True, "offline": False}


def read(topic: str, payload: bytes, *, received_at: datetime) -> Parsed:
    """Read one message of a gateway; what it says of itself or tells devices is ignored."""
    name = topic.removeprefix(BASE)
    stem, _, last = name.rpartition("/")
    if name == "bridge" or name.startswith("bridge/"):
        return Parsed(ignored="bridge")
    if _ORDERS & set(name.split("/")[1:]):
        return Parsed(ignored="order")
    if not payload:
        return Parsed(ignored="cleared")
    if stem and last == "availability":
        return _observed(stem, _availability(payload), {}, received_at=received_at)
    try:
        state = loads(payload)
    except ValueError:
        state = payload.decode("utf-8", "replace")
    if not isinstance(state, dict) and stem and last in FIELDS:
        name, state = stem, {last: state}
    if isinstance(state, dict):
        return _observed(name, readings_in(state), state, received_at=received_at)
    return Parsed(
        rejected=[Rejection(0, "bad_json")],
        salvaged=salvage(payload, received_at=received_at, device=name),
    )


def readings_in(state: dict[str, Any]) -> Iterator[Reading]:
    """What a state message says, field by field; settings and unknown fields say nothing."""
    fields = FIELDS | MODEL_FIELDS.get(_model(state), {})
    for key, value in state.items():
        field = fields.get(key)
        if field is not None and value is not None:
            yield from field(value, state)


def _model(state: dict[str, Any]) -> str:
    """The device's model, where the gateway is set to tell it."""
    about = state.get("device")
    model = about.get("model") if isinstance(about, dict) else None
    return model if isinstance(model, str) else ""


def _availability(payload: bytes) -> Iterator[Reading]:
    """Online or not, told as an object or, by older gateways, as a word."""
    try:
        told = loads(payload)
    except ValueError:
        told = payload.decode("utf-8", "replace")
    word = told.get("state") if isinstance(told, dict) else told
    if isinstance(word, str) and word in _ONLINE:
        yield "online", _ONLINE[word]


def _observed(
    device: str, readings: Iterable[Reading], state: dict[str, Any], *, received_at: datetime
) -> Parsed:
    last_seen = state.get("last_seen")
    parsed = Parsed()
    for index, (metric, value) in enumerate(readings):
        try:
            observation = observe(
                device=device,
                metric=metric,
                value=value,
                at=last_seen if isinstance(last_seen, str | int | float) else None,
                received_at=received_at,
            )
        except Unusable as refusal:
            item = {"device": device, "metric": metric, "value": value}
            parsed.reject(index, refusal.code, item, received_at=received_at, device=device)
        else:
            parsed.accept(index, observation)
    return parsed
