"""When it happened: a device's time, as far as its clock can be believed."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

FUTURE_TOLERANCE = timedelta(minutes=5)
"""Later than this, a device's clock is not believed."""

LATE_AFTER = timedelta(hours=2)
"""Older than this, an observation was kept by the device and sent later."""

FIRST_BELIEVABLE = datetime(2024, 1, 1, tzinfo=UTC)
"""No device of ours measured earlier: such a time is a clock that was never set.

Source: usual values of an unset clock are 1970, 2000, the firmware's build year, and, after a
GPS week rollover, 19.6 years ago.
"""

_EPOCH_UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))


class Clock(StrEnum):
    """Where an observation's time comes from."""

    TOLD = "told"
    LATE = "late"
    """Told and believed, but long past: kept by the device and sent later."""
    RECEIVED = "received"
    """Nothing usable was told; the time is ours."""
    FUTURE = "future"
    """A time to come was told; the time is ours."""
    UNSET = "unset"
    """The device's clock was never set; the time is ours."""


def read_time(at: str | int | float | None, *, received_at: datetime) -> tuple[datetime, Clock]:
    """The moment told, in UTC, or ours where the device's clock cannot be believed.

    ISO 8601 with up to nanoseconds, or an epoch in s, ms, µs or ns. A time without a zone is UTC.

    Raises:
        ValueError: no time can be read.
    """
    if at is None or at == "":
        return received_at, Clock.RECEIVED
    moment = _moment(at)
    if moment > received_at + FUTURE_TOLERANCE:
        return received_at, Clock.FUTURE
    if moment < FIRST_BELIEVABLE:
        return received_at, Clock.UNSET
    return moment, Clock.LATE if moment < received_at - LATE_AFTER else Clock.TOLD


def _moment(at: str | int | float) -> datetime:
    if isinstance(at, str):
        if not at.isdigit() or len(at) == len("20240101"):
            moment = datetime.fromisoformat(at)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        at = int(at)
    for limit, per_second in _EPOCH_UNITS:
        if 0 <= at < limit:
            return datetime.fromtimestamp(at / per_second, UTC)
    raise ValueError("not an epoch")
