"""The loops of wellbeing that `manage.py tick` runs: nothing of it waits for Celery."""

import threading
from datetime import datetime
from functools import partial

from backend.core import clock
from backend.core.contained import contained
from backend.core.loops import repeat
from services.wellbeing import actions, ladder

ASK_EVERY_S = 1.0
FOLLOW_EVERY_S = 2.0
DAYS_EVERY_S = 60.0


def ask(stop: threading.Event) -> None:
    """Ask the reminders that are due."""
    repeat(stop, _ask, every_s=ASK_EVERY_S)


def _ask(now: datetime) -> None:
    while actions.ask_due(now=now):
        now = clock.now()


def follow_up(stop: threading.Event) -> None:
    """Take the next steps with those who are silent."""
    repeat(stop, _follow_up, every_s=FOLLOW_EVERY_S)


def _follow_up(now: datetime) -> None:
    for question in (ladder.REMINDERS, ladder.OK_DAYS):
        while ladder.run_due(question, now=now) >= ladder.PORTION:
            now = clock.now()
    while actions.begin_due(now=now):
        now = clock.now()


def keep_days(stop: threading.Event) -> None:
    """Make the days of the I-am-OK; watch who is new; let what is overdue climb."""
    repeat(stop, _keep_days, every_s=DAYS_EVERY_S)


def _keep_days(now: datetime) -> None:
    contained("the days of the I-am-OK", partial(actions.make_days, now=now))
    contained("watching who is new at risk", partial(actions.watch_everybody, now=now))
    contained("watching who has turned frail", partial(actions.follow_ages, now=now))
    while actions.climb_due(now=now):
        now = clock.now()
