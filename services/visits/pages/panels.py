"""The parts about visits that stand on other pages: a resident's, the elder's own, the family's."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import NotFound
from backend.people.models import Consent, Resident
from backend.people.queries import consents_in_force
from services.visits import codes, policies
from services.visits.models import Visit, VisitRequest
from services.visits.queries import (
    care_plans_visible_to,
    requests_visible_to,
    visits_visible_to,
)
from services.visits.words import who_comes

State = Visit.State

SHOWN = 5
CODE_BEFORE = timedelta(minutes=30)
ANSWERS_SHOWN_FOR = timedelta(days=7)


@page("care-plans", "read", room="desk")
@require_GET
def of_resident(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The desk's page of a resident: plans, what comes, what was."""
    now = clock.now()
    reached = residents_condition(actor, actor.scope("care-plans", "read"))
    if not Resident.objects.filter(reached, pk=resident_id).exists():
        raise NotFound
    plans = care_plans_visible_to(actor, "read").filter(resident=resident_id)
    visits = visits_visible_to(actor, "read").filter(resident=resident_id)
    context = {
        "resident_id": resident_id,
        "plans": plans.filter(ended_at=None).order_by("at", "pk"),
        "ahead": visits.filter(window_ends_at__gt=now).order_by("window_starts_at")[:SHOWN],
        "past": visits.filter(window_ends_at__lte=now).order_by("-window_starts_at")[:SHOWN],
        "may_plan": actor.scope("care-plans", "create") is not None,
        "now": now,
    }
    return render(request, "visits/of_resident.html", context)


@page("my-visits", "read")
@require_GET
@never_cache
def of_elder(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The elder's own page: who comes next, and the code for whoever stands at the door."""
    now = clock.now()
    today = timezone.localdate(now)
    coming = visits_visible_to(actor, "read").filter(
        state__in=(*Visit.OPEN, State.IN_PROGRESS),
        window_ends_at__gt=now - policies.MISSED_AFTER,
        day__lte=today + timedelta(days=1),
    )
    visit = coming.order_by("window_starts_at", "pk").first()
    at_the_door = visit is not None and visit.window_starts_at - CODE_BEFORE < now
    code = codes.code_of(visit, at=now) if visit and at_the_door else ""
    context = {
        "visit": visit,
        "sentence": _sentence(visit) if visit else "",
        "is_today": visit is not None and visit.day == today,
        "code": f"{code[:3]} {code[3:]}" if code else "",
        "now": now,
    }
    return render(request, "visits/of_elder.html", context)


def _sentence(visit: Visit) -> str:
    return who_comes(visit, [each.caregiver.name for each in getattr(visit, "going", [])])


@page("family-visits", "read")
@require_GET
@never_cache
def of_family(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A relative's card: who was there today and who comes next, by consent."""
    if resident_id not in actor.household_resident_ids:
        raise NotFound
    now = clock.now()
    visits = visits_visible_to(actor, "read").filter(resident=resident_id)
    today = timezone.localdate(now)
    context = {
        "is_shared": Consent.Item.VISITS in consents_in_force(resident_id),
        "today": visits.filter(day=today)
        .exclude(state=State.CANCELLED)
        .order_by("window_starts_at"),
        "next": visits.filter(day__gt=today, state__in=Visit.OPEN)
        .order_by("window_starts_at")
        .first(),
        "requests": requests_visible_to(actor, "list")
        .filter(resident=resident_id, asked_at__gt=now - ANSWERS_SHOWN_FOR)
        .exclude(state=VisitRequest.State.WITHDRAWN)
        .order_by("-asked_at")[:SHOWN],
        "resident_id": resident_id,
        "now": now,
    }
    return render(request, "visits/of_family.html", context)
