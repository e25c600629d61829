"""The form of a home visit, for the telephones of the two who make it."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import Role
from backend.core import clock
from backend.core.errors import DomainError
from services.assistance.cases import actions, queries
from services.assistance.cases.doers import doer_of
from services.assistance.cases.forms import SignForm, VisitForm
from services.assistance.cases.record import note_reading
from services.assistance.models import HomeVisit


@page("home-visits", "read")
@require_GET
def visit(request: HttpRequest, actor: Actor, homevisit_id: UUID) -> HttpResponse:
    """Where, with whom, what was seen, and the signatures."""
    return _show(request, actor, queries.visit_for(actor, homevisit_id))


@page("home-visits", "fill")
@require_POST
def fill(request: HttpRequest, actor: Actor, homevisit_id: UUID) -> HttpResponse:
    """Write down what was seen."""
    found = queries.visit_for(actor, homevisit_id, "fill")
    form = VisitForm(request.POST)
    if not form.is_valid():
        return _show(request, actor, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        actions.fill_visit(found, **form.cleaned_data, by=doer_of(actor), now=clock.now())
    except DomainError as error:
        return _show(
            request, actor, found, form=form, problem=str(error), status=HTTPStatus.CONFLICT
        )
    return redirect("home_visit", homevisit_id)


@page("home-visits", "sign")
@require_POST
def sign(request: HttpRequest, actor: Actor, homevisit_id: UUID) -> HttpResponse:
    """Sign; the telephone says where, if it may."""
    found = queries.visit_for(actor, homevisit_id, "sign")
    form = SignForm(request.POST)
    place = form.cleaned_data if form.is_valid() else {"lat": None, "lon": None}
    try:
        actions.sign_visit(
            found, user_id=actor.user_id, **place, by=doer_of(actor), now=clock.now()
        )
    except DomainError as error:
        return _show(request, actor, found, problem=str(error), status=HTTPStatus.CONFLICT)
    return redirect("home_visit", homevisit_id)


@page("home-visits", "rounds")
@require_GET
def rounds(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The home visits that this caregiver makes: a part of their page."""
    visits = queries.visits_visible_to(actor, "rounds").filter(done_at=None)
    context = {"visits": visits.order_by("planned_at"), "now": clock.now()}
    return render(request, "assistance/parts/rounds.html", context)


def _show(
    request: HttpRequest,
    actor: Actor,
    found: HomeVisit,
    *,
    form: VisitForm | None = None,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    note_reading(found.case, by=actor.reference, now=clock.now())
    own = next((each for each in found.staff.all() if each.user_id == actor.user_id), None)
    context: dict[str, Any] = {
        "visit": found,
        "case": found.case,
        "home": found.case.resident.household,
        "form": form or VisitForm(initial=_written(found)),
        "own": own,
        "problem": problem,
        "is_office": actor.role == Role.OFFICER,
        "now": clock.now(),
    }
    return render(request, "assistance/visit.html", context, status=status)


def _written(visit: HomeVisit) -> dict[str, Any]:
    return {
        "household_size": visit.household_size or visit.case.household_size,
        "findings": visit.findings,
        "household_signed_by": visit.household_signed_by,
    }
