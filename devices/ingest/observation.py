"""The canonical observation: what one device says about one thing at one moment."""

import json
import math
import re
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from devices.ingest import alarms
from devices.ingest.clocks import Clock, read_time
from devices.ingest.salvage import Sighting, sightings_in, sightings_in_text

MAX_NAME = 200
MAX_UNIT = 32
MAX_TEXT = 1_000
MAX_DIGITS = 20

CALL_METRICS = alarms.ALARM_METRICS | alarms.SERVICE_METRICS

_METRIC = re.compile(r"[a-z][a-z0-9_]{0,63}")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_NAMELESS = "-"

Value = bool | int | float | str | dict[str, Any]


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """One reading, event or alarm.

    `key` names the message as it was sent, for the ledger, and is unique only within its device.
    It is None where nothing tells a resend from a second press; then only the open call collapses
    the two. With `key_is_weak` it is made from a bare counter, which starts anew when a battery is
    changed, so the same key some hours later is another message.
    """

    device: str
    metric: str
    value: Value
    at: datetime
    unit: str | None = None
    seq: int | str | None = None
    id: str | None = None
    clock: Clock = Clock.TOLD
    key: str | None = None
    key_is_weak: bool = False

    @property
    def call_kind(self) -> alarms.CallKind | None:
        """The kind of call that this opens or adds to, if any."""
        return alarms.call_kind(self.metric, self.value, self.unit)


class Rejection(msgspec.Struct, frozen=True):
    """Why one observation of a message cannot be stored; the index counts from 0."""

    index: int
    code: str


class Parsed(msgspec.Struct, kw_only=True):
    """What a message holds: the usable, the refused, and the alarms read in the refused."""

    observations: list[Observation] = msgspec.field(default_factory=list)
    indexes: list[int] = msgspec.field(default_factory=list)
    """Where in the message each of the observations stands."""
    rejected: list[Rejection] = msgspec.field(default_factory=list)
    salvaged: list[Observation] = msgspec.field(default_factory=list)
    ignored: str = ""
    """Why a message without observations is in order, such as a gateway's own state."""

    def accept(self, index: int, observation: Observation) -> None:
        """Take one observation."""
        self.observations.append(observation)
        self.indexes.append(index)

    def reject(
        self, index: int, code: str, item: Any, *, received_at: datetime, device: str
    ) -> None:
        """Refuse one observation, and keep the alarms that can be read in it."""
        self.rejected.append(Rejection(index, code))
        self.salvaged += [
            _sighted(one, received_at=received_at, device=device) for one in sightings_in(item)
        ]


class Unusable(ValueError):
    """An observation cannot be stored; the code says why."""

    def __init__(self, code: str) -> None:
        """Keep the code: it is part of the door's answer."""
        super().__init__(code)
        self.code = code


class _Sent(msgspec.Struct):
    """An observation as a device may send it."""

    device: str = ""
    metric: str = ""
    value: bool | int | float | str | dict[str, Any] | None = None
    unit: str | None = None
    at: str | int | float | None = None
    seq: int | str | None = None
    id: str | int | None = None


_REFUSALS = {
    "device": "no_device",
    "metric": "bad_metric",
    "value": "bad_value",
    "unit": "bad_unit",
    "at": "bad_time",
    "seq": "bad_seq",
    "id": "bad_id",
}
"""The code that says which field of an observation cannot be used."""

_decode_sent = msgspec.json.Decoder(_Sent | list[_Sent]).decode


