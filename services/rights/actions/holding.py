"""Legal holds: placed with a law and a day, lifted by somebody."""

from datetime import date, datetime

from django.db import transaction

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core.errors import Invalid
from backend.people.models import Resident
from services.community.doers import Doer
from services.rights.models import LegalHold


@transaction.atomic
def place_hold(
    resident: Resident, *, reason: str, law: str, until: date, by: Doer, now: datetime
) -> LegalHold:
    """Let nothing of somebody be deleted until a day.

    Raises:
        Invalid: no reason, no law, or a day that is over.
    """
    if not reason.strip() or not law.strip():
        raise Invalid(fields={"reason": ["required"], "law": ["required"]})
    if until <= now.date():
        raise Invalid(fields={"until": ["in_the_past"]})
    hold = LegalHold.objects.create(
        resident=resident,
        reason=reason.strip(),
        law=law.strip()[:120],
        until=until,
        placed_by=by.reference,
        placed_at=now,
    )
    _note(hold, AuditRow.Action.CREATE, by, now)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: Doer, now: datetime) -> None:
    """It need not be kept any more. Again changes nothing."""
    lifted = LegalHold.objects.filter(pk=hold.pk, lifted_at=None)
    if lifted.update(lifted_at=now, lifted_by=by.reference):
        _note(hold, AuditRow.Action.CHANGE, by, now)


def _note(hold: LegalHold, action: AuditRow.Action, by: Doer, now: datetime) -> None:
    record(
        actor=by.reference,
        action=action,
        subject=f"legal-hold:{hold.pk}",
        resident_id=hold.resident_id,
        fields=["until"],
        now=now,
    )
