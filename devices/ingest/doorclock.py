"""The database's time without asking the database for every message."""

import time
from datetime import UTC, datetime, timedelta


class DoorClock:
    """Goes on from the last moment the database told; until the first one, our own clock."""

    def __init__(self) -> None:
        """Start with our own clock."""
        self._told = (datetime.now(UTC), time.monotonic())

    def set(self, now: datetime) -> None:
        """Take over the database's time."""
        self._told = (now, time.monotonic())

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        moment, told = self._told
        return moment + timedelta(seconds=time.monotonic() - told)
