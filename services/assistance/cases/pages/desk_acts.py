"""What an officer does with a case on its page; each act is a row of the access table."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError
from services.assistance.cases import actions, clocks, queries
from services.assistance.cases.applying import staff_around
from services.assistance.cases.doers import Doer, doer_of
from services.assistance.cases.errors import NotRunning
from services.assistance.cases.forms import ClockForm, PaperForm
from services.assistance.cases.pages.desk import show_case
from services.assistance.cases.sheet import sent_form
from services.assistance.models import AssistanceCase, Deadline

Do = Callable[[AssistanceCase, Any, Doer, datetime], object]
View = Callable[..., HttpResponse]


def _act(name: str, do: Do, *, form: type[django_forms.Form] | None = None) -> View:
    """A POST on a case's page: its form, one action, and back to the page.

    What cannot be used comes back as it was sent, with the reason.
    """

    @page("cases", name, room="desk")
    @require_POST
    def view(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
        case = queries.case_for(actor, case_id, name)
        sent = form(request.POST) if form else sent_form(name, case, request.POST)
        if not sent.is_valid():
            return show_case(
                request,
                actor,
                case,
                bound={name: sent},
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
            )
        try:
            do(case, sent, doer_of(actor), clock.now())
        except DomainError as error:
            return show_case(
                request,
                actor,
                queries.case_for(actor, case_id, name),
                problem=str(error),
                bound={} if form else {name: sent},
                status=HTTPStatus.CONFLICT,
            )
        return redirect("desk_case", case_id)

    return view


def _clock(case: AssistanceCase, sent: Any) -> Deadline:
    found = case.deadlines.filter(kind=sent.cleaned_data["clock"], stopped_at=None).first()
    if found is None:
        raise NotRunning
    return found


def _plan(case: AssistanceCase, sent: Any, by: Doer, now: datetime) -> object:
    chosen = dict(sent.cleaned_data)
    staff = staff_around(case, map(UUID, chosen.pop("staff")))
    return actions.plan_visit(case, staff=staff, **chosen, by=by, now=now)


Nothing = django_forms.Form

receive_paper = _act(
    "receive-paper",
    lambda case, sent, by, now: actions.receive_paper(case, **sent.cleaned_data, by=by, now=now),
    form=PaperForm,
)
list_missing = _act(
    "list-missing",
    lambda case, _sent, by, now: actions.list_missing(case, by=by, now=now),
    form=Nothing,
)
accept = _act(
    "accept", lambda case, _sent, by, now: actions.accept_case(case, by=by, now=now), form=Nothing
)
record_data = _act(
    "record-data",
    lambda case, sent, by, now: actions.record_data_check(case, **sent.found, by=by, now=now),
)
plan_visit = _act("plan-visit", _plan)
propose = _act(
    "propose",
    lambda case, sent, by, now: actions.propose(case, **sent.opinion, by=by, now=now),
)
object_ = _act(
    "object",
    lambda case, sent, by, now: actions.object_to_notice(case, **sent.cleaned_data, by=by, now=now),
)
confirm = _act(
    "confirm",
    lambda case, sent, by, now: actions.confirm(case, **sent.cleaned_data, by=by, now=now),
)
send_back = _act(
    "send-back",
    lambda case, sent, by, now: actions.return_case(case, **sent.cleaned_data, by=by, now=now),
)
issue_letter = _act(
    "issue-letter",
    lambda case, _sent, by, now: actions.issue_letter(case, by=by, now=now),
    form=Nothing,
)
keep = _act(
    "keep", lambda case, sent, by, now: actions.keep(case, **sent.cleaned_data, by=by, now=now)
)
appeal = _act(
    "appeal",
    lambda case, sent, by, now: actions.appeal(case, **sent.cleaned_data, by=by, now=now),
)
decide_appeal = _act(
    "decide-appeal",
    lambda case, sent, by, now: actions.decide_appeal(case, **sent.decision, by=by, now=now),
)
withdraw = _act(
    "withdraw",
    lambda case, sent, by, now: actions.withdraw(case, **sent.cleaned_data, by=by, now=now),
)
note = _act(
    "note",
    lambda case, sent, by, now: actions.add_note(
        case, text=sent.cleaned_data["note"], by=by, now=now
    ),
)
pause = _act(
    "pause",
    lambda case, sent, by, now: clocks.pause(
        _clock(case, sent), reason=sent.cleaned_data["reason"], by=by, now=now
    ),
    form=ClockForm,
)
resume = _act(
    "resume",
    lambda case, sent, by, now: clocks.resume(_clock(case, sent), by=by, now=now),
    form=ClockForm,
)
extend = _act(
    "extend",
    lambda case, sent, by, now: clocks.extend(
        _clock(case, sent),
        days=sent.cleaned_data["days"] or 0,
        reason=sent.cleaned_data["reason"],
        by=by,
        now=now,
    ),
    form=ClockForm,
)
assign = _act(
    "assign",
    lambda case, _sent, by, now: actions.take_charge(case, by=by, now=now),
    form=Nothing,
)
