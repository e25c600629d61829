"""Rules and amounts on the desk: what is in force, what is missing, how many are found."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from services.assistance.models import EnteredParameter
from services.assistance.policy import actions, gathering, packs, queries, screening, vocabulary
from services.assistance.policy.forms import ParameterForm
from services.assistance.policy.rules import benefits

HERE = "offers"


@page("entered-parameters", "list", room="desk")
@require_GET
def law(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Each benefit with its values and gaps, what waits for a second officer, and the counts."""
    return _show(request, actor, name=request.GET.get("enter", ""), now=clock.now())


def _show(
    request: HttpRequest,
    actor: Actor,
    *,
    name: str,
    now: datetime,
    form: ParameterForm | None = None,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    language = get_language() or ""
    today = timezone.localdate(now)
    is_known = name in vocabulary.parameters()
    context: dict[str, Any] = {
        "here": HERE,
        "pack": packs.current(),
        "pack_title": packs.current().title.said(language),
        "laws": queries.laws_on(today, district=_district(actor), language=language),
        "waiting": [
            (row, vocabulary.named(row.name, language), _shown(row, language))
            for row in EnteredParameter.objects.filter(confirmed_by=None).select_related(
                "entered_by"
            )
        ],
        "counts": [
            (benefits()[each.benefit].name.said(language), each)
            for each in screening.counts_for(actor)
        ],
        "entering": vocabulary.named(name, language) if is_known else "",
        "name": name,
        "form": form or (_form(name, language, today) if is_known else None),
        "problem": problem,
        "user_id": actor.user_id,
        "now": now,
    }
    return render(request, "assistance/policy.html", context, status=status)


def _district(actor: Actor) -> str:
    return gathering.district_of(actor.area_path)


def _shown(row: EnteredParameter, language: str) -> str:
    return vocabulary.parameters()[row.name].shown(row.value, language)


def _form(name: str, language: str, today: date) -> ParameterForm:
    initial = {"level": EnteredParameter.Level.CITY, "since": today.replace(month=1, day=1)}
    return ParameterForm(name=name, language=language, initial=initial)


@page("entered-parameters", "create", room="desk")
@require_POST
def enter(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a value; it counts once a second officer confirms it."""
    name, now = request.POST.get("name", ""), clock.now()
    if name not in vocabulary.parameters():
        return _show(request, actor, name="", now=now, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    form = ParameterForm(request.POST, name=name, language=get_language() or "")
    problem, status = "", HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            actions.enter_parameter(
                name=name, code=_district(actor), **form.entered, by=actor.user_id, now=now
            )
        except DomainError as error:
            problem, status = str(error), HTTPStatus.CONFLICT
        else:
            return redirect("desk_policy")
    return _show(request, actor, name=name, now=now, form=form, problem=problem, status=status)


@page("entered-parameters", "confirm", room="desk")
@require_POST
def confirm(request: HttpRequest, actor: Actor, enteredparameter_id: int) -> HttpResponse:
    """Let a colleague's value count."""
    now = clock.now()
    try:
        actions.confirm_parameter(_row(enteredparameter_id), by=actor.user_id, now=now)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        status = HTTPStatus.CONFLICT
        return _show(request, actor, name="", now=now, problem=str(error), status=status)
    return redirect("desk_policy")


@page("entered-parameters", "drop", room="desk")
@require_POST
def drop(_request: HttpRequest, actor: Actor, enteredparameter_id: int) -> HttpResponse:
    """Take back a value that nobody has confirmed."""
    actions.drop_parameter(_row(enteredparameter_id), by=actor.user_id, now=clock.now())
    return redirect("desk_policy")


def _row(key: int) -> EnteredParameter:
    row = EnteredParameter.objects.filter(pk=key).first()
    if row is None:
        raise NotFound
    return row
