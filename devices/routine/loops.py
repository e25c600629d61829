"""The loop that `manage.py tick` runs over watched homes."""

import threading
from datetime import datetime

from django.db import connection

from backend.core.loops import repeat
from devices.routine import actions

EVERY_S = 20.0
"""Limits are hours: this is soon enough, and between two looks no connection is kept."""


def watch(stop: threading.Event) -> None:
    """Look at the homes that are due."""
    repeat(stop, _watch, every_s=EVERY_S)


def _watch(now: datetime) -> None:
    try:
        actions.find_homes(now=now)
        while actions.run_due(now=now) >= actions.PORTION:
            pass
    finally:
        connection.close()