def parse(raw: bytes, *, received_at: datetime, device: str = "") -> Parsed:
    """Read one observation or an array of them; `device` is used where none is named.

    One unusable observation costs none of its neighbours.
    """
    parsed = Parsed()
    try:
        sent = _decode_sent(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        _parse_leniently(raw, parsed, received_at=received_at, device=device)
        return parsed
    for index, one in enumerate(sent if isinstance(sent, list) else [sent]):
        _take(one, parsed, index=index, received_at=received_at, device=device)
    return parsed


def salvage(raw: bytes, *, received_at: datetime, device: str = "") -> list[Observation]:
    """The alarms that can be read in a message that is otherwise rubbish; often none.

    `device` is used where the message names none; both may be empty. Values are true.
    """
    try:
        sightings = sightings_in(loads(raw))
    except ValueError:
        sightings = []
    if not sightings:
        sightings = sightings_in_text(raw.decode("utf-8", "replace"))
    return [_sighted(one, received_at=received_at, device=device) for one in sightings]


def loads(raw: bytes) -> Any:
    """Decode JSON as tolerantly as can be: a byte order mark, broken UTF-8, NaN as null.

    Raises:
        ValueError: it is not JSON, or nested beyond reason.
    """
    try:
        return json.loads(
            raw.decode("utf-8-sig", "replace"),
            parse_constant=lambda _: None,
            parse_float=_finite,
            parse_int=lambda digits: int(digits) if len(digits) < MAX_DIGITS else None,
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _parse_leniently(raw: bytes, parsed: Parsed, *, received_at: datetime, device: str) -> None:
    try:
        decoded = loads(raw)
    except ValueError:
        parsed.rejected.append(Rejection(0, "bad_json"))
        parsed.salvaged += salvage(raw, received_at=received_at, device=device)
        return
    for index, item in enumerate(decoded if isinstance(decoded, list) else [decoded]):
        try:
            one = _sent_from(item)
        except Unusable as refusal:
            parsed.reject(index, refusal.code, item, received_at=received_at, device=device)
        else:
            _take(one, parsed, index=index, received_at=received_at, device=device)


def _sent_from(item: Any) -> _Sent:
    """Check one decoded observation field by field, so that the refusal can say which.

    In an alarm only device and metric are needed; what else is wrong with it is left out.
    """
    if not isinstance(item, dict):
        raise Unusable("not_an_object")
    sent = _Sent()
    metric = item.get("metric")
    is_call = isinstance(metric, str) and metric in CALL_METRICS
    for name, code in _REFUSALS.items():
        if name not in item:
            continue
        try:
            setattr(sent, name, getattr(msgspec.convert({name: item[name]}, _Sent), name))
        except msgspec.ValidationError as error:
            if not is_call or name == "device":
                raise Unusable(code) from error
    return sent


def _take(sent: _Sent, parsed: Parsed, *, index: int, received_at: datetime, device: str) -> None:
    try:
        observation = observe(
            device=sent.device or device,
            metric=sent.metric,
            value=sent.value,
            unit=sent.unit,
            at=sent.at,
            seq=sent.seq,
            id=None if sent.id is None else str(sent.id),
            received_at=received_at,
        )
    except Unusable as refusal:
        item = msgspec.structs.asdict(sent)
        parsed.reject(index, refusal.code, item, received_at=received_at, device=device)
    else:
        parsed.accept(index, observation)


def _sighted(sighting: Sighting, *, received_at: datetime, device: str) -> Observation:
    """The observation of a salvaged alarm, keyed by what stands beside it if that is usable."""
    beside = sighting.beside or {}
    told: dict[str, Any] = {}
    for name in ("id", "seq", "at"):
        try:
            told[name] = getattr(msgspec.convert({name: beside.get(name)}, _Sent), name)
        except msgspec.ValidationError:
            continue
    if told.get("id") is not None:
        told["id"] = str(told["id"])
    named = sighting.device or device
    known = observe(
        device=named if _is_text(named, MAX_NAME) else _NAMELESS,
        metric=sighting.metric,
        value=True,
        received_at=received_at,
        **told,
    )
    return msgspec.structs.replace(known, device="") if known.device == _NAMELESS else known


def observe(
    *,
    device: str,
    metric: str,
    value: Any,
    received_at: datetime,
    unit: str | None = None,
    at: str | int | float | None = None,
    seq: int | str | None = None,
    id: str | None = None,  # noqa: A002 - the field's name at every door
) -> Observation:
    """Make the observation of what was sent.

    A set alarm is never refused for its time, unit, counter or value.

    Raises:
        Unusable: with a code: no_device, bad_metric, bad_value, bad_unit, bad_id, bad_time.
    """
    if not _is_text(device, MAX_NAME):
        raise Unusable("no_device")
    if not _METRIC.fullmatch(metric):
        raise Unusable("bad_metric")
    try:
        _require_storable(metric, value, unit, seq, id)
        moment, clock = _read_time(at, received_at=received_at)
    except Unusable:
        if not (metric in CALL_METRICS and alarms.is_set(metric, value)):
            raise
        return observe(
            device=device,
            metric=metric,
            value=True,
            id=id if id and _is_text(id, MAX_NAME) else None,
            received_at=received_at,
        )
    told_at = at if clock in {Clock.TOLD, Clock.LATE, Clock.FUTURE} else None
    return Observation(
        device=device,
        metric=metric,
        value=alarms.is_set(metric, value) if value is None else value,
        at=moment,
        unit=unit or None,
        seq=seq,
        id=id,
        clock=clock,
        key=message_key(metric, value, id=id, seq=seq, at=told_at),
        key_is_weak=id is None and told_at is None and seq is not None,
    )


def _require_storable(
    metric: str,
    value: Any,
    unit: str | None,
    seq: int | str | None,
    id: str | None,  # noqa: A002
) -> None:
    if not _is_value(metric, value):
        raise Unusable("bad_value")
    if unit and not _is_text(unit, MAX_UNIT):
        raise Unusable("bad_unit")
    if seq is not None and not (_is_text(seq, MAX_NAME) if isinstance(seq, str) else _is_int(seq)):
        raise Unusable("bad_seq")
    if id is not None and not _is_text(id, MAX_NAME):
        raise Unusable("bad_id")


def _read_time(at: str | int | float | None, *, received_at: datetime) -> tuple[datetime, Clock]:
    try:
        return read_time(at, received_at=received_at)
    except (ValueError, OverflowError) as error:
        raise Unusable("bad_time") from error


def _is_value(metric: str, value: Any) -> bool:
    if metric == "position":
        return position_in(value) is not None
    if isinstance(value, str):
        return value == "" or _is_text(value, MAX_TEXT)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return _is_text(json.dumps(value, ensure_ascii=False), MAX_TEXT)
    if value is None:
        return metric in alarms.PRESSED_METRICS
    return isinstance(value, int) and _is_int(value)


def _is_int(number: int) -> bool:
    """Whether the database's bigint holds it; true and false are among them."""
    return -(2**63) <= number < 2**63


def _is_text(text: str, limit: int) -> bool:
    """Whether the database holds it: not empty, not endless, no NUL, no half character."""
    return 0 < len(text) <= limit and not _UNSTORABLE.search(text)


def position_in(value: Any) -> tuple[float, float] | None:
    """Latitude and longitude of an object with a fix; (0, 0) is a receiver without one."""
    if not isinstance(value, dict):
        return None
    lat, lon = value.get("lat"), value.get("lon")
    if isinstance(lat, bool) or isinstance(lon, bool):
        return None
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        return None
    return float(lat), float(lon)


def message_key(
    metric: str,
    value: Any,
    *,
    id: str | None,  # noqa: A002
    seq: int | str | None,
    at: str | int | float | None,
) -> str | None:
    """Name a message by what it says of itself; the same bytes give the same key for ever.

    A value of true and a value of 1 are different messages.
    """
    if id is not None:
        said: tuple[Any, ...] = ("id", id, metric)
    elif seq is not None or at is not None:
        said = ("said", seq, at, metric, value)
    else:
        return None
    return blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()
