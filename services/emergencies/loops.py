"""The loops of emergencies that `manage.py tick` runs in threads of their own."""

import threading
from datetime import datetime

from backend.core import clock, hints
from backend.core.loops import repeat
from notifications.actions import see_to_silent
from services.emergencies import ladder, watching

EVERY_S = 1.0
PORTION = 10
"""Calls brought forward before the clock is read again, so that a crowd delays nobody new."""
BOARDS_EVERY_S = 5.0


def climb(stop: threading.Event) -> None:
    """Take the due steps of every ladder, each second or at a hint."""
    repeat(stop, _climb, every_s=EVERY_S, wake_on=hints.DUE)


def _climb(now: datetime) -> None:
    while ladder.run_due(now=now, limit=PORTION):
        now = clock.now()


def ring_duty(stop: threading.Event) -> None:
    """Ring the duty phones for calls nobody took."""
    repeat(stop, _ring, every_s=EVERY_S, wake_on=hints.DUE)


def _ring(now: datetime) -> None:
    watching.ring_for_untaken(now=now)


def watch(stop: threading.Event) -> None:
    """See that every board is watched, and that nobody who rang and said nothing is dropped."""
    repeat(stop, _watch, every_s=BOARDS_EVERY_S)


def _watch(now: datetime) -> None:
    watching.watch_boards(now=now)
    see_to_silent(now=now)
