"""The resident's own page: a card for what is to be done now, and "I am well"."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import NotFound
from backend.people.models import Resident
from services.wellbeing import actions, queries
from services.wellbeing.api import answered, answerer
from services.wellbeing.models import Occurrence, OkDay, Reminder
from services.wellbeing.serializers import ANSWERS

SHOWN_BEFORE = timedelta(hours=4)
"""How long before its hour "I am well" is offered."""


@page("my-wellbeing", "read")
@require_GET
@never_cache
def reminders_now(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is asked now, each with its answer; nothing while nothing is."""
    open_ones = Occurrence.objects.filter(
        resident=actor.resident_id, state=Occurrence.State.ASKED, asked_at__isnull=False
    )
    context = {
        "asked": open_ones.select_related("reminder").order_by("occurs_at", "pk"),
        "now": clock.now(),
    }
    return render(request, "wellbeing/of_elder.html", context)


@page("occurrences", "answer")
@require_POST
def answer(request: HttpRequest, actor: Actor, occurrence_id: UUID) -> HttpResponse:
    """A button of the card."""
    row = queries.occurrences_visible_to(actor, "answer").filter(pk=occurrence_id).first()
    said = request.POST.get("answer", "")
    if row is None:
        raise NotFound
    if said in {name for name, _label in ANSWERS}:
        answered(row, said, answerer(actor, row.resident))
    return redirect("home")


@page("my-wellbeing", "read")
@require_GET
@never_cache
def ok_now(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The button that says so, if it is due, or when it was said."""
    now = clock.now()
    day = queries.ok_today(actor.resident_id, now) if actor.resident_id else None
    is_due = day is not None and day.state in OkDay.OPEN and day.by_at - SHOWN_BEFORE <= now
    running = Reminder.objects.filter(resident=actor.resident_id, ended_at=None)
    context = {
        "day": day,
        "is_due": is_due,
        "has_reminders": running.exists(),
        "resident_id": actor.resident_id,
        "now": now,
    }
    return render(request, "wellbeing/ok_of_elder.html", context)


def _whose(request: HttpRequest, actor: Actor) -> UUID | None:
    """Oneself, or whom the page of the staff names."""
    if actor.resident_id is not None:
        return actor.resident_id
    try:
        return UUID(request.POST.get("resident", ""))
    except ValueError:
        return None


@page("ok-days", "create")
@require_POST
def say_ok(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All is well with oneself; staff say it of others on their pages."""
    reached = residents_condition(actor, actor.scope("ok-days", "create"))
    residents = Resident.objects.filter(reached).select_related("area", "household")
    key = _whose(request, actor)
    resident = residents.filter(pk=key).first() if key else None
    if resident is not None:
        actions.report_ok(resident, who=answerer(actor, resident), now=clock.now())
    if actor.resident_id is None and resident is not None:
        return redirect("desk_resident", resident.pk)
    return redirect("home")
