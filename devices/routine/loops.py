"""The loop that `manage.py tick` runs over watched homes."""

import threading
from datetime import datetime, timedelta

from django.db import connection

from backend.core.loops import repeat
from devices.routine import actions

EVERY_S = 20.0
"""Limits are hours: this is soon enough, and between two looks no connection is kept."""
FIND_EVERY = timedelta(minutes=1)
"""New homes are found in all devices: 0.4 s of the database for 300,000 of them."""


def watch(stop: threading.Event) -> None:
    """Look at the homes that are due, and for new ones."""
    found_at: datetime | None = None

    def look(now: datetime) -> None:
        nonlocal found_at
        try:
            if found_at is None or now - found_at >= FIND_EVERY:
                actions.find_homes(now=now)
                found_at = now
            while actions.run_due(now=now) >= actions.PORTION:
                pass
        finally:
            connection.close()

    repeat(stop, look, every_s=EVERY_S)
