"""Reading a call's sheet leaves a trace."""

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
OF_CALL = (*OF_RESIDENT, "claimed_phone", "notes")


def record_reading(call: EmergencyCall, *, by: str, now: datetime) -> None:
    """Record that somebody read the sensitive fields of a call's sheet."""
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
            fields=OF_CALL,
        )


def record_resident_reading(resident: Resident, *, by: str, now: datetime) -> None:
    """Record that somebody read the sensitive fields of a resident's page."""
    audit(
        actor=by,
        action=AuditRow.Action.READ,
        subject=f"resident:{resident.pk}",
        now=now,
        resident_id=resident.pk,
        fields=OF_RESIDENT,
    )
