"""Hints between processes over PostgreSQL's NOTIFY: sent at commit, lost without harm.

Whoever waits for a hint also polls: a hint only makes it sooner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from django.db import connection

if TYPE_CHECKING:
    from psycopg import Connection

JOURNAL_UNNUMBERED = "journal_unnumbered"
"""Given by a trigger of the journal's table."""
JOURNAL_NUMBERED = "journal_numbered"
DUE = "due"
ACCESS_CHANGED = "access_changed"
"""Given by triggers of `accounts`, with whose access it is."""


def give(channel: str, payload: str = "") -> None:
    """Tell listeners at the commit of the current transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])


@contextmanager
def listening(*channels: str) -> Iterator["Connection[tuple[object, ...]]"]:
    """A connection of its own that listens; `.notifies(timeout=…, stop_after=1)` waits."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        for channel in channels:
            own.execute(f"LISTEN {channel}")
        yield own


def wait(own: "Connection[tuple[object, ...]]", *, at_most_s: float) -> list[str]:
    """Wait for hints, at most so long; returns the channels that spoke."""
    return [notice.channel for notice in own.notifies(timeout=at_most_s, stop_after=1)]


def wait_for_words(own: "Connection[tuple[object, ...]]", *, at_most_s: float) -> list[str]:
    """Wait for hints, at most so long; returns what they said."""
    return [notice.payload for notice in own.notifies(timeout=at_most_s, stop_after=1)]
