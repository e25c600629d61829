"""Reminders that are due become questions, many at a time.

A reminder's next moment is a row; claimed reminders, the times they are due, the questions owed
and their next moments are one transaction, so that a death at any point loses and repeats none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from backend.core import due, journal
from backend.core.models import JournalEvent
from backend.people.models import Resident
from notifications import preferences
from notifications.actions import Message, owe_all
from notifications.models import Preference
from services.wellbeing import ladder, policies, record, telling
from services.wellbeing.models import Occurrence, OkDay, Reminder
from services.wellbeing.portions import all_or_each

State = Occurrence.State

LEASE_S = 30.0
PORTION = 250
"""So few that the first of a full minute are out before the last are read."""
CAUGHT_UP_MAX = 100
"""Times of one reminder that are made up for after an outage; older ones are forgotten."""


def ask_due(*, now: datetime, portion: int = PORTION) -> int:
    """Ask a portion of what is due; returns how many reminders were looked at.

    Any number of workers may run; a time of a reminder is one row, whoever makes it.
    """
    claimed = due.claim(
        Reminder.objects.filter(ended_at=None), now=now, lease_s=LEASE_S, limit=portion
    )
    if claimed:
        all_or_each("asking reminders", claimed, partial(_ask_claimed, now=now))
    return len(claimed)


@dataclass
class _Batch:
    """What one transaction writes."""

    rows: list[Occurrence] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    events: list[JournalEvent] = field(default_factory=list)


@transaction.atomic
def _ask_claimed(claimed: Sequence[Reminder], *, now: datetime) -> None:
    reminders = list(
        Reminder.objects.filter(
            pk__in=[each.pk for each in claimed],
            lease_token=claimed[0].lease_token,
            ended_at=None,
        )
        .select_related("resident__area")
        .select_for_update(of=("self",))
        .order_by("due_at", "pk")
    )
    chosen = _preferences(reminders)
    rows = [
        row
        for reminder in reminders
        for row in _times_due(reminder, chosen[reminder.resident_id], now)
    ]
    batch = _prepared(_new(rows), chosen, now=now)
    Occurrence.objects.bulk_create(batch.rows)
    owe_all(batch.messages, now=now)
    journal.append_all(batch.events)
    _set_next(reminders)


def _set_next(reminders: Sequence[Reminder]) -> None:
    """Write when each asks next and end the leases; in one statement, for a full minute's sake."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wellbeing_reminder AS r"
            " SET due_at = next.due_at, lease_until = NULL, lease_token = NULL"
            " FROM unnest(%s::uuid[], %s::timestamptz[]) AS next (id, due_at)"
            " WHERE r.id = next.id",
            [[each.pk for each in reminders], [each.due_at for each in reminders]],
        )


def _new(rows: Sequence[Occurrence]) -> list[Occurrence]:
    """Those that are not there yet: who moves an appointment is not asked of it twice."""
    known = set(
        Occurrence.objects.filter(
            reminder__in={row.reminder_id for row in rows},
            occurs_at__in={row.occurs_at for row in rows},
        ).values_list("reminder_id", "occurs_at")
    )
    return [row for row in rows if (row.reminder_id, row.occurs_at) not in known]


def _preferences(reminders: Iterable[Reminder]) -> dict[UUID, Preference]:
    people = {reminder.resident_id: f"resident:{reminder.resident_id}" for reminder in reminders}
    known = Preference.objects.in_bulk(people.values())
    return {
        resident: known.get(person) or Preference(person=person)
        for resident, person in people.items()
    }


def _times_due(reminder: Reminder, chosen: Preference, now: datetime) -> list[Occurrence]:
    """The times that have come; sets when it asks next."""
    found: list[Occurrence] = []
    asks_at = reminder.due_at
    while asks_at is not None and asks_at <= now and len(found) < CAUGHT_UP_MAX:
        found.append(_time_of(reminder, asks_at, chosen))
        asks_at = reminder.asks_after(asks_at)
    if asks_at is not None and asks_at <= now:
        asks_at = reminder.asks_after(now)
    reminder.due_at = asks_at
    return found


def _time_of(reminder: Reminder, asks_at: datetime, chosen: Preference) -> Occurrence:
    begins_at = preferences.after_quiet_hours(chosen, asks_at)
    return Occurrence(
        reminder=reminder,
        resident=reminder.resident,
        occurs_at=reminder.occurs_at(asks_at),
        asks_at=asks_at,
        ask_until=asks_at + policies.LATE_MAX[Reminder.Kind(reminder.kind)],
        due_at=begins_at,
    )


def _prepared(
    rows: Sequence[Occurrence], chosen: dict[UUID, Preference], *, now: datetime
) -> _Batch:
    batch = _Batch(rows=list(rows))
    numbers: dict[Any, int] = ladder.questions_today(batch.rows, now=now)
    busy = ladder.in_emergency([row.resident_id for row in batch.rows])
    for row in batch.rows:
        event = _settle(row, now)
        if event == "reminder.asked" and row.resident_id in busy:
            row.due_at, event = now + policies.EMERGENCY_FIRST, ""
        if event == "reminder.asked":
            numbers[row.resident_id] += 1
            batch.messages.append(
                telling.reminding(
                    row,
                    preference=chosen[row.resident_id],
                    number=numbers[row.resident_id],
                    is_last=False,
                    now=now,
                )
            )
            ladder.asked(ladder.REMINDERS, row, now=now)
            row.rounds = 1
        if event:
            batch.events.append(record.event_of(row.reference, event, row.resident, now=now))
    return batch


def _settle(row: Occurrence, now: datetime) -> str:
    """Whether a time is asked now, later, or not at all; the event that says so."""
    if row.resident.life_state != Resident.LifeState.HOME:
        _close(row, State.SILENCED, now)
        return "reminder.silenced"
    begins_at = row.due_at or now
    if max(begins_at, now) >= row.ask_until:
        _close(row, State.DROPPED, now)
        return "reminder.dropped"
    return "reminder.asked" if begins_at <= now else ""


def _close(row: Occurrence, state: State, now: datetime) -> None:
    row.state, row.closed_at, row.due_at = state, now, None


def forget_old(*, now: datetime) -> int:
    """Drop what was answered long ago: times of reminders and days; returns how many."""
    before = now - policies.KEPT
    times, _ = Occurrence.objects.filter(closed_at__lt=before).delete()
    days, _ = OkDay.objects.filter(closed_at__lt=before).delete()
    return times + days
