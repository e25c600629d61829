"""What the writes of enrolment leave behind, beside those about the person."""

from collections.abc import Iterable
from datetime import datetime

from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.core import journal
from devices.enrolment.models import ContactCheck, Enrolment, Invitation


def note_enrolment(
    enrolment: Enrolment, event: str, *, by: str, now: datetime, fields: Iterable[str] = ()
) -> None:
    """An event for the desks of its area."""
    journal.append(
        enrolment.reference,
        event,
        at=now,
        by=by,
        area_path=enrolment.area.path,
        data={"step": enrolment.step, "fields": sorted(fields)},
    )


def note_check(check: ContactCheck, event: str, *, by: str, now: datetime) -> None:
    """An audit row and an event for the desks of the resident's area."""
    resident = check.contact.resident
    subject = f"contact:{check.contact_id}"
    audit(
        actor=by,
        action=AuditRow.Action.CHANGE,
        subject=subject,
        now=now,
        resident_id=resident.pk,
        fields=["check"],
    )
    journal.append(
        subject,
        event,
        at=now,
        by=by,
        area_path=resident.area.path,
        data={"channel": check.channel, "answer": check.answer},
    )


def note_invitation(invitation: Invitation, event: str, *, by: str, now: datetime) -> None:
    """An audit row, and an event for the desks and the resident's people."""
    resident = invitation.contact.resident
    subject = f"contact:{invitation.contact_id}"
    audit(
        actor=by,
        action=AuditRow.Action.CHANGE,
        subject=subject,
        now=now,
        resident_id=resident.pk,
        fields=["invitation"],
    )
    journal.append(
        subject, event, at=now, by=by, area_path=resident.area.path, resident_id=resident.pk
    )
