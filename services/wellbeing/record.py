"""What every write about wellbeing leaves behind: an event of the journal, an audit row."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from backend.core.models import JournalEvent
from backend.people.models import Resident

CREATE, CHANGE = AuditRow.Action.CREATE, AuditRow.Action.CHANGE


def event_of(
    subject: str,
    type: str,  # noqa: A002 - the word of the event's form
    resident: Resident,
    *,
    now: datetime,
    by: str = "",
    data: Mapping[str, Any] | None = None,
) -> JournalEvent:
    """An event about a resident, not saved; families see it by consent (`accounts.actors`)."""
    return JournalEvent(
        subject=subject,
        type=type,
        at=now,
        by=by,
        area_path=resident.area.path,
        resident_id=resident.pk,
        data=dict(data or {}),
    )


def note(
    subject: str,
    type: str,  # noqa: A002 - the word of the event's form
    resident: Resident,
    *,
    now: datetime,
    by: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Record that something happened."""
    journal.append_all([event_of(subject, type, resident, now=now, by=by, data=data)])


def note_write(
    subject: str,
    type: str,  # noqa: A002 - the word of the event's form
    action: AuditRow.Action,
    resident: Resident,
    *,
    by: str,
    now: datetime,
    fields: Iterable[str] = (),
    data: Mapping[str, Any] | None = None,
) -> None:
    """Record what a person wrote; only the names of fields are kept."""
    record(
        actor=by, action=action, subject=subject, resident_id=resident.pk, fields=fields, now=now
    )
    note(subject, type, resident, by=by, now=now, data=data)
