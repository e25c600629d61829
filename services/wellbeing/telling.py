"""The words of reminders and questions on their way to people, as messages that are owed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.formats import date_format

from backend.accounts.models import User
from backend.people.models import Caregiver, Contact
from backend.people.names import short_name
from notifications import policies as outbox
from notifications import preferences, routes
from notifications.actions import Message, Recipient, owe
from notifications.models import Channel, Delivery, Preference
from notifications.recipients import (
    caregiver_recipient,
    contact_recipient,
    resident_recipient,
    user_recipient,
)
from services.wellbeing.models import Asked, Occurrence, OkDay

WEEKDAY_AND_HOUR = "l H:i"


def channel_to_person(to: Recipient, preference: Preference, *, is_last: bool) -> Channel:
    """Their way; the last time a call wherever one reaches them, for a text may lie unread."""
    if is_last and routes.has_route(to.address, Channel.VOICE):
        return Channel.VOICE
    return preferences.channel_for(to, preference)


def reminding(
    row: Occurrence, *, preference: Preference, number: int, is_last: bool, now: datetime
) -> Message:
    """The question of a reminder; `number`: which of the person's questions of a day it is.

    No two texts within a day read the same: carriers refuse the third.
    """
    kind = row.reminder.kind
    again = "again" if number > 1 else "ask"
    to = resident_recipient(row.resident)
    return Message(
        cause=row.reference,
        step_run=f"ask.{row.rounds}",
        to=to,
        channel=channel_to_person(to, preference, is_last=is_last),
        template=f"reminder_{again}_{kind}",
        context={
            "when": _when(row.occurs_at, to.language, row.reminder.zone),
            "number": str(number),
        },
        secret=row.reminder.text,
        asks=True,
        priority=Delivery.Priority.ROUTINE,
        area_path=row.resident.area.path,
        resident_id=row.resident_id,
        due_at=now,
        expires_at=row.ask_until,
        dials=outbox.ONE_DIAL,
    )


def asking_for_ok(row: OkDay, *, preference: Preference, is_last: bool, now: datetime) -> Message:
    """Are you well?"""
    to = resident_recipient(row.resident)
    return Message(
        cause=row.reference,
        step_run=f"ask.{row.rounds}",
        to=to,
        channel=channel_to_person(to, preference, is_last=is_last),
        template="ok_ask",
        context={"when": _when(now, to.language, preference.zone)},
        asks=True,
        priority=Delivery.Priority.ROUTINE,
        area_path=row.resident.area.path,
        resident_id=row.resident_id,
        due_at=now,
        dials=outbox.ONE_DIAL,
    )


def asking_contact(row: Asked, contact: Contact, *, template: str, at: datetime) -> Message:
    """Can you look after them? Says nothing of what was asked: it may speak of health."""
    to = contact_recipient(contact)
    return _about(row, to, template, at=at, who=short_name(row.resident, to.language))


def asking_caregiver(row: Asked, caregiver: Caregiver, *, at: datetime) -> Message:
    """Somebody is silent and nobody of theirs was reached: please go."""
    to = caregiver_recipient(caregiver)
    return _about(row, to, "wellbeing_caregiver", at=at, who=short_name(row.resident, to.language))


def _about(row: Asked, to: Recipient, template: str, *, at: datetime, who: str) -> Message:
    chosen = preferences.preference_of(to.reference)
    return Message(
        cause=row.reference,
        step_run=f"ask.{row.rounds}",
        to=to,
        channel=preferences.channel_for(to, chosen),
        template=template,
        context={"who": who, "when": _when(at, to.language, chosen.zone)},
        asks=True,
        priority=Delivery.Priority.URGENT,
        area_path=row.resident.area.path,
        resident_id=row.resident_id,
    )


def may_be_asked_now(contact: Contact, now: datetime) -> bool:
    """Whether a contact does not want quiet at this hour; the next one is asked instead."""
    chosen = preferences.preference_of(contact_recipient(contact).reference)
    return preferences.after_quiet_hours(chosen, now) <= now


def telling_family(row: Occurrence, contact: Contact) -> Message:
    """The person said that it is not done."""
    to = contact_recipient(contact)
    chosen = preferences.preference_of(to.reference)
    return Message(
        cause=row.reference,
        step_run="not_done",
        to=to,
        channel=Channel.SMS,
        template="reminder_family_not_done",
        context={
            "who": short_name(row.resident, to.language),
            "when": _when(row.occurs_at, to.language, chosen.zone),
        },
        asks=False,
        priority=Delivery.Priority.ROUTINE,
        area_path=row.resident.area.path,
        resident_id=row.resident_id,
    )


def tell_leader(leader: User, count: int, *, now: datetime) -> None:
    """So many more residents were not heard of in time; one message an hour, and none uncounted.

    Who climbs once the message of this hour has gone out is counted in that of the next.
    """
    to = user_recipient(leader)
    chosen = preferences.preference_of(to.reference)
    next_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    for due_at in (now, next_hour):
        cause, step_run = f"welfare:{leader.pk}", f"{due_at:%Y%m%d%H}"
        if _counted_in(cause, step_run, count, now=now):
            return
        owed = owe(
            cause=cause,
            step_run=step_run,
            to=to,
            channel=preferences.channel_for(to, chosen),
            template="welfare_overdue",
            context={"count": str(count), "hour": _hour(now)},
            asks=False,
            priority=Delivery.Priority.ROUTINE,
            now=now,
            area_path=leader.area.path if leader.area else "",
            due_at=preferences.after_quiet_hours(chosen, due_at),
        )
        if owed is not None:
            return


def _counted_in(cause: str, step_run: str, count: int, *, now: datetime) -> bool:
    """Whether a message that nobody has begun to send could take them up."""
    waiting = (
        Delivery.objects.select_for_update()
        .filter(
            cause=cause,
            step_run=step_run,
            state__in=Delivery.OPEN,
            attempt_count=0,
            lease_until=None,
            final_at=None,
        )
        .first()
    )
    if waiting is None:
        return False
    total = int(waiting.context["count"]) + count
    waiting.context = {"count": str(total), "hour": _hour(now)}
    waiting.save(update_fields=["context"])
    return True


def _hour(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def _when(moment: datetime, language: str, zone: str) -> str:
    """Weekday and hour on the reader's wall."""
    with translation.override(language):
        return date_format(moment.astimezone(ZoneInfo(zone)), WEEKDAY_AND_HOUR)
