"""Loops that work as long as the process lives, whatever happens to the database meanwhile."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections

from backend.core import clock, hints

RETRY_S = 0.5

logger = logging.getLogger(__name__)


def repeat(
    stop: threading.Event,
    work: Callable[[datetime], object],
    *,
    every_s: float,
    wake_on: str | None = None,
) -> None:
    """Call `work(now)` every `every_s` seconds until `stop`, sooner on a hint.

    A lost database is waited for; nothing is remembered between rounds, the rows are.
    """
    while not stop.is_set():
        try:
            if wake_on is None:
                _timed(stop, work, every_s)
            else:
                _woken(stop, work, every_s, wake_on)
        except (psycopg.Error, OperationalError, InterfaceError) as error:
            logger.warning("waiting for the database: %s", type(error).__name__)
            close_old_connections()
            stop.wait(RETRY_S)


def _timed(stop: threading.Event, work: Callable[[datetime], object], every_s: float) -> None:
    while not stop.is_set():
        work(clock.now())
        stop.wait(every_s)


def _woken(
    stop: threading.Event, work: Callable[[datetime], object], every_s: float, channel: str
) -> None:
    with hints.listening(channel) as own:
        while not stop.is_set():
            work(clock.now())
            hints.wait(own, at_most_s=every_s)
