"""Applying and following one's application: the resident's own pages, and the family's."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import Role
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from backend.people.names import short_name
from backend.people.queries import consents_in_force
from services.assistance.cases import actions, queries
from services.assistance.cases.applying import apply_for
from services.assistance.cases.doers import doer_of
from services.assistance.cases.forms import ApplicationForm, ReasonForm
from services.assistance.cases.pages.panels import resident_reached
from services.assistance.cases.procedures import PAPERS
from services.assistance.cases.standing import standing_of
from services.assistance.models import AssistanceCase
from services.assistance.models.cases import GRANTED, State


def _own(actor: Actor) -> Resident:
    if actor.resident_id is None:
        raise NotFound
    return Resident.objects.select_related("area").get(pk=actor.resident_id)


@page("cases", "own")
@require_GET
def own_cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own applications."""
    cases = queries.cases_visible_to(actor, "own").order_by("-opened_at")
    context = {"standings": [standing_of(case) for case in cases], "apply": "apply"}
    return render(request, "assistance/own_cases.html", context)


@page("cases", "own")
def apply(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Apply for oneself."""
    return _apply(request, actor, _own(actor))


@page("cases", "family")
def apply_for_relative(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Apply for a relative who shares benefits with one."""
    return _apply(request, actor, resident_reached(actor, resident_id, "family"))


def _apply(request: HttpRequest, actor: Actor, resident: Resident) -> HttpResponse:
    form = ApplicationForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "who": short_name(resident, get_language() or "") if actor.role == Role.FAMILY else "",
        "shares": actor.role == Role.RESIDENT or "assistance" in consents_in_force(resident.pk),
    }
    if request.method == "POST" and form.is_valid():
        try:
            case = apply_for(actor, resident, **form.cleaned_data, now=clock.now())
        except DomainError as error:
            context["problem"] = str(error)
        else:
            return redirect("my_case", case.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "assistance/apply.html", context, status=status)


@page("cases", "follow")
@require_GET
def followed(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """Where an application stands, like a parcel on its way."""
    return _show(request, actor, queries.case_for(actor, case_id))


@page("cases", "appeal")
@require_POST
def appeal(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """Appeal against the decision."""
    case = queries.case_for(actor, case_id, "appeal")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, actor, case, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        actions.appeal(case, **form.cleaned_data, by=doer_of(actor), now=clock.now())
    except DomainError as error:
        return _show(request, actor, case, problem=str(error), status=HTTPStatus.CONFLICT)
    return redirect("my_case", case_id)


@page("cases", "withdraw")
@require_POST
def withdraw(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """Take the application back."""
    case = queries.case_for(actor, case_id, "withdraw")
    try:
        actions.withdraw(case, by=doer_of(actor), now=clock.now())
    except DomainError as error:
        return _show(request, actor, case, problem=str(error), status=HTTPStatus.CONFLICT)
    return redirect("my_case", case_id)


def _show(
    request: HttpRequest,
    actor: Actor,
    case: AssistanceCase,
    *,
    form: ReasonForm | None = None,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    is_own = actor.role == Role.RESIDENT
    decided = case.state in {State.REFUSED, State.STOPPED, *GRANTED}
    context = {
        "standing": standing_of(case),
        "case": case,
        "missing": [
            PAPERS.get(each.kind, each.kind)
            for each in actions.missing_papers(case)
            if case.told_missing_at and case.accepted_at is None
        ],
        "letters": case.letters.all() if is_own or actor.role == Role.FAMILY else [],
        "may_appeal": is_own and decided and case.state != State.REVIEW,
        "may_withdraw": is_own and not decided and case.decided_at is None and not case.is_closed,
        "form": form or ReasonForm(),
        "problem": problem,
    }
    return render(request, "assistance/my_case.html", context, status=status)
