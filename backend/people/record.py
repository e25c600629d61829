"""What every write about people leaves behind: a row of the audit and an event of the journal."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from backend.people.models import Caregiver, Resident
from backend.places.models import Area

CREATE, CHANGE, DELETE = AuditRow.Action.CREATE, AuditRow.Action.CHANGE, AuditRow.Action.DELETE


def reference(thing: Model) -> str:
    """How journal and audit name a person or a home: "resident:<uuid>"."""
    return f"{thing._meta.model_name}:{thing.pk}"


def note_about_resident(
    resident: Resident,
    event: str,
    action: AuditRow.Action,
    *,
    subject: Model | None = None,
    fields: Iterable[str] = (),
    by: str,
    now: datetime,
) -> None:
    """Record a write about a resident; `subject` is the thing written, if another.

    Only the names of fields are kept, never what stands in them.
    """
    name = reference(subject or resident)
    names = sorted(fields)
    record(actor=by, action=action, subject=name, resident_id=resident.pk, fields=names, now=now)
    journal.append(
        name,
        event,
        at=now,
        by=by,
        area_path=resident.area.path,
        resident_id=resident.pk,
        data={"fields": names},
    )


def note_in_area(
    thing: Model,
    area: Area,
    event: str,
    action: AuditRow.Action,
    *,
    fields: Iterable[str] = (),
    by: str,
    now: datetime,
) -> None:
    """Record a write about a home or a caregiver of an area."""
    name, names = reference(thing), sorted(fields)
    own = [name] if isinstance(thing, Caregiver) else []
    record(actor=by, action=action, subject=name, fields=names, now=now)
    journal.append(
        name, event, at=now, by=by, area_path=area.path, audience=own, data={"fields": names}
    )
