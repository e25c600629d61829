"""The ladder of silence: the person again, the family in order, a caregiver, the duty desk.

Any answer of a person ends it; voicemail, a delivered text and movement at home do not. What
reaches the desk stays there as an alert, which climbs by itself until somebody has closed it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from backend.core import due
from backend.core.contained import contained
from backend.people.models import Caregiver, Consent, Contact
from backend.people.queries import caregivers_on_shift, consents_in_force
from notifications import preferences
from notifications.actions import Message, owe_all, stop
from services.alerts.actions import assign_alert, raise_alert
from services.alerts.models import Alert
from services.alerts.queries import caregivers_for
from services.emergencies.actions import Press, open_call
from services.emergencies.models import EmergencyCall
from services.wellbeing import policies, record, telling
from services.wellbeing.models import Asked, Occurrence, OkDay, Stage
from services.wellbeing.policies import Ladder

BY = "system:wellbeing"
LEASE_S = 30.0
PORTION = 100

Row = Any
"""An `Occurrence` or an `OkDay`, as the question says."""


@dataclass(frozen=True)
class Question:
    """One kind of thing that is asked: its rows, its ladder, and its words."""

    model: type[Asked]
    word: str
    """How its events begin: "reminder"."""
    ladder: Ladder
    open: Q
    to_person: Callable[[Row, datetime], Message | None]
    """The next question to the person; None: they are not to be asked any more."""
    spoken_of: Callable[[Row], datetime]
    """The moment that others are told of."""
    family_template: str


def run_due(question: Question, *, now: datetime, limit: int = PORTION) -> int:
    """Take the due steps of one kind of question; returns how many rows were looked at."""
    rows = question.model._default_manager.filter(question.open)
    claimed = due.claim(rows, now=now, lease_s=LEASE_S, limit=limit)
    for row in claimed:
        contained(f"step of {row.reference}", partial(_take_step, question, row, now))
    return len(claimed)


@transaction.atomic
def _take_step(question: Question, claimed: Asked, now: datetime) -> None:
    row = (
        question.model._default_manager.select_related("resident__area")
        .select_for_update(of=("self",))
        .filter(question.open, pk=claimed.pk, lease_token=claimed.lease_token)
        .first()
    )
    if row is None:
        return
    if isinstance(row, Occurrence) and row.asked_at is None and now >= row.ask_until:
        _drop(row, now)
    elif row.resident_id in in_emergency([row.resident_id]):
        row.due_at = now + policies.EMERGENCY_FIRST
    else:
        step(question, row, now=now)
    row.lease_until, row.lease_token = None, None
    row.save()


def in_emergency(resident_ids: Collection[UUID]) -> set[UUID]:
    """Those of these residents whose call for help runs: their telephone is left free for it."""
    running = EmergencyCall.objects.filter(
        resident__in=resident_ids, kind=EmergencyCall.Kind.EMERGENCY
    ).exclude(state=EmergencyCall.State.RESOLVED)
    return {pk for pk in running.values_list("resident_id", flat=True) if pk}


def _drop(row: Occurrence, now: datetime) -> None:
    """Too late to ask for the first time; on record."""
    row.state, row.closed_at, row.due_at = Occurrence.State.DROPPED, now, None
    record.note(row.reference, "reminder.dropped", row.resident, now=now)


def step(question: Question, row: Row, *, now: datetime) -> None:
    """Take the next step of a row that is locked; the caller saves it.

    A step that has nobody to ask gives way to the next one at once.
    """
    steps = {
        Stage.PERSON: _ask_person,
        Stage.FAMILY: _ask_family,
        Stage.CAREGIVER: _ask_caregiver,
        Stage.DESK: _tell_desk,
    }
    row.due_at = None
    while row.due_at is None and not steps[Stage(row.stage)](question, row, now):
        pass
    row.rounds += 1


def _ask_person(question: Question, row: Row, now: datetime) -> bool:
    message = question.to_person(row, now)
    if message is None:
        _go_on(row, Stage.FAMILY)
        return False
    owe_all([message], now=now)
    asked(question, row, now=now)
    record.note(
        row.reference, f"{question.word}.asked", row.resident, now=now, data={"turn": row.turn}
    )
    return True


def asked(question: Question, row: Row, *, now: datetime) -> None:
    """The person is being asked: when the next step is due."""
    row.asked_at = row.asked_at or now
    row.due_at = now + question.ladder.until_next(row.turn)
    if row.turn >= question.ladder.last_turn:
        _go_on(row, Stage.FAMILY)
    else:
        row.turn += 1


def _ask_family(question: Question, row: Row, now: datetime) -> bool:
    contacts = contacts_to_ask(row)
    while row.turn < len(contacts):
        contact = contacts[row.turn]
        row.turn += 1
        if not telling.may_be_asked_now(contact, now):
            continue
        at = question.spoken_of(row)
        message = telling.asking_contact(row, contact, template=question.family_template, at=at)
        if any(delivery.final_at is None for delivery in owe_all([message], now=now)):
            row.due_at = now + question.ladder.contact_apart
            record.note(
                row.reference,
                f"{question.word}.family_asked",
                row.resident,
                now=now,
                data={"contact": contact.name},
            )
            return True
    _go_on(row, Stage.CAREGIVER)
    return False


def contacts_to_ask(row: Asked) -> list[Contact]:
    """Whom the resident allows to be asked, in order."""
    if Consent.Item.WELLBEING not in consents_in_force(row.resident_id):
        return []
    return list(row.resident.contacts.order_by("order", "pk"))


def _ask_caregiver(question: Question, row: Row, now: datetime) -> bool:
    alert = raise_alert(
        kind=Alert.Kind.NO_ANSWER,
        area=row.resident.area,
        household=row.resident.household,
        resident=row.resident,
        detail={"about": row.reference},
        now=now,
    )
    row.alert = alert
    _go_on(row, Stage.DESK)
    record.note(row.reference, f"{question.word}.unanswered", row.resident, now=now)
    caregiver = alert.assigned_to or _nearest(alert, now)
    if caregiver is None:
        return False
    assign_alert(alert, to=caregiver, by=BY, now=now)
    message = telling.asking_caregiver(row, caregiver, at=question.spoken_of(row))
    owe_all([message], now=now)
    row.due_at = now + question.ladder.desk_after
    return True


def _nearest(alert: Alert, now: datetime) -> Caregiver | None:
    """The nearest on shift; without a position of the home, the first of the area on shift."""
    near = caregivers_for(alert, now=now, limit=1)
    if near:
        return near[0].caregiver
    return caregivers_on_shift(area_path=alert.area.path, now=now).first()


def _tell_desk(question: Question, row: Row, now: datetime) -> bool:
    """Ring at the board, where somebody always watches; from here the alert climbs by itself."""
    row.due_at = None
    resident = row.resident
    press = Press(
        metric="no_answer",
        area=resident.area,
        household=resident.household,
        resident=resident,
        kind=EmergencyCall.Kind.CONSULTATION,
    )
    if row.alert is None or row.alert.state in Alert.OPEN:
        call = open_call(press=press, now=now).call
        _join(row, call, now)
        record.note(row.reference, f"{question.word}.desk_told", resident, now=now)
    else:
        # Closed while this row was joining it, its news came too early for the row to be found.
        by = row.alert.closed_by or BY
        row.state, row.closed_at, row.answered_by = "looked_after", now, by
        stop(cause=row.reference, now=now)
        record.note(row.reference, f"{question.word}.looked_after", resident, by=by, now=now)
    return True


def _join(row: Row, call: EmergencyCall, now: datetime) -> None:
    """Let the alert belong to the call: whoever closes the call has looked after it."""
    row.alert = raise_alert(
        kind=Alert.Kind.NO_ANSWER,
        area=row.resident.area,
        household=row.resident.household,
        resident=row.resident,
        call_id=call.pk,
        detail={"about": row.reference},
        now=now,
    )


def _go_on(row: Asked, stage: Stage) -> None:
    row.stage, row.turn = stage, 0


def _remind_person(row: Occurrence, now: datetime) -> Message | None:
    preference = preferences.preference_of(f"resident:{row.resident_id}")
    if now >= row.ask_until or preferences.after_quiet_hours(preference, now) > now:
        return None
    return telling.reminding(
        row,
        preference=preference,
        number=questions_today([row], now=now)[row.resident_id] + 1,
        is_last=row.turn >= policies.REMINDER_LADDER.last_turn,
        now=now,
    )


def questions_today(rows: list[Occurrence], *, now: datetime) -> dict[Any, int]:
    """How many steps the reminders of each of these residents have taken within a day."""
    counts: dict[Any, int] = {row.resident_id: 0 for row in rows}
    lately = Occurrence.objects.filter(
        resident__in=counts, occurs_at__gt=now - timedelta(hours=24), rounds__gt=0
    )
    for resident_id, rounds in lately.values_list("resident_id", "rounds"):
        counts[resident_id] += rounds
    return counts


def _ask_for_ok(row: OkDay, now: datetime) -> Message | None:
    preference = preferences.preference_of(f"resident:{row.resident_id}")
    if preferences.after_quiet_hours(preference, now) > now:
        return None
    return telling.asking_for_ok(
        row,
        preference=preference,
        is_last=row.turn >= policies.OK_LADDER.last_turn,
        now=now,
    )


REMINDERS = Question(
    model=Occurrence,
    word="reminder",
    ladder=policies.REMINDER_LADDER,
    open=Q(state=Occurrence.State.ASKED),
    to_person=_remind_person,
    spoken_of=lambda row: row.occurs_at,
    family_template="reminder_family",
)
OK_DAYS = Question(
    model=OkDay,
    word="ok",
    ladder=policies.OK_LADDER,
    open=Q(state=OkDay.State.ASKED),
    to_person=_ask_for_ok,
    spoken_of=lambda row: row.by_at,
    family_template="ok_family",
)
