"""Watched homes as the clocks and the desk see them."""

from datetime import datetime
from uuid import UUID

from backend.core.due import oldest_due_at as oldest
from devices.routine.models import WatchedHome


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the home that waits longest to be looked at was due."""
    return oldest(WatchedHome.objects.all(), now=now)


def home_of(resident_id: UUID) -> WatchedHome | None:
    """The watched home of a resident; None without sensors that see movement."""
    return WatchedHome.objects.filter(household__residents=resident_id).first()
