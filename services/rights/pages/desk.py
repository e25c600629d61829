"""Requests on the desk: the queue by what is due, one request, one told to the centre, holds."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import User
from backend.core import clock
from backend.core.errors import DomainError
from backend.people.models import Resident
from services.community.doers import doer_of
from services.rights import actions, policies
from services.rights.decisions import decision_named, decisions_about
from services.rights.forms import (
    FIELDS,
    AnswerForm,
    DeskQuestionForm,
    DeskRequestForm,
    HoldForm,
    RefusalForm,
)
from services.rights.models import RightsRequest
from services.rights.queries import (
    hold_for,
    request_for,
    requests_visible_to,
    resident_reached,
)
from services.rights.record import note_reading
from services.rights.way import EVENT_WORDS

A_PAGE = 50
HERE = "rights"
WAITING = "waiting"

State, Kind = RightsRequest.State, RightsRequest.Kind
Act = Callable[[RightsRequest, User, str, datetime], object]


class RequestFilter(django_forms.Form):
    """Which requests of the queue; those that wait unless the address says otherwise."""

    state = django_forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[(WAITING, _("still open")), ("all", _("all")), *State.choices],
    )
    kind = django_forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("all")), *Kind.choices]
    )


@page("rights-requests", "board", room="desk")
@require_GET
@never_cache
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Requests of the area by what is due first; filters stand in the address."""
    form = RequestFilter({"state": WAITING, **request.GET.dict()})
    form.is_valid()
    state, kind = form.cleaned_data.get("state"), form.cleaned_data.get("kind")
    found = requests_visible_to(actor, "board")
    if state in (None, "", WAITING):
        found = found.filter(state__in=RightsRequest.LIVE)
    elif state != "all":
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    paginator = Paginator(found.order_by("ends_at", "pk"), A_PAGE)
    context = {
        "here": HERE,
        "form": form,
        "page_obj": paginator.get_page(request.GET.get("page")),
        "total": paginator.count,
        "live": RightsRequest.LIVE,
        "now": clock.now(),
    }
    return render(request, "rights/desk_requests.html", context)


@page("rights-requests", "board", room="desk")
@require_GET
@never_cache
def one(request: HttpRequest, actor: Actor, rightsrequest_id: UUID) -> HttpResponse:
    """One request: the one next thing first, then what happened."""
    return _show(request, actor, request_for(actor, rightsrequest_id, "board"))


