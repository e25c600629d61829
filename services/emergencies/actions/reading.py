"""Reading a call's sheet leaves a trace."""

from collections.abc import Collection
from datetime import datetime, timedelta

from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.people.models import Resident
from services.emergencies.models import EmergencyCall

READ_AGAIN = timedelta(hours=1)
"""Within this time the same reader leaves one row, however often the sheet is fetched anew."""
OF_RESIDENT = (
    "allergies",
    "conditions",
    "contacts.phone",
    "door_code",
    "key_holder",
    "medicines",
    "phone",
    "responder_notes",
)
OF_CALL = ("claimed_phone", "notes")


def record_reading(call: EmergencyCall, *, by: str, shown: Collection[str], now: datetime) -> None:
    """Record that somebody read the sensitive fields of a call's sheet; `shown` they may see."""
    read = AuditRow.objects.filter(
        actor=by, subject=call.reference, action=AuditRow.Action.READ, at__gt=now - READ_AGAIN
    )
    if not read.exists():
        audit(
            actor=by,
            action=AuditRow.Action.READ,
            subject=call.reference,
            now=now,
            resident_id=call.resident_id,
            fields=sorted([*OF_CALL, *(name for name in OF_RESIDENT if name in shown)]),
        )


def record_resident_reading(
    resident: Resident, *, by: str, shown: Collection[str], now: datetime
) -> None:
    """Record that somebody read the sensitive fields of a resident's page."""
    audit(
        actor=by,
        action=AuditRow.Action.READ,
        subject=f"resident:{resident.pk}",
        now=now,
        resident_id=resident.pk,
        fields=[name for name in OF_RESIDENT if name in shown],
    )
