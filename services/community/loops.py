"""The loop of orders and complaints that `manage.py tick` runs."""

import threading
from datetime import datetime

from backend.core.loops import repeat
from services.community import watching

EVERY_S = 5.0


def watch(stop: threading.Event) -> None:
    """See what nobody did in time, and whom to ask whether it is put right."""
    repeat(stop, _watch, every_s=EVERY_S)


def _watch(now: datetime) -> None:
    while watching.run_due(now=now) >= watching.PORTION:
        pass
