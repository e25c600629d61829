"""Making, locking and unlocking accounts."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from backend.accounts import totp
from backend.accounts.actions.ending import end_everything_of
from backend.accounts.errors import PhoneTaken, UsernameTaken
from backend.accounts.models import STAFF_ROLES, Role, User
from backend.accounts.record import note
from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.core import journal
from backend.core.errors import Invalid
from backend.people import phones
from backend.people.models import Caregiver, Contact, Language, Resident
from backend.places.models import Area

CREATE, CHANGE = AuditRow.Action.CREATE, AuditRow.Action.CHANGE


def create_staff(
    *,
    username: str,
    name: str,
    role: Role,
    area: Area,
    password: str | None,
    by: str,
    now: datetime,
    caregiver: Caregiver | None = None,
    phone: str = "",
    language: str = Language.ZH,
) -> User:
    """An account of staff; it reaches nothing before its second factor is enrolled.

    Without a password its person chooses one by a link (`issue_start_link`). A caregiver's is the
    account of somebody on the list of caregivers, and nobody else's is.

    Raises:
        Invalid: not a role of staff, a password that is too weak, or a caregiver who is missing
            or too much.
        UsernameTaken, PhoneTaken: another account has it.
    """
    if role not in STAFF_ROLES:
        raise Invalid(fields={"role": ["not_staff"]})
    if (role == Role.CAREGIVER) != (caregiver is not None):
        raise Invalid(fields={"caregiver": ["of_caregivers_only"]})
    try:
        if password is not None:
            validate_password(password)
    except ValidationError as error:
        raise Invalid(fields={"password": [e.code for e in error.error_list]}) from error
    user = User(
        username=username,
        name=name,
        role=role,
        area=area,
        caregiver=caregiver,
        language=language,
    )
    return _create(user, password=password, phone=phone, by=by, now=now)


def create_resident_account(
    resident: Resident, *, username: str, by: str, now: datetime, password: str | None = None
) -> User:
    """A resident's own account, with the resident's phone to sign in by.

    Raises:
        UsernameTaken, PhoneTaken: another account has it.
    """
    user = User(
        username=username,
        name=resident.name,
        role=Role.RESIDENT,
        resident=resident,
        language=resident.language,
    )
    return _create(user, password=password, phone=resident.phone, by=by, now=now)


def create_family_account(
    contacts: Iterable[Contact],
    *,
    username: str,
    by: str,
    now: datetime,
    password: str | None = None,
) -> User:
    """An account of somebody who is a contact, of one resident or of several.

    Raises:
        Invalid: no contact, or contacts with different numbers: they are not one person.
        UsernameTaken, PhoneTaken: another account has it.
    """
    entries = list(contacts)
    if len({contact.phone for contact in entries}) != 1:
        raise Invalid(fields={"contacts": ["not_one_person"]})
    first = entries[0]
    user = User(username=username, name=first.name, role=Role.FAMILY, language=first.language)
    with transaction.atomic():
        _create(user, password=password, phone=first.phone, by=by, now=now)
        user.contacts.set(entries)
    return user


@transaction.atomic
def _create(user: User, *, password: str | None, phone: str, by: str, now: datetime) -> User:
    user.phone = phones.normalized(phone) if phone else ""
    if User.objects.filter(username=user.username).exists():
        raise UsernameTaken(fields={"username": ["taken"]})
    if user.phone and User.objects.filter(phone_index=phones.index(user.phone)).exists():
        raise PhoneTaken(fields={"phone": ["taken"]})
    user.set_password(password)
    user.password_changed_at = now if password else None
    user.save(force_insert=True)
    note(user, "account.created", action=CREATE, by=by, now=now, data={"role": user.role})
    return user


@transaction.atomic
def end_family_access(contact: Contact, *, by: str, now: datetime) -> None:
    """Whoever signs in as this contact sees nothing of the resident from now on.

    The contact stays, and is called when help is needed. Again changes nothing.
    """
    links = User.contacts.through.objects.filter(contact=contact)
    users = list(links.values_list("user_id", flat=True))
    links.delete()
    journal.append(
        f"contact:{contact.pk}",
        "contact.access_ended",
        at=now,
        by=by,
        area_path=contact.resident.area.path,
        resident_id=contact.resident_id,
        audience=[f"user:{user}" for user in users],
    )
    audit(
        actor=by,
        action=CHANGE,
        subject=f"contact:{contact.pk}",
        now=now,
        resident_id=contact.resident_id,
        fields=["access"],
    )


@transaction.atomic
def enrol_second_factor(user: User, *, secret: str, by: str, now: datetime) -> None:
    """Give the account an authenticator app's secret; one before stops working."""
    totp.enrol(user, secret=secret, now=now)
    note(user, "account.second_factor", action=CHANGE, by=by, now=now, fields=["second_factor"])


@transaction.atomic
def deactivate_account(user: User, *, by: str, now: datetime) -> None:
    """Close an account: its sessions and API tokens end at once. SOS tokens keep calling help."""
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        return
    end_everything_of(user, by=by, now=now)
    note(user, "account.deactivated", action=CHANGE, by=by, now=now, fields=["is_active"])


@transaction.atomic
def activate_account(user: User, *, by: str, now: datetime) -> None:
    """Open a closed account again; its tokens stay revoked."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        note(user, "account.activated", action=CHANGE, by=by, now=now, fields=["is_active"])
