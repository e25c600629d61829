"""What every write about visits leaves behind: a row of the audit and an event of the journal."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from services.visits.models import CarePlan, Visit, VisitCarer


def note_visit(
    visit: Visit,
    event: str,
    *,
    by: str,
    now: datetime,
    at: datetime | None = None,
    fields: Iterable[str] = (),
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Record a write about a visit for the desk and for those who go; `at` is the act's time.

    The resident and the family are not in its audience: what families hear of visits goes by
    consent, which is asked when they read.
    """
    record(
        actor=by,
        action=AuditRow.Action.CHANGE,
        subject=visit.reference,
        resident_id=visit.resident_id,
        fields=fields,
        reason=reason,
        now=now,
    )
    carers = VisitCarer.objects.filter(visit=visit, released_at=None)
    journal.append(
        visit.reference,
        event,
        at=at or now,
        by=by,
        area_path=visit.area.path,
        audience=[f"caregiver:{pk}" for pk in carers.values_list("caregiver_id", flat=True)],
        data={"state": visit.state, "day": visit.day.isoformat(), **(data or {})},
    )


def note_plan(
    plan: CarePlan,
    event: str,
    action: AuditRow.Action,
    *,
    by: str,
    now: datetime,
    fields: Iterable[str] = (),
    reason: str = "",
) -> None:
    """Record a write about a care plan; only the names of fields are kept."""
    names = sorted(fields)
    record(
        actor=by,
        action=action,
        subject=plan.reference,
        resident_id=plan.resident_id,
        fields=names,
        reason=reason,
        now=now,
    )
    journal.append(
        plan.reference,
        event,
        at=now,
        by=by,
        area_path=plan.resident.area.path,
        data={"fields": names, "version": plan.version},
    )
