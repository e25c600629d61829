"""The family's page: how their people are, and a call for help as it goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock, journal
from backend.people.models import Contact
from services.emergencies import standing
from services.emergencies.models import EmergencyCall, Offer
from services.emergencies.queries import calls_visible_to
from services.emergencies.today import Day, day_of

State = EmergencyCall.State

EARLIER_CALLS = 3


@dataclass(frozen=True)
class Relative:
    """One resident as their contact sees them today."""

    day: Day
    contact: Contact
    call: EmergencyCall | None
    standing: standing.Standing | None
    offer: Offer | None
    is_responder: bool
    earlier: tuple[EmergencyCall, ...]

    @property
    def is_asked(self) -> bool:
        """Whether the contact may still say that they go."""
        return self.call is not None and self.call.state == State.RINGING


def show_today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All residents this account is a contact of."""
    context = _context(actor, now=clock.now()) | {"since": journal.last_seq()}
    return render(request, "emergencies/family/home.html", context)


@page("calls", "list")
@require_GET
@never_cache
def current(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the page shows at this moment: {"html", "said"}."""
    context = _context(actor, now=clock.now()) | {"csrf_token": ""}
    running = [each.standing.headline for each in context["relatives"] if each.standing]
    html = render_to_string("emergencies/family/now.html", context, request)
    return JsonResponse({"html": html, "said": " ".join(running)})


def _context(actor: Actor, *, now: datetime) -> dict[str, Any]:
    contacts = (
        Contact.objects.filter(pk__in=actor.contact_ids)
        .select_related("resident")
        .order_by("resident__name", "pk")
    )
    return {"relatives": [_relative(actor, contact, now=now) for contact in contacts], "now": now}


def _relative(actor: Actor, contact: Contact, *, now: datetime) -> Relative:
    day = day_of(actor, contact.resident, now=now)
    calls = calls_visible_to(actor, "list").filter(resident=contact.resident)
    emergencies = calls.filter(kind=EmergencyCall.Kind.EMERGENCY)
    call = emergencies.exclude(state=State.RESOLVED).first()
    earlier = emergencies.filter(state=State.RESOLVED).order_by("-opened_at")[:EARLIER_CALLS]
    is_responder = call is not None and call.accepted_by_contact_id == contact.pk
    return Relative(
        day=day,
        contact=contact,
        call=call,
        standing=(
            standing.to_family(call, who=day.who, now=now, is_responder=is_responder)
            if call
            else None
        ),
        offer=call.offers.filter(contact=contact).first() if call else None,
        is_responder=is_responder,
        earlier=tuple(earlier),
    )
