"""Applying: at the counter, by oneself, or for a relative who consents."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from backend.accounts.actors import Actor
from backend.accounts.models import STAFF_ROLES, Role, User
from backend.core.errors import Invalid
from backend.people.models import Consent, Contact, Resident
from backend.people.queries import consents_in_force, is_guardian_of
from backend.places.queries import paths_above
from services.assistance.cases.actions import open_case
from services.assistance.cases.doers import doer_of
from services.assistance.cases.errors import NoConsent
from services.assistance.models import AssistanceCase

VISITORS = (Role.OFFICER, Role.CAREGIVER)
Channel = AssistanceCase.Channel


def apply_for(
    actor: Actor,
    resident: Resident,
    *,
    benefit: str,
    household_size: int = 1,
    is_unstable: bool = False,
    is_delegated: bool = False,
    relative_of_staff: str = "",
    permits_data_checks: bool = False,
    now: datetime,
) -> AssistanceCase:
    """Enter an application for a resident whom the actor reaches.

    Raises:
        NoConsent: a family member with whom the resident does not share benefits.
        CaseOpen: there is one already.
    """
    contact = _contact(actor, resident)
    is_office = actor.role in STAFF_ROLES
    return open_case(
        resident=resident,
        benefit=benefit,
        channel=_channel(actor),
        household_size=household_size,
        is_unstable=is_unstable,
        is_delegated=is_delegated and is_office,
        relative_of_staff=relative_of_staff,
        authorised_by=_permitted_by(resident, contact, now=now) if permits_data_checks else "",
        contact=contact,
        by=doer_of(actor),
        now=now,
    )


def _channel(actor: Actor) -> str:
    channels = {Role.RESIDENT: Channel.RESIDENT, Role.FAMILY: Channel.FAMILY}
    return channels.get(actor.role, Channel.OFFICER)


def _contact(actor: Actor, resident: Resident) -> Contact | None:
    if actor.role != Role.FAMILY:
        return None
    if Consent.Item.ASSISTANCE not in consents_in_force(resident.pk):
        raise NoConsent
    return resident.contacts.filter(pk__in=actor.contact_ids).first()


def _permitted_by(resident: Resident, contact: Contact | None, *, now: datetime) -> str:
    """Whose permission for the data checks it is: a guardian's own, else the resident's."""
    if contact is not None:
        decides = is_guardian_of(contact, resident, today=timezone.localdate(now))
        return f"contact:{contact.pk}" if decides else ""
    return f"resident:{resident.pk}"


def staff_near(case: AssistanceCase) -> Iterable[User]:
    """Who can visit the home: officers and caregivers of the areas around it."""
    near = Q(area__path__in=paths_above(case.area.path)) | Q(
        area__path__startswith=_street_of(case.area.path)
    )
    return User.objects.filter(near, role__in=VISITORS, is_active=True).order_by("name", "pk")


def _street_of(path: str) -> str:
    """The path of the street an area lies in, or of the area if it is larger."""
    above = paths_above(path)
    return above[1] if len(above) > 1 else above[0]


def staff_around(case: AssistanceCase, keys: Iterable[UUID]) -> list[User]:
    """These accounts, if they can visit the home.

    Raises:
        Invalid: one of them cannot.
    """
    wanted = set(keys)
    found = [user for user in staff_near(case) if user.pk in wanted]
    if len(found) != len(wanted):
        raise Invalid(fields={"staff": ["not_found"]})
    return found