def _show(
    request: HttpRequest,
    actor: Actor,
    shown: RightsRequest,
    *,
    typed: QueryDict | None = None,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    now = clock.now()
    note_reading(
        shown, fields=["name", "phone", "words", "proof", "answer"], by=actor.reference, now=now
    )
    is_about_decision = shown.kind in (Kind.EXPLAIN, Kind.REVIEW)
    context = {
        "here": HERE,
        "shown": shown,
        "field": dict(FIELDS).get(shown.about, ""),
        "decision": _decision(shown, now) if is_about_decision else None,
        "is_about_decision": is_about_decision,
        "is_by_hand": shown.kind == Kind.CORRECT and shown.about == policies.OTHER,
        **_forms(shown, typed),
        "history": [(EVENT_WORDS.get(e.event, e.event), e) for e in shown.events.all()],
        "copies": shown.copies.filter(expires_at__gt=now),
        "is_mine": shown.owner_id == actor.user_id,
        "is_second": shown.decided_by_id != actor.user_id,
        "may_decide": actor.scope("rights-requests", "approve") is not None,
        "is_live": shown.state in RightsRequest.LIVE,
        "problem": problem,
        "now": now,
    }
    return render(request, "rights/desk_request.html", context, status=status)


def _forms(shown: RightsRequest, typed: QueryDict | None) -> dict[str, django_forms.Form]:
    """What is told with a yes, and with a no; as it was typed in the one that was sent."""
    needed = shown.kind in (Kind.EXPLAIN, Kind.REVIEW) or shown.about == policies.OTHER
    yes, no = (typed if typed and name in typed else None for name in ("a-answer", "r-answer"))
    return {
        "answer_form": AnswerForm(yes, prefix="a", needed=needed),
        "refusal_form": RefusalForm(no, prefix="r"),
    }


def _decision(shown: RightsRequest, now: datetime) -> Any:
    return decision_named(shown.resident, shown.about, now=now, language=get_language() or "")


def _act(name: str, act: Act, *, prefix: str = "") -> Callable[..., HttpResponse]:
    """A POST on a request's page: one action, and back to the page."""

    @page("rights-requests", name, room="desk")
    @require_POST
    def view(request: HttpRequest, actor: Actor, rightsrequest_id: UUID) -> HttpResponse:
        shown = request_for(actor, rightsrequest_id, name)
        answer = request.POST.get(f"{prefix}-answer", "")
        try:
            act(shown, User.objects.get(pk=actor.user_id), answer, clock.now())
        except DomainError as error:
            again = request_for(actor, rightsrequest_id, "board")
            status = HTTPStatus.CONFLICT
            return _show(
                request, actor, again, typed=request.POST, problem=str(error), status=status
            )
        return redirect("desk_rights_request", rightsrequest_id)

    return view


take = _act("take", lambda each, me, _answer, now: actions.take(each, officer=me, now=now))
approve = _act(
    "approve",
    lambda each, me, answer, now: actions.approve(each, officer=me, answer=answer, now=now),
    prefix="a",
)
confirm = _act("confirm", lambda each, me, _answer, now: actions.confirm(each, officer=me, now=now))
refuse = _act(
    "refuse",
    lambda each, me, answer, now: actions.refuse(each, officer=me, answer=answer, now=now),
    prefix="r",
)
thaw = _act("thaw", lambda each, me, _answer, now: actions.end_freeze(each, officer=me, now=now))


@page("rights-requests", "create", room="desk")
@never_cache
def new(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """What somebody asks by telephone or at the counter: first what and who, then the rest."""
    resident = resident_reached(actor, resident_id, "rights-requests", "create")
    question = DeskQuestionForm(request.GET or None)
    if request.method != "POST" and not question.is_valid():
        asked_first = {"here": HERE, "form": question, "resident": resident}
        return render(request, "rights/desk_new_question.html", asked_first)
    now = clock.now()
    about = decisions_about(resident, now=now, language=get_language() or "")
    form = DeskRequestForm(
        request.POST or None,
        initial=question.cleaned_data if question.is_bound else {},
        resident=resident,
        decisions=[(each.key, str(each.title)) for each in about],
    )
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = _taken_down(actor, resident, form.asked, now)
        except DomainError as error:
            problem = str(error)
        else:
            return redirect("desk_rights_request", made.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    said = (request.POST or request.GET).dict()
    context = {
        "here": HERE,
        "form": form,
        "resident": resident,
        "kind": dict(Kind.choices).get(said.get("kind", ""), ""),
        "asker": dict(RightsRequest.Asker.choices).get(said.get("asker", ""), ""),
        "problem": problem,
    }
    return render(request, "rights/desk_new_request.html", context, status=status)


def _taken_down(
    actor: Actor, resident: Resident, asked: dict[str, Any], now: datetime
) -> RightsRequest:
    return actions.ask(resident=resident, by=doer_of(actor), now=now, **asked)


@page("legal-holds", "change", room="desk")
@never_cache
def hold(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Let nothing of a resident be deleted until a day."""
    resident = resident_reached(actor, resident_id, "legal-holds", "change")
    form, problem = HoldForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            by = doer_of(actor)
            actions.place_hold(resident, **form.cleaned_data, by=by, now=clock.now())
        except DomainError as error:
            problem = str(error)
        else:
            return redirect("desk_resident", resident_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    context = {"here": HERE, "form": form, "resident": resident, "problem": problem}
    return render(request, "rights/desk_hold.html", context, status=status)


@page("legal-holds", "change", room="desk")
@require_POST
def lift(_request: HttpRequest, actor: Actor, legalhold_id: UUID) -> HttpResponse:
    """It need not be kept any more."""
    held = hold_for(actor, legalhold_id)
    actions.lift_hold(held, by=doer_of(actor), now=clock.now())
    return redirect("desk_resident", held.resident_id)
