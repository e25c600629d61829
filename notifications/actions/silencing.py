"""Saying no more about somebody who died."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications.actions.owing import stop_all
from notifications.models import Delivery


@transaction.atomic
def silence_about(resident_id: UUID, *, now: datetime) -> int:
    """End every message about a resident that is not out yet, reminders and questions alike.

    Returns how many deliveries were ended. A call for help that still runs is ended by people.
    """
    open_ones = Delivery.objects.filter(
        resident_id=resident_id, state__in=Delivery.OPEN, final_at=None
    ).exclude(priority=Delivery.Priority.EMERGENCY)
    return stop_all(open_ones, now=now)


@transaction.atomic
def silence_family(resident_id: UUID, *, told: Collection[str], now: datetime) -> int:
    """End what contacts of a resident are still owed by these templates; returns how many."""
    open_ones = Delivery.objects.filter(
        resident_id=resident_id,
        person__startswith="contact:",
        template__in=told,
        state__in=Delivery.OPEN,
        final_at=None,
    )
    return stop_all(open_ones, now=now)
