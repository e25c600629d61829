"""What every step of a request leaves behind."""

from collections.abc import Iterable
from datetime import datetime

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from services.community.doers import Doer
from services.rights.models import RightsEvent, RightsRequest


def note(request: RightsRequest, event: str, *, by: Doer, now: datetime, words: str = "") -> None:
    """Record one step: for the desk, for whoever asked, and for the auditors.

    The journal names no kind of wish: who asks for deletion is nobody else's business.
    """
    RightsEvent.objects.create(
        request=request, at=now, event=event, by=by.reference, by_name=by.name, note=words
    )
    record(
        actor=by.reference,
        action=AuditRow.Action.CHANGE,
        subject=request.reference,
        resident_id=request.resident_id,
        fields=["state"],
        reason=f"{request.kind} {event}",
        now=now,
    )
    journal.append(
        request.reference,
        f"rights.{event}",
        at=now,
        by=by.reference,
        area_path=request.area.path,
        audience=[request.asked_by],
        data={"state": request.state},
    )


def note_reading(
    request: RightsRequest, *, fields: Iterable[str], by: str, now: datetime, reason: str = ""
) -> None:
    """Somebody read what is private in a request, or fetched its copy."""
    record(
        actor=by,
        action=AuditRow.Action.READ,
        subject=request.reference,
        resident_id=request.resident_id,
        fields=sorted(fields),
        reason=reason,
        now=now,
    )
