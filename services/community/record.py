"""What every write leaves behind: a line of the history, a row of the audit, an event."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from backend.people.record import reference
from backend.places.models import Area
from services.community.doers import Doer
from services.community.models import (
    Complaint,
    ComplaintEvent,
    Order,
    OrderEvent,
    StandingOrder,
)


def note_order(order: Order, event: str, *, by: Doer, now: datetime, note: str = "") -> None:
    """Record one step of an order; its family hears of it by consent to visits."""
    OrderEvent.objects.create(
        order=order, at=now, event=event, by=by.reference, by_name=by.name, note=note
    )
    record(
        actor=by.reference,
        action=AuditRow.Action.CHANGE,
        subject=order.reference,
        resident_id=order.resident_id,
        fields=["state"],
        now=now,
    )
    journal.append(
        order.reference,
        f"order.{event}",
        at=now,
        by=by.reference,
        area_path=order.area.path,
        resident_id=order.resident_id,
        data={"state": order.state, "day": order.occurs_on.isoformat()},
    )


def note_standing(standing: StandingOrder, event: str, *, by: Doer, now: datetime) -> None:
    """Record that something comes again, or not any more."""
    record(
        actor=by.reference,
        action=AuditRow.Action.CHANGE,
        subject=standing.reference,
        resident_id=standing.resident_id,
        fields=["rule"],
        now=now,
    )
    journal.append(
        standing.reference,
        f"order.standing_{event}",
        at=now,
        by=by.reference,
        area_path=standing.resident.area.path,
        resident_id=standing.resident_id,
    )


def note_complaint(
    complaint: Complaint, event: str, *, by: Doer, now: datetime, note: str = ""
) -> None:
    """Record one step of a complaint for the desk and for the account that made it."""
    ComplaintEvent.objects.create(
        complaint=complaint, at=now, event=event, by=by.reference, by_name=by.name, note=note
    )
    record(
        actor=by.reference,
        action=AuditRow.Action.CHANGE,
        subject=complaint.reference,
        resident_id=complaint.resident_id,
        fields=["state"],
        now=now,
    )
    journal.append(
        complaint.reference,
        f"complaint.{event}",
        at=now,
        by=by.reference,
        area_path=complaint.area.path,
        audience=[complaint.made_by],
        data={"state": complaint.state, "category": complaint.category},
    )


def note_catalogue(
    thing: Model, area: Area, event: str, *, fields: Iterable[str], by: Doer, now: datetime
) -> None:
    """Record a change of a service or a provider."""
    names = sorted(fields)
    name = reference(thing)
    record(actor=by.reference, action=AuditRow.Action.CHANGE, subject=name, fields=names, now=now)
    journal.append(
        name, event, at=now, by=by.reference, area_path=area.path, data={"fields": names}
    )


def note_reading(
    subject: str, *, resident_id: object, fields: Iterable[str], by: str, now: datetime
) -> None:
    """That somebody read what is sensitive in an order or a complaint."""
    record(
        actor=by,
        action=AuditRow.Action.READ,
        subject=subject,
        resident_id=resident_id,  # type: ignore[arg-type]
        fields=sorted(fields),
        now=now,
    )
