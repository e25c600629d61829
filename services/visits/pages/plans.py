"""The desk's forms of care plans and absences."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from services.visits import actions
from services.visits.forms import AbsenceForm, CarePlanForm, initial_of
from services.visits.models import CarePlan, Visit
from services.visits.queries import absences_visible_to, care_plans_visible_to

AHEAD_SHOWN = 10
ABSENCES_SHOWN = 100


@page("care-plans", "create", room="desk")
@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A new plan for a resident."""
    reached = residents_condition(actor, actor.scope("care-plans", "create"))
    resident = Resident.objects.filter(reached, pk=resident_id).select_related("area").first()
    if resident is None:
        raise NotFound
    now = clock.now()
    form = CarePlanForm(request.POST or None, initial={"starts_on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        try:
            plan = actions.create_plan(
                resident=resident, details=form.details(), by=actor.reference, now=now
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("desk_care_plan", plan.pk)
    context = {"here": "visits", "form": form, "resident": resident, "now": now}
    return render(request, "visits/plan.html", context)


@page("care-plans", "change", room="desk")
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, actor: Actor, careplan_id: UUID) -> HttpResponse:
    """One plan, to be looked at and changed."""
    shown, now = _plan(actor, careplan_id, "change"), clock.now()
    form = CarePlanForm(request.POST or None, initial=initial_of(shown))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_plan(
                shown,
                changes=form.details(),
                version=form.cleaned_data["version"],
                by=actor.reference,
                now=now,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Kept. The visits ahead follow the plan."))
            return redirect("desk_care_plan", shown.pk)
    return render(request, "visits/plan.html", _context(shown, form, now))


def _context(shown: CarePlan, form: CarePlanForm, now: datetime) -> dict[str, object]:
    ahead = Visit.objects.filter(plan=shown, window_starts_at__gt=now).order_by("window_starts_at")
    return {
        "here": "visits",
        "form": form,
        "plan": shown,
        "resident": shown.resident,
        "ahead": ahead.prefetch_related("carers")[:AHEAD_SHOWN],
        "now": now,
    }


@page("care-plans", "end", room="desk")
@require_POST
def end_plan(request: HttpRequest, actor: Actor, careplan_id: UUID) -> HttpResponse:
    """End it today."""
    shown = _plan(actor, careplan_id, "end")
    reason = request.POST.get("reason", "").strip()
    actions.end_plan(shown, reason=reason, by=actor.reference, now=clock.now())
    return redirect("desk_care_plan", shown.pk)


def _plan(actor: Actor, careplan_id: UUID, action: str) -> CarePlan:
    found = care_plans_visible_to(actor, action).filter(pk=careplan_id).first()
    if found is None:
        raise NotFound
    return found


@page("absences", "list", room="desk")
@require_GET
def absences(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who is away, now and soon, and a form for another."""
    return _show_absences(request, actor, AbsenceForm(actor=actor))


@page("absences", "create", room="desk")
@require_POST
def add_absence(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Somebody cannot go."""
    form = AbsenceForm(request.POST, actor=actor)
    if not form.is_valid():
        return _show_absences(request, actor, form)
    try:
        actions.record_absence(**form.cleaned_data, by=actor.reference, now=clock.now())
    except DomainError as error:
        form.add_error(None, str(error))
        return _show_absences(request, actor, form)
    return redirect("desk_absences")


@page("absences", "cancel", room="desk")
@require_POST
def cancel_absence(_request: HttpRequest, actor: Actor, absence_id: UUID) -> HttpResponse:
    """They can go after all."""
    found = absences_visible_to(actor, "cancel").filter(pk=absence_id).first()
    if found is None:
        raise NotFound
    actions.cancel_absence(found, by=actor.reference, now=clock.now())
    return redirect("desk_absences")


def _show_absences(request: HttpRequest, actor: Actor, form: AbsenceForm) -> HttpResponse:
    now = clock.now()
    ahead = absences_visible_to(actor, "list").filter(ends_at__gt=now, cancelled_at=None)
    context = {
        "here": "visits",
        "form": form,
        "absences": ahead.order_by("starts_at", "pk")[:ABSENCES_SHOWN],
        "may_add": actor.scope("absences", "create") is not None,
        "now": now,
    }
    return render(request, "visits/absences.html", context)
