"""Asking for a visit, or for another time; and the desk's answer."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from backend.people.names import short_name
from services.visits import actions, queries
from services.visits.forms import AgreeForm, AskForm, DeclineForm, WishForm
from services.visits.models import VisitRequest

SHOWN = 100

Act = Callable[[VisitRequest, datetime], object]


@page("visit-requests", "create")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """What for, and when it would suit."""
    reached = residents_condition(actor, actor.scope("visit-requests", "create"))
    resident = Resident.objects.filter(reached, pk=resident_id).select_related("area").first()
    if resident is None:
        raise NotFound
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.ask_for_visit(
            resident,
            **form.cleaned_data,
            by=actor.reference,
            name=actor.name,
            contact=queries.own_contact(actor, resident),
            now=clock.now(),
        )
        messages.success(
            request, gettext("The care centre has it. You will hear when, or why not.")
        )
        return redirect("home")
    is_own = actor.resident_id == resident.pk
    who = "" if is_own else short_name(resident, get_language() or "")
    return render(request, "visits/ask.html", {"form": form, "who": who})


@page("visits", "wish")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def wish(request: HttpRequest, actor: Actor, visit_id: UUID) -> HttpResponse:
    """Another time for a visit, or none."""
    visit = queries.visit_for(actor, visit_id, "wish")
    form = WishForm(request.POST or None, initial={"wish": visit.wish})
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_to_change(
                visit, wish=form.cleaned_data["wish"], by=actor.reference, now=clock.now()
            )
        except DomainError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, gettext("The care centre has it and will answer."))
        return redirect("home")
    return render(request, "visits/wish.html", {"form": form, "visit": visit, "now": clock.now()})


@page("visit-requests", "withdraw")
@require_POST
def withdraw(_request: HttpRequest, actor: Actor, visitrequest_id: UUID) -> HttpResponse:
    """Nobody need answer it any more."""
    asked = queries.request_for(actor, visitrequest_id, "withdraw")
    actions.withdraw_request(asked, by=actor.reference, now=clock.now())
    return redirect("home")


@page("visit-requests", "list", room="desk")
@require_GET
def requests(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for an answer, oldest first, each with its two answers."""
    found = queries.requests_visible_to(actor, "list").filter(state=VisitRequest.State.OPEN)
    context = {
        "here": "visits",
        "rows": [_row(each) for each in found.order_by("asked_at", "pk")[:SHOWN]],
        "total": found.count(),
        "may_answer": actor.scope("visit-requests", "agree") is not None,
        "now": clock.now(),
    }
    return render(request, "visits/requests.html", context)


def _row(asked: VisitRequest) -> tuple[VisitRequest, AgreeForm, DeclineForm]:
    """A request with its two forms, whose fields have names of their own on the page."""
    return (
        asked,
        AgreeForm(auto_id=f"agree-{asked.pk}-%s"),
        DeclineForm(auto_id=f"no-{asked.pk}-%s"),
    )


@page("visit-requests", "agree", room="desk")
@require_POST
def agree(request: HttpRequest, actor: Actor, visitrequest_id: UUID) -> HttpResponse:
    """Somebody comes: the visit is made, and whoever asked is told."""
    asked, form = queries.request_for(actor, visitrequest_id, "agree"), AgreeForm(request.POST)
    by = actor.reference
    return _answer(
        request,
        asked,
        form,
        lambda each, now: actions.agree_to_request(each, **form.cleaned_data, by=by, now=now),
    )


@page("visit-requests", "decline", room="desk")
@require_POST
def decline(request: HttpRequest, actor: Actor, visitrequest_id: UUID) -> HttpResponse:
    """It is not possible, and why."""
    asked, form = queries.request_for(actor, visitrequest_id, "decline"), DeclineForm(request.POST)
    by = actor.reference
    return _answer(
        request,
        asked,
        form,
        lambda each, now: actions.decline_request(each, **form.cleaned_data, by=by, now=now),
    )


def _answer(
    request: HttpRequest, asked: VisitRequest, form: AgreeForm | DeclineForm, act: Act
) -> HttpResponse:
    if not form.is_valid():
        messages.warning(request, gettext("Please give a day and an hour, or a reason."))
        return redirect("desk_visit_requests")
    try:
        act(asked, clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("desk_visit_requests")
