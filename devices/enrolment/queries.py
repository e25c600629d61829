"""Enrolments, checks and imports as their viewers may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.accounts.actors import Actor
from backend.accounts.models import User
from backend.accounts.queries import areas_condition, residents_condition
from backend.core.errors import NotFound
from backend.people import phones
from backend.people.models import Contact, Household, Resident
from backend.people.routes import has_route
from backend.places.models import Area
from backend.places.search import searchable
from devices.enrolment import policies
from devices.enrolment.models import ContactCheck, Enrolment, ImportRun, Invitation
from notifications.models import Delivery

Answer = ContactCheck.Answer
NOT_BROUGHT = (Delivery.State.FAILED, Delivery.State.EXPIRED)


def enrolments_visible_to(actor: Actor, action: str = "list") -> QuerySet[Enrolment]:
    """Enrolments of the actor's area, the one last worked on first.

    Whoever has a home belongs to the area where they live now, wherever they came in.
    """
    scope = actor.scope("enrolments", action)
    begun_here = Q(resident=None) & areas_condition(actor, scope)
    lives_here = Q(resident__isnull=False) & residents_condition(actor, scope, at="resident")
    within = begun_here | lives_here
    rows = Enrolment.objects.filter(within).order_by("-changed_at", "pk")
    return rows.select_related("area", "resident__household__address", "resident__area")


def imports_visible_to(actor: Actor, action: str = "list") -> QuerySet[ImportRun]:
    """Imports of the actor's area, newest first."""
    within = areas_condition(actor, actor.scope("imports", action))
    return ImportRun.objects.filter(within).select_related("area").order_by("-read_at", "pk")


def residents_to_enrol(actor: Actor) -> QuerySet[Resident]:
    """Residents whose contacts the actor may check and invite."""
    within = residents_condition(actor, actor.scope("enrolments", "change"))
    return Resident.objects.filter(within).select_related("area", "household__address")


def areas_to_enrol_in(actor: Actor, action: str = "create") -> QuerySet[Area]:
    """The deepest areas of the actor's subtree: grids, or what has none."""
    within = areas_condition(actor, actor.scope("enrolments", action), path="path")
    below = Area.objects.filter(parent=OuterRef("pk"))
    return Area.objects.filter(within).exclude(Exists(below)).order_by("path")


def area_of(actor: Actor) -> Area:
    """The area that the actor's account serves.

    Raises:
        NotFound: it serves none.
    """
    found = Area.objects.filter(pk=actor.area_id).first() if actor.area_id else None
    if found is None:
        raise NotFound
    return found


def homes_at(area: Area, address: str) -> list[Household]:
    """Homes with the same address in the same area, in which somebody lives."""
    living = Resident.objects.filter(household=OuterRef("pk"))
    homes = Household.objects.filter(
        Exists(living), address__area=area, address__search_text=searchable(address)
    )
    return list(homes.prefetch_related("residents").select_related("address"))


@dataclass(frozen=True)
class Standing:
    """How it stands with a contact's check: a kind of the design system, and words."""

    kind: str
    word: str | Promise
    waits: bool = False


NOT_ASKED = Standing("unknown", _("not asked yet"))
ASKED = Standing("underway", _("asked, no answer yet"), waits=True)
CONFIRMED = Standing("done", _("confirmed"))
REFUSED = Standing("waiting", pgettext_lazy("a contact", "refused"))
NO_ANSWER = Standing("waiting", _("no answer"))


@dataclass(frozen=True)
class CheckedContact:
    """A contact with what they said, and whether they have an account."""

    contact: Contact
    standing: Standing
    by_text: bool
    reachable: bool
    has_account: bool
    invited_at: datetime | None

    @property
    def is_confirmed(self) -> bool:
        """Whether they said themselves that it is them."""
        return self.standing is CONFIRMED


def checked_contacts(resident: Resident, *, now: datetime) -> list[CheckedContact]:
    """The contacts of a resident in order, each with the newest check of the number they have."""
    contacts = list(resident.contacts.all())
    checks = _newest_checks(contacts)
    joined = set(
        User.contacts.through.objects.filter(contact__in=contacts).values_list(
            "contact_id", flat=True
        )
    )
    invited = {
        each.contact_id: each.sent_at
        for each in Invitation.objects.filter(
            contact__in=contacts, accepted_at=None, revoked_at=None, expires_at__gt=now
        ).order_by("sent_at")
    }
    return [
        CheckedContact(
            contact=contact,
            standing=standing_of(checks.get(contact.pk), now=now),
            by_text=bool(contact.pk in checks and checks[contact.pk].code_index),
            reachable=has_route(contact.phone),
            has_account=contact.pk in joined,
            invited_at=invited.get(contact.pk),
        )
        for contact in contacts
    ]


def _newest_checks(contacts: Iterable[Contact]) -> dict[object, ContactCheck]:
    numbers = {contact.pk: phones.index(contact.phone) for contact in contacts}
    checks = ContactCheck.objects.filter(contact__in=list(numbers)).order_by("asked_at", "pk")
    return {
        check.contact_id: check
        for check in checks
        if numbers[check.contact_id].matches(check.phone_index)
    }


def standing_of(check: ContactCheck | None, *, now: datetime) -> Standing:
    """How a check stands; one that nobody answers in time, or that did not arrive, says so."""
    if check is None:
        return NOT_ASKED
    if check.answer == Answer.CONFIRMED:
        return CONFIRMED
    if check.answer == Answer.REFUSED:
        return REFUSED
    delivery = Delivery.objects.filter(cause=check.cause).first()
    lost = delivery is not None and delivery.state in NOT_BROUGHT
    if lost or now - check.asked_at > policies.ANSWERED_WITHIN:
        return NO_ANSWER
    return ASKED
