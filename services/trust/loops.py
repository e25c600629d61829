"""The loop that `manage.py tick` runs: openings end, reviews and questions climb, papers end."""

import threading
from datetime import datetime
from functools import partial

from backend.core import clock
from backend.core.contained import contained
from backend.core.loops import repeat
from backend.people.actions import end_expired_guardianships
from services.trust import actions

EVERY_S = 2.0
PAPERS_EVERY_S = 60.0


def keep_time(stop: threading.Event) -> None:
    """End what is over, and let what nobody has looked at climb."""
    repeat(stop, _keep_time, every_s=EVERY_S)


def _keep_time(now: datetime) -> None:
    while actions.end_openings(now=now) + actions.climb_questions(now=now):
        now = clock.now()


def end_papers(stop: threading.Event) -> None:
    """Write down the end of guardians' papers whose last day is over."""
    repeat(stop, _end_papers, every_s=PAPERS_EVERY_S)


def _end_papers(now: datetime) -> None:
    contained("the end of guardians' papers", partial(end_expired_guardianships, now=now))
