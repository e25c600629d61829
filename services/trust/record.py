"""What each act on an opened record or a question leaves: an audit row and a journal event."""

from collections.abc import Iterable
from datetime import datetime

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from services.trust.models import LookQuestion, RecordOpening

Subject = RecordOpening | LookQuestion


def note(
    thing: Subject,
    event: str,
    action: AuditRow.Action,
    *,
    fields: Iterable[str] = (),
    reason: str = "",
    audience: Iterable[str] = (),
    by: str,
    now: datetime,
) -> None:
    """Record an act; the desk of the resident's area and `audience` hear of it.

    The resident is not in the event: they are told in their own time, by their own channel.
    """
    record(
        actor=by,
        action=action,
        subject=thing.reference,
        resident_id=thing.resident_id,
        fields=fields,
        reason=reason,
        now=now,
    )
    journal.append(
        thing.reference,
        event,
        at=now,
        by=by,
        area_path=thing.resident.area.path,
        audience=list(audience),
    )
