"""The desk's side of a call: take it, speak, note, resolve, open again."""

from datetime import datetime

from django.db import IntegrityError, transaction

from backend.core import hints
from services.alerts.actions import close_alerts_of_call
from services.emergencies import ladder, telling
from services.emergencies.actions.responding import happened_at
from services.emergencies.errors import CallClosed, CallOpen, CallTaken, UnknownOutcome
from services.emergencies.models import EmergencyCall, Note
from services.emergencies.record import record

Outcome = EmergencyCall.Outcome
State = EmergencyCall.State


@transaction.atomic
def take_call(
    call: EmergencyCall, *, by: str, name: str, now: datetime, from_colleague: bool = False
) -> EmergencyCall:
    """An operator looks after the call; the duty phones stay still, the ladder goes on.

    The first one has it; a colleague may take it over knowingly.

    Raises:
        CallTaken: a colleague has it and `from_colleague` is not said.
        CallClosed: the call is resolved.
    """
    free = EmergencyCall.objects.filter(pk=call.pk).exclude(state=State.RESOLVED)
    if not from_colleague:
        free = free.filter(handled_by="")
    won = free.update(handled_by=by, handled_by_name=name, handled_at=now, duty_due_at=None)
    call.refresh_from_db()
    if won:
        record(call, "call.handled", now=now, by=by, data={"name": name})
        telling.stop_duty(call, now=now)
        return call
    if call.state == State.RESOLVED:
        raise CallClosed
    if call.handled_by == by:
        EmergencyCall.objects.filter(pk=call.pk).update(duty_due_at=None)
        return call
    raise CallTaken(accepted_by=call.handled_by, accepted_by_name=call.handled_by_name)


@transaction.atomic
def mark_spoken(call: EmergencyCall, *, by: str, now: datetime) -> EmergencyCall:
    """An operator speaks with the resident; steps marked `unless_spoken` wait a minute."""
    EmergencyCall.objects.filter(pk=call.pk).update(spoken_at=now)
    call.refresh_from_db()
    record(call, "call.spoken", now=now, by=by)
    return call


@transaction.atomic
def mark_no_answer(call: EmergencyCall, *, by: str, now: datetime) -> EmergencyCall:
    """Nobody answered the call back: a step that waited for it waits no longer."""
    locked = EmergencyCall.objects.select_for_update().get(pk=call.pk)
    locked.spoken_at = None
    if locked.state == State.RINGING and locked.due_at is not None:
        locked.due_at = min(locked.due_at, max(now, ladder.next_due_at(locked, now=now)))
    locked.save(update_fields=["spoken_at", "due_at"])
    record(locked, "call.no_answer", now=now, by=by)
    hints.give(hints.DUE)
    return locked


@transaction.atomic
def add_note(call: EmergencyCall, *, by: str, name: str, text: str, now: datetime) -> Note:
    """Write something down; who may see the call reads it, the journal does not."""
    note = Note.objects.create(call=call, at=now, by=by, by_name=name, text=text)
    record(call, "call.note", now=now, by=by)
    return note


@transaction.atomic
def ask_mistake(call: EmergencyCall, *, by: str, now: datetime) -> EmergencyCall:
    """The resident says it was a mistake: shown to the desk, which closes it after speaking."""
    record(call, "call.mistake_said", now=now, by=by)
    return call


@transaction.atomic
def resolve_call(
    call: EmergencyCall,
    *,
    by: str,
    outcome: str,
    note: str = "",
    now: datetime,
    at: datetime | None = None,
) -> EmergencyCall:
    """Close the call with its outcome; the family that was asked is told.

    Doing so again with the same outcome changes nothing. `at` is when it was over, told later
    for want of network.

    Raises:
        UnknownOutcome: none of the list.
        CallClosed: it was closed with another outcome.
    """
    if outcome not in Outcome.values:
        raise UnknownOutcome(outcome=outcome)
    won = (
        EmergencyCall.objects.filter(pk=call.pk)
        .exclude(state=State.RESOLVED)
        .update(
            state=State.RESOLVED,
            outcome=outcome,
            outcome_note=note,
            resolved_at=happened_at(call, at, now=now),
            resolved_by=by,
            due_at=None,
            duty_due_at=None,
        )
    )
    call.refresh_from_db()
    if not won:
        if call.outcome == outcome:
            return call
        raise CallClosed
    telling.stop_all(call, now=now)
    close_alerts_of_call(call.pk, was_false=outcome == Outcome.FALSE_ALARM, by=by, now=now)
    record(call, "call.resolved", now=now, by=by, data={"outcome": outcome})
    telling.tell_family(call, f"call_family_{outcome}", step_run=f"resolved.{call.round}", now=now)
    return call


@transaction.atomic
def reopen_call(call: EmergencyCall, *, by: str, now: datetime) -> EmergencyCall:
    """Ring again for a call that was closed too early.

    Raises:
        CallOpen: it, or a newer call of the same person, is open.
    """
    locked = EmergencyCall.objects.select_for_update().get(pk=call.pk)
    if locked.state != State.RESOLVED:
        raise CallOpen(call=str(locked.pk))
    locked.outcome = ""
    locked.resolved_at = None
    locked.resolved_by = ""
    locked.handled_by = locked.handled_by_name = ""
    try:
        with transaction.atomic():
            ladder.rearm(locked, why="reopened", now=now)
    except IntegrityError as error:
        raise CallOpen(call="") from error
    record(locked, "call.reopened", now=now, by=by)
    hints.give(hints.DUE)
    return locked
