"""The loop of the clocks that `manage.py tick` runs in a thread of its own."""

import threading
from datetime import datetime

from backend.core import clock
from backend.core.loops import repeat
from services.assistance.cases import climbing

EVERY_S = 10.0
"""Limits end at midnight and reminders come in the morning: ten seconds are soon enough."""


def keep_time(stop: threading.Event) -> None:
    """Take what the clocks of cases ask for."""
    repeat(stop, _keep_time, every_s=EVERY_S)


def _keep_time(now: datetime) -> None:
    while climbing.run_due(now=now) == climbing.PORTION:
        now = clock.now()
