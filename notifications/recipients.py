"""People as somebody to write to: under which name deliveries know them, and where."""

from backend.accounts.models import User
from backend.people.models import Caregiver, Contact, Resident
from notifications.actions import Recipient


def contact_recipient(contact: Contact) -> Recipient:
    """A contact."""
    return Recipient(f"contact:{contact.pk}", contact.name, contact.phone, contact.language)


def caregiver_recipient(caregiver: Caregiver) -> Recipient:
    """A caregiver."""
    return Recipient(
        f"caregiver:{caregiver.pk}", caregiver.name, caregiver.phone, caregiver.language
    )


def resident_recipient(resident: Resident) -> Recipient:
    """A resident, under the first number they have."""
    return Recipient(
        f"resident:{resident.pk}",
        resident.name,
        resident.phone or resident.second_phone,
        resident.language,
        resident.dialect,
    )


def user_recipient(user: User) -> Recipient:
    """Somebody by their account: staff who have no other entry."""
    return Recipient(user.reference, str(user), user.phone, user.language)
