"""SenML packs (RFC 8428, JSON form) as observations."""

from datetime import datetime, timedelta
from typing import Any

from devices.ingest.observation import Parsed, Rejection, Unusable, loads, observe, salvage

RELATIVE_BELOW = 2**28
"""Times below this many seconds count from now. Source: RFC 8428, 4.5.3."""

VERSION = 10
"""The version of SenML that RFC 8428 defines (4.4)."""

UNIT_SUFFIXES = {
    "Cel": "celsius",
    "%": "percent",
    "%RH": "percent",
    "%EL": "percent",
    "/": "ratio",
    "beat/min": "bpm",
    "V": "v",
    "lx": "lux",
    "Pa": "pa",
    "m": "m",
    "s": "s",
}
"""Units that become the end of a metric's name. Source: IANA registry of SenML units."""

_BASES = {"bn", "bt", "bu", "bv", "bs", "bver"}
_VALUES = ("v", "vb", "vs", "vd", "s")
_SEPARATORS = "/:"


def parse(raw: bytes, *, received_at: datetime, device: str = "") -> Parsed:
    """Read a pack. A name is `<device>/<metric>` or `<device>:<metric>`, or the metric alone.

    `device` is used where the name has none. A record that cannot be used costs no other.
    """
    parsed = Parsed()
    try:
        pack = loads(raw)
    except ValueError:
        pack = None
    if not isinstance(pack, list):
        parsed.rejected.append(Rejection(0, "bad_senml"))
        parsed.salvaged += salvage(raw, received_at=received_at, device=device)
        return parsed
    base: dict[str, Any] = {}
    for index, record in enumerate(pack):
        try:
            _take(record, base, parsed, index=index, received_at=received_at, device=device)
        except Unusable as refusal:
            item = _roughly(record, base, device)
            parsed.reject(index, refusal.code, item, received_at=received_at, device=device)
    return parsed


def _take(
    record: Any,
    base: dict[str, Any],
    parsed: Parsed,
    *,
    index: int,
    received_at: datetime,
    device: str,
) -> None:
    if not isinstance(record, dict):
        raise Unusable("not_an_object")
    base.update({name: record[name] for name in _BASES if name in record})
    _require_understood(record, base)
    if not any(name in record for name in _VALUES):
        return
    value = _value(record, base)
    unit = record.get("u", base.get("bu"))
    unit = unit if isinstance(unit, str) else None
    device, metric = _split_name(record, base, device)
    seconds = _number(base.get("bt", 0), "bad_time") + _number(record.get("t", 0), "bad_time")
    is_relative = seconds < RELATIVE_BELOW
    observation = observe(
        device=device,
        metric=metric if isinstance(value, bool | str) else _with_unit(metric, unit),
        value=value,
        unit=unit,
        at=None if is_relative else seconds,
        received_at=received_at + _ago(seconds) if is_relative else received_at,
    )
    parsed.accept(index, observation)


def _require_understood(record: dict[str, Any], base: dict[str, Any]) -> None:
    """Refuse what a reader of this version must not guess at. Source: RFC 8428, 4.4."""
    if _number(base.get("bver", VERSION), "bad_version") > VERSION:
        raise Unusable("bad_version")
    if any(name.endswith("_") for name in record):
        raise Unusable("unknown_field")


def _split_name(record: dict[str, Any], base: dict[str, Any], device: str) -> tuple[str, str]:
    name = f"{base.get('bn', '')}{record.get('n', '')}"
    cut = max(name.rfind(separator) for separator in _SEPARATORS)
    metric = name[cut + 1 :].replace("-", "_").casefold()
    return name[:cut] if cut > 0 else device, metric


def _roughly(record: Any, base: dict[str, Any], device: str) -> Any:
    """A record that was refused, in the shape in which alarms are looked for."""
    if not isinstance(record, dict):
        return record
    named, metric = _split_name(record, base, device)
    value = next((record[name] for name in _VALUES if name in record), None)
    return {"device": named, "metric": metric, "value": value}


def _value(record: dict[str, Any], base: dict[str, Any]) -> Any:
    if "vb" in record or "vs" in record:
        return record.get("vb", record.get("vs"))
    name = "v" if "v" in record else "s"
    if name not in record:
        raise Unusable("bad_value")
    number = _number(record[name], "bad_value")
    return number + _number(base.get(f"b{name}", 0), "bad_value")


def _with_unit(metric: str, unit: str | None) -> str:
    suffix = UNIT_SUFFIXES.get(unit or "")
    return f"{metric}_{suffix}" if suffix and not metric.endswith(f"_{suffix}") else metric


def _number(value: Any, code: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unusable(code)
    return value


def _ago(seconds: int | float) -> timedelta:
    try:
        return timedelta(seconds=min(seconds, 0))
    except OverflowError as error:
        raise Unusable("bad_time") from error
