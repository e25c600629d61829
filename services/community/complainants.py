"""Who complained, as somebody to be told and asked."""

from uuid import UUID

from backend.accounts.models import User
from notifications.actions import Recipient
from notifications.recipients import contact_recipient, resident_recipient
from services.community.models import Complaint


def complainant_of(complaint: Complaint) -> Recipient | None:
    """Whoever complained, under the number they gave; else the family member or the resident.

    None where nobody can be told: somebody who gave no number.
    """
    if complaint.phone:
        return Recipient(
            f"complainant:{complaint.pk}",
            complaint.name,
            complaint.phone,
            complaint.language,
        )
    if complaint.resident is None:
        return None
    to = _family(complaint) or resident_recipient(complaint.resident)
    return to if to.address else None


def _family(complaint: Complaint) -> Recipient | None:
    """The contact behind the account that complained, if it was one."""
    kind, _, key = complaint.made_by.partition(":")
    if kind != "user" or complaint.resident is None:
        return None
    account = User.objects.filter(pk=UUID(key)).first() if _is_key(key) else None
    contact = account.contacts.filter(resident=complaint.resident).first() if account else None
    return contact_recipient(contact) if contact else None


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
