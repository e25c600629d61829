"""An answer ends what was asked, on every channel; the first one counts.

Locks are taken in one order by all who answer, look after or write down a contact: what was asked
(days by their date), its deliveries, its alert, who is watched. So a key and a tap at the same
moment wait for each other and never in a ring.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction

from notifications.actions import owe_all, stop
from services.alerts.actions import resolve_alert
from services.alerts.models import Alert
from services.emergencies.actions import Press, open_call
from services.emergencies.models import EmergencyCall
from services.wellbeing import ladder, policies, telling
from services.wellbeing.actions.watching import hear
from services.wellbeing.models import Asked, Occurrence, OkDay, Stage, Watched, Way
from services.wellbeing.record import note

Row = TypeVar("Row", bound=Asked)
State = Occurrence.State
Heard = Watched.Heard


@dataclass(frozen=True)
class Answerer:
    """Who answers and how; `is_person`: the resident themself."""

    reference: str
    name: str
    way: Way
    is_person: bool = False


@transaction.atomic
def answer_occurrence(
    row: Occurrence, *, state: Occurrence.State, who: Answerer, now: datetime
) -> Occurrence:
    """Take down that a reminder is done, or that the person wants to speak with somebody.

    What is closed stays as it is, but for something that was not done, or too late to ask, and
    is done after all. Whoever wants somebody is rung back, however late they say so.
    """
    locked = locked_row(row)
    after_all = state == State.DONE and locked.state in {State.NOT_DONE, State.DROPPED}
    if locked.state != State.ASKED and not after_all:
        if state == State.PERSON_WANTED and locked.state != State.PERSON_WANTED:
            _want_person_late(locked, who=who, now=now)
        return locked
    close_row(locked, state=state, who=who, now=now)
    note(
        locked.reference,
        "reminder.answered",
        locked.resident,
        by=who.reference,
        now=now,
        data={"state": state.value, "way": who.way.value},
    )
    if who.is_person:
        hear(locked.resident, how=Heard.REMINDER, by=who.reference, at=now)
    if state == State.PERSON_WANTED:
        ring_the_desk(locked, now=now)
    return locked


def _want_person_late(row: Occurrence, *, who: Answerer, now: datetime) -> None:
    data = {"state": State.PERSON_WANTED.value, "way": who.way.value}
    note(row.reference, "reminder.answered", row.resident, by=who.reference, now=now, data=data)
    hear(row.resident, how=Heard.REMINDER, by=who.reference, at=now)
    ring_the_desk(row, now=now)


@transaction.atomic
def put_off(row: Occurrence, *, who: Answerer, now: datetime) -> Occurrence:
    """The person said "not yet": ask again in a while, at most twice and never too late."""
    locked = locked_row(row)
    if locked.state != State.ASKED:
        return locked
    locked.later += 1
    again_at = now + policies.SNOOZE
    if locked.later > policies.LATER_MAX or again_at >= locked.ask_until:
        close_row(locked, state=State.NOT_DONE, who=who, now=now)
        _tell_family(locked, now=now)
    else:
        _stop_channels(locked, who=who, now=now)
        _end_alert(locked, who=who, now=now)
        locked.alert = None
        locked.stage, locked.turn = Stage.PERSON, ladder.REMINDERS.ladder.last_turn
        locked.due_at, locked.lease_until, locked.lease_token = again_at, None, None
        locked.save()
    hear(locked.resident, how=Heard.REMINDER, by=who.reference, at=now)
    data = {"state": locked.state, "later": locked.later}
    note(
        locked.reference, "reminder.put_off", locked.resident, by=who.reference, now=now, data=data
    )
    return locked


@transaction.atomic
def look_after(row: Row, *, who: Answerer, state: str = State.LOOKED_AFTER, now: datetime) -> Row:
    """Somebody else sees to it: a contact, or the staff; or nobody is asked on ("silenced")."""
    locked = locked_row(row)
    if locked.closed_at is not None:
        return locked
    close_row(locked, state=state, who=who, now=now)
    word = "ok" if isinstance(locked, OkDay) else "reminder"
    note(
        locked.reference,
        f"{word}.{state}",
        locked.resident,
        by=who.reference,
        now=now,
        data={"name": who.name},
    )
    return locked


@transaction.atomic
def hurry(row: Asked, *, in_time: timedelta = timedelta(0), now: datetime) -> None:
    """Take the next step sooner or later than its wait says; what is closed stays so."""
    locked = locked_row(row)
    if locked.closed_at is None and locked.due_at is not None:
        locked.due_at = now + in_time
        locked.save(update_fields=["due_at"])


def locked_row(row: Row) -> Row:
    """The row as it stands, locked until the transaction ends."""
    return (
        type(row)
        ._default_manager.select_related("resident__area", "resident__household")
        .select_for_update(of=("self",))
        .get(pk=row.pk)
    )


def close_row(locked: Asked, *, state: str, who: Answerer, now: datetime) -> None:
    """End a locked row with its channels; the person's own answer also ends its alert."""
    locked.state = state  # type: ignore[attr-defined]  # both kinds have one
    locked.closed_at, locked.due_at = now, None
    locked.lease_until, locked.lease_token = None, None
    locked.answered_by, locked.answered_name = who.reference, who.name[:60]
    locked.way = who.way
    locked.save()
    _stop_channels(locked, who=who, now=now)
    _end_alert(locked, who=who, now=now)


def _end_alert(row: Asked, *, who: Answerer, now: datetime) -> None:
    """Whoever answers themself is silent no more."""
    alert = row.alert
    if who.is_person and alert is not None and alert.state in Alert.OPEN:
        resolve_alert(alert, by=who.reference, now=now)


def _stop_channels(row: Asked, *, who: Answerer, now: datetime) -> None:
    """Ask nobody on; the question that a key or a text answers is closed by the outbox itself."""
    replies = who.way in {Way.KEY, Way.TEXT}
    stop(cause=row.reference, except_person=who.reference if replies else "", now=now)


def ring_the_desk(row: Asked, *, now: datetime) -> None:
    """The person wants somebody to speak with: the desk rings back."""
    resident = row.resident
    press = Press(
        metric="phone",
        area=resident.area,
        household=resident.household,
        resident=resident,
        kind=EmergencyCall.Kind.CONSULTATION,
    )
    open_call(press=press, now=now)


def _tell_family(row: Occurrence, *, now: datetime) -> None:
    contacts = ladder.contacts_to_ask(row)
    owe_all([telling.telling_family(row, contact) for contact in contacts[:1]], now=now)
