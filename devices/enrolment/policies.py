"""Who enrols people, and how long what is asked stays open."""

from datetime import date, timedelta

from backend.accounts.access import Scope, grant
from backend.accounts.actors import Actor
from backend.accounts.limits import Limit
from backend.accounts.models import Role
from backend.people.models import Contact, Resident
from backend.people.queries import is_guardian_of
from devices.enrolment.errors import NotTheirsToDecide

_DESK = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}

ACCESS = [
    *grant("enrolments", "list create change", _DESK),
    *grant("imports", "list create apply", {Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}),
    *grant("device-labels", "create", {Role.LEAD: Scope.AREA}),
    *grant(
        "family-circle", "read change", {Role.FAMILY: Scope.HOUSEHOLD, Role.RESIDENT: Scope.SELF}
    ),
]

ANSWERED_WITHIN = timedelta(minutes=10)
"""Our choice: so long the person who enrols may sit beside the contact who looks for the text."""
CODE_DIGITS = 4
CODE_TRIES = 5
INVITATION_LIVES = timedelta(days=7)
CHECKS_OF_PHONE = Limit("contact checks to a phone", 6, timedelta(hours=1))
RELATIVES_NAMED = Limit("relatives named for a resident", 10, timedelta(days=1))
"""Our choice: more than a family names in a day; each costs a text to a number of their choice."""
CODES_TRIED = Limit("claim codes tried", 30, timedelta(hours=1))
IMPORT_KEPT = timedelta(days=1)
"""A table that nobody applies is forgotten, with the people in it."""


def decides_about_circle(actor: Actor, resident: Resident, *, today: date) -> bool:
    """Whether the actor says who of the family sees what is shared.

    The resident does, a guardian, and whoever is called first.
    """
    if actor.resident_id == resident.pk:
        return True
    own = [each for each in resident.contacts.all() if each.pk in actor.contact_ids]
    return any(each.order == 1 or is_guardian_of(each, resident, today=today) for each in own)


def require_may_take_out(actor: Actor, contact: Contact, resident: Resident) -> None:
    """A guardian is taken out by the resident alone, and nobody takes themself out here.

    Raises:
        NotTheirsToDecide: they may not.
    """
    is_own = contact.pk in actor.contact_ids
    if is_own or (contact.is_guardian and actor.resident_id != resident.pk):
        raise NotTheirsToDecide
