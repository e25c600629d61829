"""Keeps numbering the journal: woken by a hint, polling at most 50 ms."""

import threading
from datetime import datetime

from backend.core import hints, journal
from backend.core.loops import repeat

POLL_S = 0.05
STAND_IN_POLL_S = 0.5


def run(stop: threading.Event) -> None:
    """Number events until `stop`."""
    repeat(stop, _number_all, every_s=POLL_S, wake_on=hints.JOURNAL_UNNUMBERED)


def _number_all(_now: datetime) -> None:
    while journal.number_committed():
        pass


def stand_in(stop: threading.Event) -> None:
    """The same, polling rarely: for processes that number only while `tick` is away."""
    repeat(stop, _number_all, every_s=STAND_IN_POLL_S, wake_on=hints.JOURNAL_UNNUMBERED)
