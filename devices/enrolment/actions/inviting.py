"""A contact makes their own account by a link that was sent to their telephone."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from backend.accounts import limits, tokens
from backend.accounts.actions import create_family_account
from backend.accounts.errors import PhoneTaken
from backend.accounts.models import Role, User
from backend.people import phones
from backend.people.actions import add_contact
from backend.people.models import Contact, Resident
from backend.people.names import short_name
from devices.enrolment import policies
from devices.enrolment.errors import BadInvitation
from devices.enrolment.models import Invitation
from devices.enrolment.record import note_invitation
from notifications.actions import owe, owe_as_preferred
from notifications.models import Channel, Delivery
from notifications.recipients import contact_recipient, resident_recipient


def invite_contact(contact: Contact, *, by: str, now: datetime) -> Invitation:
    """Send a contact the link; one sent before works no more.

    Raises:
        TooManyAttempts: this number was written to too often.
    """
    limits.take(policies.CHECKS_OF_PHONE, phones.index(contact.phone), now=now)
    return _invite(contact, by=by, now=now)


@transaction.atomic
def _invite(contact: Contact, *, by: str, now: datetime) -> Invitation:
    revoke_invitation(contact, by=by, now=now)
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        contact=contact,
        phone=contact.phone,
        hash=tokens.hashed(token),
        sent_at=now,
        sent_by=by,
        expires_at=now + policies.INVITATION_LIVES,
    )
    owe(
        cause=f"invitation:{invitation.pk}",
        step_run="sent",
        to=contact_recipient(contact),
        channel=Channel.SMS,
        template="invitation",
        context={"who": short_name(contact.resident, contact.language)},
        secret=settings.ENV.public_url + reverse("join", args=[token]),
        asks=False,
        priority=Delivery.Priority.ROUTINE,
        now=now,
        area_path=contact.resident.area.path,
    )
    note_invitation(invitation, "contact.invited", by=by, now=now)
    return invitation


@transaction.atomic
def revoke_invitation(contact: Contact, *, by: str, now: datetime) -> None:
    """Links that were sent and not followed work no more."""
    for invitation in contact.invitations.filter(accepted_at=None, revoked_at=None):
        invitation.revoked_at = now
        invitation.save(update_fields=["revoked_at"])
        note_invitation(invitation, "contact.invitation_revoked", by=by, now=now)


def name_relative(
    resident: Resident,
    *,
    name: str,
    relation: str,
    phone: str,
    told_by: str,
    by: str,
    now: datetime,
) -> Contact:
    """Somebody of the family who is to see what is shared, called last for help.

    Who is named already with this number is not named twice. The resident hears by whom it was
    done, `told_by`; "" is by themself.

    Raises:
        TooManyAttempts: too many were named of late.
    """
    limits.take(policies.RELATIVES_NAMED, str(resident.pk), now=now)
    with transaction.atomic():
        locked = Resident.objects.select_for_update(of=("self",)).select_related("area")
        found = locked.get(pk=resident.pk)
        known = found.contacts.filter(phone_index=phones.index(phone)).first()
        if known is not None:
            return known
        contact = add_contact(
            resident=found, name=name, relation=relation, phone=phone, by=by, now=now
        )
        if told_by:
            _tell_of_relative(contact, told_by=told_by, now=now)
    return contact


def _tell_of_relative(contact: Contact, *, told_by: str, now: datetime) -> None:
    resident = contact.resident
    owe_as_preferred(
        cause=f"contact:{contact.pk}",
        step_run="named",
        to=resident_recipient(resident),
        template="circle_widened",
        context={"by": told_by, "name": contact.name},
        now=now,
        area_path=resident.area.path,
        resident_id=None,
    )


def invitation_of(token: str, *, now: datetime) -> Invitation:
    """The invitation of a link that still works.

    Raises:
        BadInvitation: unknown, used, too old, taken back, or sent to another number.
    """
    invitation = (
        Invitation.objects.filter(
            hash=tokens.hashed(token), accepted_at=None, revoked_at=None, expires_at__gt=now
        )
        .select_related("contact__resident__area")
        .first()
    )
    if invitation is None or not _is_for_number_of(invitation):
        raise BadInvitation
    return invitation


def _is_for_number_of(invitation: Invitation) -> bool:
    """Whether it was sent to the number that its contact has now."""
    return phones.index(invitation.contact.phone).matches(invitation.phone_index)


@transaction.atomic
def accept_invitation(token: str, *, now: datetime) -> User:
    """Make the contact's account, or add this resident to the one they have; once.

    Raises:
        BadInvitation: the link works no more.
        PhoneTaken: the number signs in somebody who is not family.
    """
    invitation = invitation_of(token, now=now)
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=now):
        raise BadInvitation
    contact = invitation.contact
    user = User.objects.filter(phone_index=phones.index(contact.phone)).first()
    if user is None:
        user = create_family_account(
            [contact], username=f"family-{contact.pk}", by=f"contact:{contact.pk}", now=now
        )
    elif user.role != Role.FAMILY or not user.is_active:
        raise PhoneTaken(fields={"phone": ["taken"]})
    else:
        user.contacts.add(contact)
    note_invitation(invitation, "contact.joined", by=user.reference, now=now)
    return user
