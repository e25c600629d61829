"""The one clock: the database's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection

_set_time: ContextVar[datetime | None] = ContextVar("set_time", default=None)


def now() -> datetime:
    """The database's time, aware, in UTC. For edges; everything below takes `now`."""
    fixed = _set_time.get()
    if fixed is not None:
        return fixed
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0]


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Hold the clock at a moment; tests of edges use it."""
    token = _set_time.set(moment)
    try:
        yield
    finally:
        _set_time.reset(token)
