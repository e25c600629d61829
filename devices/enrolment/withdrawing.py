"""Of a contact's access that ended: a link that was sent to them works no more."""

from datetime import datetime
from uuid import UUID

from backend.core import readers
from backend.core.models import JournalEvent
from backend.people.models import Contact
from devices.enrolment.actions.inviting import revoke_invitation


def hear_of_access_ended(event: JournalEvent, now: datetime) -> None:
    """Whoever was shut out is not let in by an older link."""
    key = UUID(event.subject.partition(":")[2])
    contact = Contact.objects.select_related("resident__area").filter(pk=key).first()
    if contact is not None:
        revoke_invitation(contact, by=event.by, now=now)


readers.register("enrolment.access", "contact.access_ended", handle=hear_of_access_ended)
