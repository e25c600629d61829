"""The loop of visits that `manage.py tick` runs."""

import threading
from datetime import datetime

from backend.core.loops import repeat
from services.visits.actions import alerting

EVERY_S = 5.0


def watch(stop: threading.Event) -> None:
    """See who is late, missed, or visited by nobody."""
    repeat(stop, _watch, every_s=EVERY_S)


def _watch(now: datetime) -> None:
    while alerting.run_due(now=now) >= alerting.PORTION:
        pass
