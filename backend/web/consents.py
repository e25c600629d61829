"""What is shared with whom, since when: the resident's own page, and their family's.

The resident gives and withdraws; so does a contact who is their guardian. Other contacts read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actions import end_family_access
from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import User
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import DomainError, Invalid, NotFound
from backend.people import actions
from backend.people.errors import NotTheirGuardian
from backend.people.models import Consent, Contact, Resident
from backend.people.names import short_name
from backend.people.purposes import PURPOSES, Purpose
from backend.people.queries import is_guardian_of


@dataclass(frozen=True)
class Shared:
    """One item: what it is for, and since when it is shared, if it is."""

    item: str
    label: object
    purpose: Purpose
    since: datetime | None


@dataclass(frozen=True)
class Person:
    """A contact, and whether they see what is shared on their own telephone."""

    contact: Contact
    sees: bool


@dataclass(frozen=True)
class Sharing:
    """What one resident shares with whom."""

    resident: Resident
    who: str
    items: list[Shared]
    people: list[Person]
    may_decide: bool

    @property
    def seeing(self) -> list[str]:
        """Who sees what is shared on their own telephone now."""
        return [person.contact.name for person in self.people if person.sees]


@page("sharing", "read")
@require_GET
@never_cache
def consents(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody whom the reader may see it of; as a part, when asked for one."""
    found = [_sharing(resident, actor) for resident in _residents(actor, "read")]
    template = "consents_now" if "HX-Request" in request.headers else "consents"
    context = {
        "sharings": found,
        "own": actor.resident_id,
        "undo": request.GET.get("undo", ""),
        "now": clock.now(),
    }
    return render(request, f"web/{template}.html", context)


def _residents(actor: Actor, action: str) -> list[Resident]:
    reached = residents_condition(actor, actor.scope("sharing", action))
    return list(Resident.objects.filter(reached).select_related("area").order_by("name", "pk"))


def _sharing(resident: Resident, actor: Actor) -> Sharing:
    given = {each.item: each for each in resident.consents.filter(withdrawn_at=None)}
    contacts = list(resident.contacts.all())
    joined = set(
        User.contacts.through.objects.filter(contact__in=contacts).values_list(
            "contact_id", flat=True
        )
    )
    return Sharing(
        resident=resident,
        who=short_name(resident, get_language() or ""),
        items=[
            Shared(
                item, item.label, PURPOSES[item], given[item].given_at if item in given else None
            )
            for item in Consent.Item
        ],
        people=[Person(contact, contact.pk in joined) for contact in contacts],
        may_decide=_decides(actor, resident) is not None,
    )


@dataclass(frozen=True)
class Decides:
    """Who decides for a resident: themself (no guardian), or this guardian."""

    guardian: Contact | None


def _decides(actor: Actor, resident: Resident) -> Decides | None:
    if actor.resident_id == resident.pk:
        return Decides(None)
    today = timezone.localdate(clock.now())
    own = resident.contacts.filter(pk__in=actor.contact_ids)
    guardians = [each for each in own if is_guardian_of(each, resident, today=today)]
    return Decides(guardians[0]) if guardians else None


Act = Callable[[Resident, Contact | None, datetime], object]


def _do(request: HttpRequest, actor: Actor, resident_id: UUID, act: Act) -> HttpResponse:
    """One decision, by whoever may decide; then the page as it is now, with a way to undo it."""
    resident = next((r for r in _residents(actor, "change") if r.pk == resident_id), None)
    if resident is None:
        raise NotFound
    try:
        decides = _decides(actor, resident)
        if decides is None:
            raise NotTheirGuardian
        act(resident, decides.guardian, clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("web:consents")
    item = request.POST.get("item", "")
    asked = f"?undo={item}" if item in Consent.Item.values else ""
    return redirect(reverse("web:consents") + asked)


@page("sharing", "change")
@require_POST
def give(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Share an item from now on."""
    by = actor.reference

    def act(resident: Resident, guardian: Contact | None, now: datetime) -> object:
        item = _item(request)
        return actions.give_consent(
            resident=resident,
            item=item,
            guardian=guardian,
            way=Consent.Way.PAGE,
            by=by,
            now=now,
        )

    return _do(request, actor, resident_id, act)


def _item(request: HttpRequest) -> Consent.Item:
    said = request.POST.get("item", "")
    if said not in Consent.Item.values:
        raise Invalid(fields={"item": ["unknown_item"]})
    return Consent.Item(said)


@page("sharing", "change")
@require_POST
def withdraw(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Share it no more, from this moment on."""
    by = actor.reference

    def act(resident: Resident, _guardian: Contact | None, now: datetime) -> None:
        consent = resident.consents.filter(item=_item(request), withdrawn_at=None).first()
        if consent is not None:
            actions.withdraw_consent(consent, by=by, now=now)

    return _do(request, actor, resident_id, act)


@page("sharing", "change")
@require_POST
def end_access(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """One contact sees nothing more on their telephone; they are called for help as before."""
    by = actor.reference

    def act(resident: Resident, _guardian: Contact | None, now: datetime) -> None:
        named = {str(each.pk): each for each in resident.contacts.all()}
        contact = named.get(request.POST.get("contact", ""))
        if contact is not None:
            end_family_access(contact, by=by, now=now)

    return _do(request, actor, resident_id, act)
