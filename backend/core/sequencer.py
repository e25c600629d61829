"""Keeps numbering the journal: in `tick` woken by a hint, polling at most 50 ms.

While `tick` is away, web processes number it every quarter of a second.
"""

import threading

from backend.core import hints, journal
from backend.core.loops import repeat_without_clock

POLL_S = 0.05
STAND_IN_POLL_S = 0.25


def run(stop: threading.Event) -> None:
    """Number events until `stop`."""
    repeat_without_clock(stop, _number_all, every_s=POLL_S, wake_on=hints.JOURNAL_UNNUMBERED)


def _number_all() -> None:
    """What is committed after a batch that was not full gives a hint of its own.

    While another holds the lock, nothing is done; what they leave is found at the next poll.
    """
    while journal.number_committed() == journal.BATCH:
        pass


def stand_in(stop: threading.Event) -> None:
    """Number what lies there from time to time: for processes that do it while `tick` is away.

    No hint wakes it, as each of them would have two processes do what one does.
    """
    repeat_without_clock(stop, _number_all, every_s=STAND_IN_POLL_S)
