"""Find calls for help in what is otherwise rubbish: broken JSON, other shapes, plain words."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from devices.ingest import alarms

MAX_SIGHTINGS = 16
"""More alarms than this in one unreadable message say nothing more."""

_MAX_NODES = 10_000
_NEARBY = 200

_QUOTE = r"[\"']?"
_IS = r"\s{0,8}[:=]\s{0,8}"
_NAMED = re.compile(
    rf"\bmetric{_QUOTE}{_IS}{_QUOTE}(?P<metric>sos|fall|smoke|gas)\b", re.IGNORECASE
)
_KEYED = re.compile(
    rf"(?<![\w.])(?P<metric>sos|fall|smoke|gas){_QUOTE}{_IS}{_QUOTE}(?P<value>[^\"',;&\s}}\]]{{1,32}})",
    re.IGNORECASE,
)
_ACTED = re.compile(rf"\baction{_QUOTE}{_IS}{_QUOTE}(?:emergency|sos|panic)\b", re.IGNORECASE)
_VALUE = re.compile(rf"\bvalue{_QUOTE}{_IS}{_QUOTE}([^\"',;&\s}}\]]{{1,32}})", re.IGNORECASE)
_NEXT = re.compile(r"\bmetric\b", re.IGNORECASE)
_DEVICE = re.compile(rf"\bdevice{_QUOTE}{_IS}{_QUOTE}([^\"',;&\s}}\]]{{1,200}})", re.IGNORECASE)
_BARE_WORDS = frozenset({"sos", "emergency", "panic", "help", "求助", "救命"})


class Sighting(NamedTuple):
    """An alarm that could be read, with what stands beside it."""

    metric: str
    device: str = ""
    beside: dict[str, Any] | None = None


def sightings_in(decoded: Any) -> list[Sighting]:
    """The set alarms anywhere in decoded JSON, whatever its shape; each kind once a device."""
    found: dict[tuple[str, str], Sighting] = {}
    for node in _objects_in(decoded):
        device = node.get("device")
        name = device if isinstance(device, str) else ""
        for metric in _metrics_of(node):
            found.setdefault((metric, name), Sighting(metric, name, node))
    return list(found.values())[:MAX_SIGHTINGS]


def _objects_in(decoded: Any) -> Iterator[dict[str, Any]]:
    waiting = [decoded]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(reversed(node.values()))
        elif isinstance(node, list):
            waiting.extend(reversed(node))


def _metrics_of(node: dict[str, Any]) -> Iterator[str]:
    metric = node.get("metric")
    if isinstance(metric, str) and (name := metric.strip().casefold()) in alarms.ALARM_METRICS:
        if "value" not in node or alarms.is_set(name, node["value"]):
            yield name
        return
    for key, value in node.items():
        name = key.strip().casefold()
        if name in alarms.ALARM_METRICS and alarms.is_set(name, value):
            yield name
        elif name == "action" and str(value).strip().casefold() in alarms.SOS_ACTIONS:
            yield "sos"


def sightings_in_text(text: str) -> list[Sighting]:
    """The set alarms in text that is no JSON: cut off, form-encoded, a bare word."""
    plain = text.replace("\0", "")
    if plain.strip(" \t\r\n\"'!.").casefold() in _BARE_WORDS:
        return [Sighting("sos")]
    found: dict[tuple[str, str], Sighting] = {}
    for metric, position in _spots_in(plain):
        device = _device_near(plain, position)
        found.setdefault((metric, device), Sighting(metric, device))
        if len(found) == MAX_SIGHTINGS:
            break
    return list(found.values())


def _spots_in(text: str) -> Iterator[tuple[str, int]]:
    for match in _NAMED.finditer(text):
        metric = match["metric"].casefold()
        if _is_set_near(metric, text, match.end()):
            yield metric, match.start()
    for match in _KEYED.finditer(text):
        metric = match["metric"].casefold()
        if alarms.is_set(metric, match["value"]):
            yield metric, match.start()
    for match in _ACTED.finditer(text):
        yield "sos", match.start()


def _is_set_near(metric: str, text: str, position: int) -> bool:
    """Look for the value that follows, up to the next metric; none at all counts as set."""
    nearby = text[position : position + _NEARBY]
    following = _NEXT.search(nearby)
    value = _VALUE.search(nearby[: following.start()] if following else nearby)
    return value is None or alarms.is_set(metric, value[1])


def _device_near(text: str, position: int) -> str:
    """The device named last before the alarm, or first after it."""
    before = list(_DEVICE.finditer(text, max(0, position - _NEARBY), position))
    after = None if before else _DEVICE.search(text, position, position + _NEARBY)
    match = before[-1] if before else after
    return match[1] if match else ""
