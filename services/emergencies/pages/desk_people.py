"""Residents on the desk: search, one resident's page, and whom nobody can ring."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.costly import SEARCHES, costly, searched
from backend.accounts.doors import page
from backend.core import clock
from services.alerts.queries import alerts_visible_to
from services.emergencies.actions import record_resident_reading
from services.emergencies.actions.reading import OF_RESIDENT
from services.emergencies.desk import search
from services.emergencies.desk.board import age_years
from services.emergencies.desk.words import living_words, sex_word, titled
from services.emergencies.policies import shown_of_people
from services.emergencies.queries import call_for, calls_visible_to

CALLS_SHOWN = 20
ALERTS_SHOWN = 10


@page("desk", "read")
@costly(SEARCHES, when=searched)
@require_GET
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Residents by name, address or number; a list below the field, or a page of its own."""
    asked = request.GET.get("q", "")
    context = {"asked": asked.strip(), "found": search.found_residents(actor, asked)}
    template = "found" if "HX-Request" in request.headers else "search"
    return render(request, f"emergencies/desk/{template}.html", context)


@page("calls", "identify", room="desk")
@require_GET
def who(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """Residents who may have called, each with a button that says so."""
    call, asked = call_for(actor, call_id, "identify"), request.GET.get("q", "")
    context = {"call": call, "asked": asked.strip(), "found": search.found_residents(actor, asked)}
    template = "who_found" if "HX-Request" in request.headers else "who"
    return render(request, f"emergencies/desk/{template}.html", context)


@page("desk", "read")
@require_GET
def resident(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Who somebody is, their home, their people, their calls."""
    found, now = search.resident_for(actor, resident_id), clock.now()
    reads = shown_of_people(actor)
    if not reads.isdisjoint(OF_RESIDENT):
        record_resident_reading(found, by=actor.reference, shown=reads, now=now)
    age = age_years(found, timezone.localtime(now).date())
    calls = calls_visible_to(actor, "list").filter(resident=found).order_by("-opened_at")
    context = {
        "resident": found,
        "home": found.household,
        "contacts": found.contacts.all(),
        "heading": titled(found.name, age, sex_word(found)),
        "living": living_words(found.living) if "living" in reads else "",
        "reads": reads,
        "calls": calls[:CALLS_SHOWN],
        "alerts": alerts_visible_to(actor, "list").filter(resident=found)[:ALERTS_SHOWN],
        "now": now,
    }
    return render(request, "emergencies/desk/resident.html", context)


@page("desk", "read")
@require_GET
def unreachable(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Residents who, or whose contacts, no provider can ring."""
    rows = search.unreachable_residents(actor)
    context = {"rows": rows, "more": len(rows) == search.UNREACHABLE_SHOWN}
    return render(request, "emergencies/desk/unreachable.html", context)
