"""What every write about an offer or entitlement leaves: the audit and the journal."""

from datetime import datetime

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from services.assistance.models import BenefitOffer, Entitlement


def note(thing: BenefitOffer | Entitlement, event: str, *, by: str, now: datetime) -> None:
    """One audit row and one journal event; neither names the benefit or a sum.

    Events begin with "benefit.", so a family sees them only by consent.
    """
    record(
        actor=by,
        action=AuditRow.Action.CHANGE,
        subject=thing.reference,
        resident_id=thing.resident_id,
        fields=["state"],
        now=now,
    )
    journal.append(
        thing.reference,
        f"benefit.{event}",
        at=now,
        by=by,
        area_path=thing.area.path,
        resident_id=thing.resident_id,
        data={"state": thing.state},
    )


def note_reading(thing: BenefitOffer | Entitlement, *, by: str, now: datetime) -> None:
    """That somebody read what somebody gets, and on which facts."""
    record(
        actor=by,
        action=AuditRow.Action.READ,
        subject=thing.reference,
        resident_id=thing.resident_id,
        fields=["amount", "ruling"],
        now=now,
    )
