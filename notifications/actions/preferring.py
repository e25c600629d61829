"""Saying how one wants to be reached, and being reached so."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from backend.core.errors import Invalid
from notifications import preferences
from notifications.actions.owing import Recipient, owe
from notifications.models import Channel, Delivery, Preference


@transaction.atomic
def set_preference(
    person: str,
    *,
    channels: Sequence[str],
    quiet_from: time | None = None,
    quiet_until: time | None = None,
    zone: str = "Asia/Shanghai",
) -> Preference:
    """Keep how a person wants routine messages.

    Raises:
        Invalid: an unknown channel, none at all, or quiet hours with one end.
    """
    if not channels or not set(channels) <= set(Channel.values):
        raise Invalid(fields={"channels": ["unknown_channel"]})
    if (quiet_from is None) != (quiet_until is None):
        raise Invalid(fields={"quiet_until": ["both_or_neither"]})
    chosen, _ = Preference.objects.update_or_create(
        person=person,
        defaults={
            "channels": list(dict.fromkeys(channels)),
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "zone": zone,
        },
    )
    return chosen


def owe_as_preferred(
    *,
    cause: str,
    step_run: str,
    to: Recipient,
    template: str,
    context: dict[str, str],
    now: datetime,
    asks: bool = False,
    priority: int = Delivery.Priority.ROUTINE,
    area_path: str = "",
    resident_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> Delivery | None:
    """Owe a message the way its reader chose; a routine one not before their quiet hours end.

    A routine message that would be too late by then is owed all the same, and expires on record.
    """
    chosen = preferences.preference_of(to.reference)
    is_routine = priority == Delivery.Priority.ROUTINE
    return owe(
        cause=cause,
        step_run=step_run,
        to=to,
        channel=preferences.channel_for(to, chosen),
        template=template,
        context=context,
        asks=asks,
        priority=priority,
        now=now,
        area_path=area_path,
        resident_id=resident_id,
        due_at=preferences.after_quiet_hours(chosen, now) if is_routine else now,
        expires_at=expires_at,
    )
