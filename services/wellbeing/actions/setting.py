"""A reminder is set, changed, ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core.errors import Invalid
from backend.core.recurrence import read_rule
from backend.people.models import Resident
from notifications import preferences
from notifications.actions import stop
from services.wellbeing import policies
from services.wellbeing.errors import InQuietHours, NeverAsks, ReminderEnded
from services.wellbeing.models import Occurrence, Reminder
from services.wellbeing.quiet import missed_times
from services.wellbeing.record import CHANGE, CREATE, note_write

AHEAD_MAX_MIN = 2 * 24 * 60


@transaction.atomic
def set_reminder(
    *, resident: Resident, details: Mapping[str, Any], by: str, by_name: str, now: datetime
) -> Reminder:
    """Remind a resident from now on; `details` are fields of `Reminder`.

    Raises:
        BadRule, Invalid: an entry cannot be used.
        NeverAsks: no time of it is still to come.
        InQuietHours: a medicine would be too late after the person's quiet hours.
    """
    chosen = preferences.preference_of(f"resident:{resident.pk}")
    reminder = Reminder(
        resident=resident,
        set_by=by,
        set_by_name=by_name[:60],
        set_at=now,
        **{"zone": chosen.zone, "starts_on": timezone.localdate(now), **details},
    )
    _check(reminder, now=now)
    if resident.reminders.filter(due_at__isnull=False).count() >= policies.RUNNING_MAX:
        raise Invalid(fields={"resident": ["too_many_reminders"]})
    reminder.save()
    _note(reminder, "reminder.set", CREATE, details, by=by, now=now)
    return reminder


@transaction.atomic
def change_reminder(
    reminder: Reminder, *, changes: Mapping[str, Any], by: str, now: datetime
) -> Reminder:
    """Change what it says and when; what was asked already is not taken back.

    Raises:
        ReminderEnded: it asks no more.
        BadRule, Invalid, NeverAsks, InQuietHours: as for `set_reminder`.
    """
    locked = _locked(reminder)
    if locked.ended_at is not None:
        raise ReminderEnded
    for field, value in changes.items():
        setattr(locked, field, value)
    _check(locked, now=now)
    locked.lease_until = locked.lease_token = None
    locked.save()
    _note(locked, "reminder.changed", CHANGE, changes, by=by, now=now)
    return locked


@transaction.atomic
def end_reminder(reminder: Reminder, *, by: str, now: datetime) -> Reminder:
    """Ask no more; what is being asked is ended too. Ending it again changes nothing."""
    locked = _locked(reminder)
    if locked.ended_at is not None:
        return locked
    locked.ended_at, locked.ended_by = now, by
    locked.due_at = locked.lease_until = locked.lease_token = None
    locked.save()
    running = locked.occurrences.filter(state=Occurrence.State.ASKED)
    for row in running.order_by("pk").select_for_update():
        row.state, row.closed_at, row.due_at = Occurrence.State.ENDED, now, None
        row.answered_by = by
        row.save()
        stop(cause=row.reference, now=now)
    _note(locked, "reminder.ended", CHANGE, ["ended_at"], by=by, now=now)
    return locked


def _locked(reminder: Reminder) -> Reminder:
    return (
        Reminder.objects.select_related("resident__area")
        .select_for_update(of=("self",))
        .get(pk=reminder.pk)
    )


def _check(reminder: Reminder, *, now: datetime) -> None:
    """Settle when it asks next, or say what cannot be used."""
    times: Sequence[time] = reminder.times
    reminder.text = reminder.text.strip()
    wrong: dict[str, list[str]] = {}
    if not 0 < len(reminder.text) <= policies.TEXT_MAX:
        wrong["text"] = ["empty_or_too_long"]
    if not 0 < len(times) <= policies.TIMES_MAX:
        wrong["times"] = ["none_or_too_many"]
    if reminder.ends_on and reminder.ends_on < reminder.starts_on:
        wrong["ends_on"] = ["before_start"]
    if abs(reminder.starts_on - timezone.localdate(reminder.set_at)) > policies.STARTS_WITHIN:
        wrong["starts_on"] = ["out_of_range"]
    if not 0 <= reminder.ahead_min <= AHEAD_MAX_MIN:
        wrong["ahead_min"] = ["out_of_range"]
    if wrong:
        raise Invalid(fields=wrong)
    reminder.times = sorted({each.replace(second=0, microsecond=0) for each in times})
    read_rule(reminder.rule, datetime.combine(reminder.starts_on, times[0]))
    reminder.due_at = reminder.asks_after(now)
    if reminder.due_at is None:
        raise NeverAsks(fields={"rule": ["never_asks"]})
    _require_waking_hours(reminder)


def _require_waking_hours(reminder: Reminder) -> None:
    """A medicine within the quiet hours would always be dropped as too late: said at once."""
    for missed in missed_times(reminder):
        raise InQuietHours(
            fields={"times": ["in_quiet_hours"]}, time=str(missed), until=missed.until_hour
        )


def _note(
    reminder: Reminder, event: str, action: Any, fields: Any, *, by: str, now: datetime
) -> None:
    note_write(
        reminder.reference,
        event,
        action,
        reminder.resident,
        by=by,
        now=now,
        fields=fields,
        data={"kind": reminder.kind},
    )
