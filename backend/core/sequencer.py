"""Keeps numbering the journal: woken by a hint, polling at most 50 ms."""

import logging
import threading

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections

from backend.core import hints, journal

POLL_S = 0.05
RETRY_S = 0.5

logger = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Number events until `stop`; a lost database is waited for."""
    while not stop.is_set():
        try:
            with hints.listening(hints.JOURNAL_UNNUMBERED) as own:
                _number_until(stop, own)
        except (psycopg.Error, OperationalError, InterfaceError) as error:
            logger.warning("sequencer waits for the database: %s", type(error).__name__)
            close_old_connections()
            stop.wait(RETRY_S)


def _number_until(stop: threading.Event, own: psycopg.Connection[tuple[object, ...]]) -> None:
    while not stop.is_set():
        while journal.number_committed():
            pass
        hints.wait(own, at_most_s=POLL_S)
