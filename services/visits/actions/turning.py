"""A visit that does not go as planned, said by whoever goes: they cannot come, nobody opens."""

from datetime import datetime

from django.db import transaction

from backend.audit.actions import record
from backend.audit.models import AuditRow
from services.alerts.actions import raise_alert
from services.alerts.models import Alert
from services.visits.actions.checking import Act, add_note, locked_for
from services.visits.actions.staffing import settle_staffing
from services.visits.errors import VisitUnderway
from services.visits.models import NotComing, Visit, VisitCarer, VisitNote
from services.visits.record import note_visit

State = Visit.State

DOOR_FIELDS = ("door_code", "entry_notes", "key_holder")


@transaction.atomic
def turn_down(visit: Visit, *, reason: NotComing | str, act: Act, now: datetime) -> Visit:
    """Give a visit back; it waits for somebody else. Again changes nothing.

    Raises:
        NotTheirVisit: they were never to make it.
        VisitUnderway: somebody is there, or was.
    """
    visit = locked_for(visit, act)
    going = VisitCarer.objects.filter(visit=visit, caregiver=act.caregiver, released_at=None)
    if not going.exists():
        return visit
    if visit.state in (State.IN_PROGRESS, State.DONE):
        raise VisitUnderway
    going.update(released_at=now, turned_down=True)
    settle_staffing(visit, unserved=Visit.Unserved.ABSENT, by=act.by, now=now)
    visit.save()
    note_visit(
        visit,
        "visit.turned_down",
        by=act.by,
        now=now,
        at=min(act.at, now),
        reason=str(reason),
        data={"reason": str(reason), "unserved": visit.unserved},
    )
    return visit


@transaction.atomic
def report_not_met(visit: Visit, *, text: str, act: Act, now: datetime) -> VisitNote:
    """Say that nobody opened: the desk is alerted to find out whether all is well.

    The visit stays as it is until somebody decides. The same key again changes nothing.

    Raises:
        NotTheirVisit: they were never to make it.
        Invalid: nothing was said, or too much.
    """
    standing = VisitNote.objects.filter(by=act.by, client_key=act.client_key).first()
    if standing is not None:
        return standing
    note = add_note(
        visit,
        text=text,
        by=act.by,
        at=act.at,
        client_key=act.client_key,
        caregiver=act.caregiver,
        now=now,
    )
    if not visit.drill:
        raise_alert(
            kind=Alert.Kind.NO_ANSWER,
            area=visit.area,
            resident=visit.resident,
            detail={"visit": str(visit.pk)},
            now=now,
        )
    note_visit(visit, "visit.not_met", by=act.by, now=now, at=note.at)
    return note


@transaction.atomic
def record_door_reading(visit: Visit, *, act: Act, now: datetime) -> None:
    """Leave a row that whoever goes looked at how to get in, with the time at which they did."""
    visit = locked_for(visit, act)
    at = min(act.at, now)
    rows = AuditRow.objects.filter(actor=act.by, subject=visit.reference, at=at)
    if not rows.filter(action=AuditRow.Action.READ).exists():
        _read(visit, DOOR_FIELDS, by=act.by, at=at)


def record_code_reading(visit: Visit, *, by: str, now: datetime) -> None:
    """Leave a row that staff looked at the code of a door."""
    _read(visit, ("code",), by=by, at=now)


def _read(visit: Visit, fields: tuple[str, ...], *, by: str, at: datetime) -> None:
    record(
        actor=by,
        action=AuditRow.Action.READ,
        subject=visit.reference,
        resident_id=visit.resident_id,
        fields=fields,
        now=at,
    )
