"""What the writes of enrolment leave behind, beside those about the person."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from backend.audit.actions import record as audit
from backend.audit.actions import record_reads
from backend.audit.models import AuditRow
from backend.core import journal
from backend.people.models import Resident
from devices.enrolment.models import ContactCheck, Enrolment, Invitation

READ_AGAIN = timedelta(hours=1)
"""The list of contacts fetches itself anew while somebody is asked; that is one look."""


def note_read(enrolment: Enrolment, fields: Iterable[str], *, by: str, now: datetime) -> None:
    """That a form showed what is known of somebody; before they are entered it shows nothing."""
    if enrolment.resident_id is not None:
        record_reads(actor=by, resident_ids=[enrolment.resident_id], fields=fields, now=now)


def note_contacts_read(resident: Resident, *, by: str, now: datetime) -> None:
    """That the telephones of somebody's contacts were shown."""
    record_reads(
        actor=by,
        resident_ids=[resident.pk],
        fields=["contacts.phone"],
        now=now,
        again_after=READ_AGAIN,
    )


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
