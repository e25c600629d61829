"""The dispatcher's pages: the day board, one visit, what is done with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Caregiver
from backend.places.models import Area
from services.visits import actions, codes, policies, texting
from services.visits.board import board_of, candidates_for
from services.visits.difference import proposals_of
from services.visits.forms import AssignForm, BoardForm, CancelForm, MoveForm
from services.visits.models import Visit
from services.visits.queries import visit_for, visits_visible_to

CANDIDATES_SHOWN = 12

Act = Callable[[Visit, datetime], object]


@page("visits", "board", room="desk")
@require_GET
def day_board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A day of an area; which one stands in the address."""
    now = clock.now()
    form = BoardForm(request.GET, actor=actor)
    form.is_valid()
    asked = form.cleaned_data
    day = asked.get("day") or timezone.localdate(now)
    area = asked.get("area") or _own_area(actor)
    team = asked.get("team")
    context = {
        "here": "visits",
        "form": BoardForm({"day": day, "area": area.pk, "team": team and team.pk}, actor=actor),
        "area": area,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_today": day == timezone.localdate(now),
        "board": board_of(
            visits_visible_to(actor, "board"),
            area=area,
            day=day,
            team=team and team.pk,
            page=asked.get("page") or 1,
        ),
        "team": team,
        "proposals": proposals_of(area, day),
        "may_plan": actor.scope("day-plans", "propose") is not None,
        "may_text": actor.scope("visits", "text-day") is not None,
        "may_accept": actor.scope("day-plans", "accept") is not None,
        "now": now,
    }
    return render(request, "visits/board.html", context)


def _own_area(actor: Actor) -> Area:
    area = Area.objects.filter(path=actor.area_path).first()
    if area is None:
        raise NotFound
    return area


@page("visits", "read", room="desk")
@require_GET
def visit(request: HttpRequest, actor: Actor, visit_id: UUID) -> HttpResponse:
    """One visit: planned, happened, and what can be done with it."""
    shown, now = visit_for(actor, visit_id), clock.now()
    code = _code(shown, actor, now)
    record(
        actor=actor.reference,
        action=AuditRow.Action.READ,
        subject=shown.reference,
        resident_id=shown.resident_id,
        fields=["instructions", "notes", *(["code"] if code else [])],
        now=now,
    )
    context = _context(shown, actor, now) | {"code": code}
    return render(request, "visits/visit.html", context)


def _code(shown: Visit, actor: Actor, now: datetime) -> str:
    """The code of the door for a resident who rings and has no app, around the visit only."""
    about_now = policies.is_about(shown, now) and shown.state != Visit.State.CANCELLED
    if actor.scope("visits", "code") is None or not about_now:
        return ""
    code = codes.code_of(shown, at=now)
    return f"{code[:3]} {code[3:]}"


def _context(shown: Visit, actor: Actor, now: datetime) -> dict[str, object]:
    outcomes = {each.task: each for each in shown.task_outcomes.select_related("caregiver")}
    may_act = actor.scope("visits", "assign") is not None
    open_for_change = shown.state in (*Visit.OPEN, Visit.State.MISSED)
    going = [each.caregiver for each in getattr(shown, "going", [])]
    candidates = candidates_for(shown) if may_act and open_for_change else []
    kept = {each.pk for each in going}
    shown_ones = [
        each
        for place, each in enumerate(candidates)
        if place < CANDIDATES_SHOWN or each.caregiver.pk in kept
    ]
    return {
        "here": "visits",
        "visit": shown,
        "going": going,
        "kept": kept,
        "tasks": [(task, outcomes.get(task)) for task in shown.tasks],
        "checks": shown.checks.select_related("caregiver").order_by("device_at"),
        "notes": shown.notes.select_related("caregiver"),
        "may_act": may_act and open_for_change,
        "candidates": shown_ones,
        "move_form": MoveForm(initial={"starts_at": timezone.localtime(shown.window_starts_at)}),
        "cancel_form": CancelForm(),
        "late_at": policies.late_at(shown),
        "now": now,
    }


@page("visits", "assign", room="desk")
@require_POST
def assign(request: HttpRequest, actor: Actor, visit_id: UUID) -> HttpResponse:
    """Let those who were ticked go."""
    shown = visit_for(actor, visit_id, "assign")
    candidates = candidates_for(shown)
    form = AssignForm(request.POST, candidates=candidates)
    if not form.is_valid():
        messages.warning(request, _("Please choose among those who can go."))
        return redirect("desk_visit", visit_id)
    chosen = list(Caregiver.objects.filter(pk__in=form.cleaned_data["caregivers"]).order_by("pk"))
    by = actor.reference
    return _do(
        request,
        shown,
        lambda visit, now: actions.assign_visit(visit, caregivers=chosen, by=by, now=now),
    )


@page("visits", "move", room="desk")
@require_POST
def move(request: HttpRequest, actor: Actor, visit_id: UUID) -> HttpResponse:
    """Another time."""
    shown, form, by = visit_for(actor, visit_id, "move"), MoveForm(request.POST), actor.reference
    if not form.is_valid():
        messages.warning(request, _("Please give a day and an hour."))
        return redirect("desk_visit", visit_id)
    starts_at = form.cleaned_data["starts_at"]
    return _do(
        request,
        shown,
        lambda visit, now: actions.move_visit(visit, starts_at=starts_at, by=by, now=now),
    )


@page("visits", "leave", room="desk")
@require_POST
def leave(request: HttpRequest, actor: Actor, visit_id: UUID) -> HttpResponse:
    """It stays as it is, whatever was asked for."""
    shown, by = visit_for(actor, visit_id, "leave"), actor.reference
    return _do(request, shown, lambda visit, now: actions.leave_as_it_is(visit, by=by, now=now))


@page("visits", "cancel", room="desk")
@require_POST
def cancel(request: HttpRequest, actor: Actor, visit_id: UUID) -> HttpResponse:
    """It will not be."""
    shown, form = visit_for(actor, visit_id, "cancel"), CancelForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Please choose a reason."))
        return redirect("desk_visit", visit_id)
    reason, by = form.cleaned_data["reason"], actor.reference
    return _do(
        request,
        shown,
        lambda visit, now: actions.cancel_visit(visit, reason=reason, by=by, now=now),
    )


@page("visits", "text-day", room="desk")
@require_POST
def text_day(request: HttpRequest, actor: Actor, caregiver_id: UUID) -> HttpResponse:
    """Text a caregiver of the area what is left of today; once a minute at most."""
    caregiver = (
        Caregiver.objects.filter(pk=caregiver_id, area__path__startswith=actor.area_path)
        .select_related("area")
        .first()
    )
    if caregiver is None or not actor.area_path:
        raise NotFound
    now = clock.now()
    cause = f"caregiver:{caregiver.pk}"
    texting.text_day(caregiver, cause=cause, step_run=f"day.{now:%Y%m%d%H%M}", now=now)
    messages.success(request, _("The day is texted to %(name)s.") % {"name": caregiver.name})
    return redirect("desk_visits")


def _do(request: HttpRequest, shown: Visit, act: Act) -> HttpResponse:
    try:
        act(shown, clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("desk_visit", shown.pk)
