"""Offers as parts of other people's pages, and the answer given there."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import Role
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Consent, Contact, Resident
from backend.people.names import short_name
from backend.people.queries import consents_in_force, is_guardian_of
from services.assistance.models import BenefitOffer
from services.assistance.offers import actions, queries
from services.assistance.offers.actions import Answerer
from services.assistance.policy.rules import benefits

TAKE, LEAVE, PERSON = "take", "leave", "person"
Via = BenefitOffer.Via


def _cards(actor: Actor, action: str, resident_id: UUID | None = None) -> list[dict[str, object]]:
    language = get_language() or ""
    rows = queries.open_for(actor, action)
    if resident_id is not None:
        rows = rows.filter(resident=resident_id)
    return [{"offer": row, "benefit": benefits()[row.benefit].name.said(language)} for row in rows]


@page("benefit-offers", "own")
@require_GET
@never_cache
def of_oneself(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one was offered, with its answer in one tap."""
    context = {"cards": _cards(actor, "own"), "may_answer": True, "who": ""}
    return render(request, "assistance/parts/offer_card.html", context)


@page("benefit-offers", "family")
@require_GET
@never_cache
def of_relative(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """What a relative was offered; nothing where the resident does not share it."""
    reached = residents_condition(actor, actor.scope("benefit-offers", "family"))
    resident = Resident.objects.filter(reached, pk=resident_id).first()
    if resident is None:
        raise NotFound
    shares = Consent.Item.ASSISTANCE in consents_in_force(resident.pk)
    context = {
        "cards": _cards(actor, "family", resident.pk) if shares else [],
        "may_answer": _guardian(actor, resident) is not None,
        "who": short_name(resident, get_language() or ""),
    }
    return render(request, "assistance/parts/offer_card.html", context)


@page("benefit-offers", "answer")
@require_POST
def answer(request: HttpRequest, actor: Actor, benefitoffer_id: UUID) -> HttpResponse:
    """Take it, leave it, or ask for a person, in the app."""
    offer = queries.offer_for(actor, benefitoffer_id, "answer")
    choice = request.POST.get("choice")
    by = answerer_of(actor, offer)
    try:
        if choice == PERSON:
            actions.ask_for_person(offer, by=by, now=clock.now())
        elif choice in {TAKE, LEAVE}:
            actions.answer_offer(offer, takes=choice == TAKE, by=by, now=clock.now())
        else:
            return redirect("/")
    except DomainError as error:
        context = {"problem": str(error)}
        return render(
            request, "assistance/offer_answered.html", context, status=HTTPStatus.CONFLICT
        )
    offer.refresh_from_db()
    context_of = {"offer": offer, "choice": choice}
    return render(request, "assistance/offer_answered.html", context_of)


def answerer_of(actor: Actor, offer: BenefitOffer) -> Answerer:
    """Who answers: the person, a relative as their contact, or an officer for them."""
    if actor.role == Role.RESIDENT:
        return Answerer(f"resident:{actor.resident_id}", Via.APP)
    if actor.role == Role.FAMILY:
        contact = _guardian(actor, offer.resident) or _contact(actor, offer.resident)
        return Answerer(f"contact:{contact.pk}" if contact else actor.reference, Via.APP)
    return Answerer(actor.reference, Via.STAFF, actor.user_id)


def _contact(actor: Actor, resident: Resident) -> Contact | None:
    return resident.contacts.filter(pk__in=actor.contact_ids).first()


def _guardian(actor: Actor, resident: Resident) -> Contact | None:
    today = timezone.localdate(clock.now())
    own = resident.contacts.filter(pk__in=actor.contact_ids)
    return next((each for each in own if is_guardian_of(each, resident, today=today)), None)
