"""Cases as parts of other people's pages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import NotFound
from backend.people.models import Consent, Resident
from backend.people.names import short_name
from backend.people.queries import consents_in_force
from services.assistance.cases import queries
from services.assistance.cases.standing import standing_of

SHOWN = 3


def resident_reached(actor: Actor, resident_id: UUID, action: str) -> Resident:
    """One resident whom the actor reaches for an action on cases.

    Raises:
        NotFound: there is none.
    """
    reached = residents_condition(actor, actor.scope("cases", action))
    resident = Resident.objects.filter(reached, pk=resident_id).first()
    if resident is None:
        raise NotFound
    return resident


@page("cases", "create", room="desk")
@require_GET
def of_resident(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A resident's cases, on the desk's page about them."""
    resident = resident_reached(actor, resident_id, "create")
    cases = queries.cases_visible_to(actor, "list").filter(resident=resident)
    context = {"resident": resident, "cases": cases.order_by("-opened_at"), "now": clock.now()}
    return render(request, "assistance/parts/resident.html", context)


@page("cases", "family")
@require_GET
def of_relative(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """How a relative's applications stand; nothing where the resident does not share it."""
    resident = resident_reached(actor, resident_id, "family")
    shares = Consent.Item.ASSISTANCE in consents_in_force(resident.pk)
    cases = queries.cases_visible_to(actor, "family").filter(resident=resident)
    context = {
        "resident": resident,
        "who": short_name(resident, get_language() or ""),
        "shares": shares,
        "standings": [standing_of(case) for case in cases.order_by("-opened_at")[:SHOWN]],
    }
    return render(request, "assistance/parts/family.html", context)


@page("cases", "own")
@require_GET
def of_oneself(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How one's own applications stand, below the buttons."""
    cases = queries.still_open(queries.cases_visible_to(actor, "own"))
    context = {"standings": [standing_of(case) for case in cases.order_by("-opened_at")[:SHOWN]]}
    return render(request, "assistance/parts/own.html", context)
