"""Loops that work as long as the process lives, whatever happens to the database meanwhile."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from backend.core import clock, hints

if TYPE_CHECKING:
    from psycopg import Connection

    Listening = Connection[tuple[object, ...]]

RETRY_S = 0.5
LONG_REST_S = 10.0
"""Who rests so long, and is woken by no hint, gives the connection back; an idle one holds 3 to 6
MB of the server's."""
STOP_LOOK_S = 0.25

logger = logging.getLogger(__name__)


def repeat(
    stop: threading.Event,
    work: Callable[[datetime], object],
    *,
    every_s: float,
    wake_on: str | None = None,
    rest_s: float = 0.0,
) -> None:
    """Call `work(now)` every `every_s` seconds until `stop`, sooner on a hint.

    A lost database is waited for; nothing is remembered between rounds, the rows are. Hints are
    answered `rest_s` after the last round at the earliest, all of that time at once.
    """
    repeat_without_clock(
        stop, lambda: work(clock.now()), every_s=every_s, wake_on=wake_on, rest_s=rest_s
    )


def repeat_without_clock(
    stop: threading.Event,
    work: Callable[[], object],
    *,
    every_s: float,
    wake_on: str | None = None,
    rest_s: float = 0.0,
    ended_by: str | None = None,
) -> None:
    """The same for work that does not depend on the time.

    `ended_by`: what a hint says that is answered at once, in the middle of the rest.
    """
    while not stop.is_set():
        try:
            if wake_on is None:
                _timed(stop, work, every_s)
            else:
                _woken(
                    stop,
                    work,
                    every_s=every_s,
                    channel=wake_on,
                    rest_s=rest_s,
                    ended_by=ended_by,
                )
        except (psycopg.Error, OperationalError, InterfaceError) as error:
            logger.warning("waiting for the database: %s", type(error).__name__)
            close_old_connections()
            stop.wait(RETRY_S)


def _timed(stop: threading.Event, work: Callable[[], object], every_s: float) -> None:
    while not stop.is_set():
        work()
        if every_s >= LONG_REST_S:
            connections.close_all()
        stop.wait(every_s)


def _woken(
    stop: threading.Event,
    work: Callable[[], object],
    *,
    every_s: float,
    channel: str,
    rest_s: float,
    ended_by: str | None,
) -> None:
    with hints.listening(channel) as own:
        while not stop.is_set():
            work()
            if not _rest(stop, rest_s, ended_by, own):
                _wait(stop, own, max(every_s - rest_s, 0.0))


def _rest(stop: threading.Event, rest_s: float, ended_by: str | None, own: "Listening") -> bool:
    """Rest, unless a hint says to end it; whether a hint was taken that is to be answered."""
    if ended_by is None:
        stop.wait(rest_s)
        return False
    until = time.monotonic() + rest_s
    said: list[str] = []
    while not stop.is_set() and ended_by not in said and (left := until - time.monotonic()) > 0:
        said += hints.wait_for_words(own, at_most_s=min(left, STOP_LOOK_S))
    return bool(said)


def _wait(stop: threading.Event, own: "Listening", every_s: float) -> None:
    """Wait for a hint in slices, so that a process told to stop does so at once."""
    until = time.monotonic() + every_s
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        if hints.wait(own, at_most_s=min(left, STOP_LOOK_S)):
            return
