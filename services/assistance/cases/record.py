"""What every write about a case leaves: its history, the audit and the journal."""

from collections.abc import Iterable
from datetime import datetime

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from services.assistance.cases.doers import Doer
from services.assistance.models import AssistanceCase, CaseEvent


def note_event(
    case: AssistanceCase, event: str, *, source: str, by: Doer, now: datetime, note: str = ""
) -> CaseEvent:
    """One line of the history, with its audit row and journal event."""
    line = CaseEvent.objects.create(
        case=case,
        at=now,
        event=event,
        source=source,
        target=case.state,
        by=by.reference,
        by_name=by.name[:60],
        note=note,
    )
    note_change(case, f"case.{event}", fields=["state"], by=by, now=now)
    return line


def note_change(
    case: AssistanceCase, event: str, *, fields: Iterable[str], by: Doer, now: datetime
) -> None:
    """The audit row and journal event of a change; no benefit and no sum stands in them."""
    record(
        actor=by.reference,
        action=AuditRow.Action.CHANGE,
        subject=case.reference,
        resident_id=case.resident_id,
        fields=fields,
        now=now,
    )
    journal.append(
        case.reference,
        event,
        at=now,
        by=by.reference,
        area_path=case.area.path,
        data={"state": case.state},
    )


def note_clock(case: AssistanceCase, event: str, *, kind: str, rung: str, now: datetime) -> None:
    """The journal event of a reminder or climb."""
    journal.append(
        case.reference,
        event,
        at=now,
        by="system",
        area_path=case.area.path,
        data={"clock": kind, "rung": rung},
    )


def note_reading(case: AssistanceCase, *, by: str, now: datetime) -> None:
    """That somebody read the file, with what is sensitive in it."""
    record(
        actor=by,
        action=AuditRow.Action.READ,
        subject=case.reference,
        resident_id=case.resident_id,
        fields=["amount", "notes", "verdict", "visits"],
        now=now,
    )
