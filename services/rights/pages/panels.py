"""One's data rights as a part of other pages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.people.names import short_name
from services.rights.models import RightsRequest
from services.rights.queries import requests_visible_to, resident_reached

SHOWN = 5


@page("my-rights", "read")
@require_GET
@never_cache
def of_oneself(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """The way to one's own data, below the buttons."""
    return render(request, "rights/parts/own.html")


@page("family-rights", "read")
@require_GET
@never_cache
def of_relative(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The way to a relative's data, on the family's card."""
    resident = resident_reached(actor, resident_id, "family-rights", "read")
    context = {"resident": resident, "who": short_name(resident, get_language() or "")}
    return render(request, "rights/parts/family.html", context)


@page("rights-requests", "board", room="desk")
@require_GET
@never_cache
def of_resident(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """What was asked about a resident, on the desk's page of them."""
    resident = resident_reached(actor, resident_id, "rights-requests", "board")
    asked = requests_visible_to(actor, "board").filter(resident=resident)
    context = {
        "resident": resident,
        "requests": asked.order_by("-asked_at")[:SHOWN],
        "holds": resident.legal_holds.filter(lifted_at=None),
        "may_hold": actor.scope("legal-holds", "change") is not None,
        "live": RightsRequest.LIVE,
        "now": clock.now(),
    }
    return render(request, "rights/parts/resident.html", context)
