"""Readings as a table of monthly partitions: made ahead, filled by COPY, dropped whole.

The application owns no table, so partitions come and go by functions of the owner's
(`migrations/0007_partitions_by_function.py`).
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import IntFlag
from typing import Any

import msgspec
from django.db import connection, transaction

from devices.ingest.clocks import Clock
from devices.ingest.observation import Observation, Value

TABLE = "devices_reading"
COLUMNS = ("device_id", "metric", "value", "text", "at", "received_at", "flags")
MONTHS_AHEAD = 2
KEPT = timedelta(days=90)

PARTITIONS_LOCK = 0x50415254
"""Any constant; it only has to differ from other advisory locks of this database."""

_PARTITION = re.compile(rf"{TABLE}_y(\d{{4}})m(\d{{2}})")
_COPY = f"COPY {TABLE} ({', '.join(COLUMNS)}) FROM STDIN"
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""Source: PostgreSQL manual, COPY, text format."""


class Flag(IntFlag):
    """What is special about a reading's time."""

    NONE = 0
    LATE = 1
    """Kept by the device and sent later."""
    NO_TIME = 2
    """No time was told; it is ours."""
    FUTURE = 4
    """A time to come was told; it is ours."""
    UNSET_CLOCK = 8
    """The device's clock was never set; the time is ours."""


_FLAGS = {
    Clock.TOLD: Flag.NONE,
    Clock.LATE: Flag.LATE,
    Clock.RECEIVED: Flag.NO_TIME,
    Clock.FUTURE: Flag.FUTURE,
    Clock.UNSET: Flag.UNSET_CLOCK,
}


def line(device_id: str, observation: Observation, *, received_at: str) -> str:
    """The row of an observation in COPY's text form; `received_at` is ISO 8601."""
    value, text = _split(observation.value)
    number = "\\N" if value is None else repr(value)
    words = "\\N" if text is None else text.translate(_SPECIAL)
    flags = int(_FLAGS[observation.clock])
    at = observation.at.isoformat()
    return f"{device_id}\t{observation.metric}\t{number}\t{words}\t{at}\t{received_at}\t{flags}\n"


def _split(value: Value) -> tuple[float | None, str | None]:
    if isinstance(value, bool | int | float):
        return float(value), None
    if isinstance(value, str):
        return None, value
    return None, msgspec.json.encode(value).decode()


def copy(lines: Iterable[str]) -> None:
    """Store rows made by `line`, in the current transaction.

    Raises:
        django.db.Error: as any other statement; COPY itself goes past Django.
    """
    rows = "".join(lines)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(_COPY) as stream,
    ):
        stream.write(rows)


@transaction.atomic
def ensure_partitions(now: datetime) -> list[str]:
    """Make the partitions of this month and the next two; returns the new ones."""
    made = []
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PARTITIONS_LOCK])
        known = _partitions(cursor)
        for _ in range(1 + MONTHS_AHEAD):
            name = f"{TABLE}_y{month:%Y}m{month:%m}"
            if name not in known:
                cursor.execute("SELECT devices_make_month(%s)", [month.date()])
                made.append(name)
            month = _next_month(month)
    return made


def drop_old_partitions(now: datetime) -> list[str]:
    """Drop the partitions that hold nothing younger than 90 days; returns their names."""
    with connection.cursor() as cursor:
        old = {
            name: month
            for name, month in _partitions(cursor).items()
            if _next_month(month) <= now - KEPT
        }
        for month in old.values():
            cursor.execute("SELECT devices_drop_month(%s)", [month.date()])
    return list(old)


def _partitions(cursor: Any) -> dict[str, datetime]:
    """Names and first moments of the partitions that exist."""
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = %s::regclass",
        [TABLE],
    )
    found = (_PARTITION.fullmatch(name) for (name,) in cursor.fetchall())
    return {m[0]: datetime(int(m[1]), int(m[2]), 1, tzinfo=UTC) for m in found if m}


def _next_month(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)
