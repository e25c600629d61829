"""Who looked at my record, and why: the resident's or their guardian's page, and the desk's."""

from datetime import date
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.names import short_name
from services.trust import actions, queries
from services.trust.errors import NothingSeen
from services.trust.forms import AnswerForm
from services.trust.looks import Look, Whose, look_of, looks_at, whose_looks
from services.trust.pages.opening import base_of

ANSWERED_SHOWN = 30


@page("looks", "read")
@require_GET
@never_cache
def link(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The way here, for the page of what is shared; nothing for those who do not decide."""
    mine = [each.resident.pk for each in whose_looks(actor, now=clock.now())]
    if actor.resident_id != resident_id and resident_id not in actor.household_resident_ids:
        raise NotFound
    return render(request, "trust/parts/looked_link.html", {"shown": resident_id in mine})


@page("looks", "read")
@require_GET
@never_cache
def who_looked(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody who looked, day by day, in plain words."""
    now = clock.now()
    own = whose_looks(actor, now=now)
    records = [(each, _who(each), _by_day(each, actor)) for each in own]
    context = {"records": records, "is_own": bool(actor.resident_id), "now": now}
    return render(request, "trust/who_looked.html", context)


def _who(whose: Whose) -> str:
    return short_name(whose.resident, get_language() or "")


def _by_day(whose: Whose, actor: Actor) -> list[tuple[date, list[Look]]]:
    looks = looks_at(whose.resident, now=clock.now(), besides=actor.user_id)
    return [(day, list(of_day)) for day, of_day in groupby(looks, key=lambda look: look.day)]


@page("looks", "ask")
@require_POST
def ask(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Why? One press; the question lands at the care centre."""
    now = clock.now()
    try:
        own = {str(each.resident.pk): each for each in whose_looks(actor, now=now)}
        whose = own.get(request.POST.get("resident", ""))
        looked_by, looked_on = _look_named(request.POST.get("look", ""))
        if whose is None:
            raise NothingSeen
        actions.ask_why(
            whose, looked_by=looked_by, looked_on=looked_on, by=actor.reference, now=now
        )
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("We have asked. You hear from us within 15 days."))
    return redirect("who_looked")


def _look_named(text: str) -> tuple[UUID, date]:
    """Of "<account>.<day>": who and when.

    Raises:
        NothingSeen: it is no such thing.
    """
    key, _, day = text.partition(".")
    try:
        looked_by, looked_on = UUID(key), parse_date(day)
    except ValueError as error:
        raise NothingSeen from error
    if looked_on is None:
        raise NothingSeen
    return looked_by, looked_on


@page("look-questions", "list")
@require_GET
@never_cache
def questions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Questions of the area, with what the audit says of that day."""
    now = clock.now()
    rows = queries.questions_visible_to(actor)
    waiting = rows.filter(answered_at=None)
    context = {
        "base": base_of(actor),
        "here": "reviews",
        "waiting": [(each, look_of(each, now=now)) for each in waiting],
        "answered": rows.exclude(answered_at=None).order_by("-answered_at")[:ANSWERED_SHOWN],
        "form": AnswerForm(auto_id=False),
        "own": actor.user_id,
        "now": now,
    }
    return render(request, "trust/questions.html", context)


@page("look-questions", "answer")
@require_POST
def answer(request: HttpRequest, actor: Actor, lookquestion_id: UUID) -> HttpResponse:
    """Answer one."""
    found = queries.questions_visible_to(actor, "answer").filter(pk=lookquestion_id).first()
    if found is None:
        raise NotFound
    try:
        actions.answer_question(
            found,
            because=request.POST.get("because", ""),
            answer=request.POST.get("answer", "")[:500],
            actor=actor,
            now=clock.now(),
        )
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("They are told now."))
    return redirect("look_questions")
