"""Opening a record in an emergency, reading it while it is open, and reviewing it afterwards."""

import math
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from services.trust import actions, queries
from services.trust.forms import OpenForm, ReviewForm
from services.trust.models import RecordOpening
from services.trust.serializers import GrantedSerializer

OWN_SHOWN = 10
REVIEWED_SHOWN = 30
ASK_NO_MORE = 286
"""htmx takes the answer and stops asking. Source: htmx documentation, polling."""


def base_of(actor: Actor) -> str:
    """The desk's frame for those who have a desk, else the plain one of staff."""
    return "emergencies/desk/base.html" if actor.scope("desk", "read") else "web/staff_base.html"


@page("record-openings", "create")
@require_GET
@never_cache
def link(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """The way here, for the caregiver's page."""
    return render(request, "trust/parts/opening_link.html")


@page("record-openings", "create")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def break_glass(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find one person by exactly what is known, say why, and read what helps them."""
    form = OpenForm(request.POST or None)
    now = clock.now()
    if request.method == "POST" and form.is_valid():
        try:
            opening = actions.find_and_open(form.wanted(), actor=actor, reason=form.why(), now=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("opening", opening.pk)
    context = {
        "base": base_of(actor),
        "here": "openings",
        "form": form,
        "own": queries.openings_visible_to(actor)[:OWN_SHOWN],
        "now": now,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "trust/break_glass.html", context, status=status)


def _own(actor: Actor, opening_id: UUID, action: str) -> RecordOpening:
    opening = queries.openings_visible_to(actor, action).filter(pk=opening_id).first()
    if opening is None:
        raise NotFound
    return opening


@page("record-openings", "read")
@require_GET
@never_cache
def opening(request: HttpRequest, actor: Actor, opening_id: UUID) -> HttpResponse:
    """The record while it is open; the page asks every second and shows nothing from its end on."""
    now = clock.now()
    shown = _own(actor, opening_id, "read")
    context = {"base": base_of(actor), "here": "openings", **_shown(shown, now)}
    if "HX-Request" in request.headers:
        if shown.is_open(now):
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return render(request, "trust/parts/record.html", context, status=ASK_NO_MORE)
    if shown.is_open(now):
        actions.note_reading(shown, by=actor.reference, now=now)
    return render(request, "trust/opening.html", context)


def _shown(shown: RecordOpening, now: datetime) -> dict[str, Any]:
    is_open = shown.is_open(now)
    return {
        "opening": shown,
        "record": GrantedSerializer(shown.resident).data if is_open else None,
        "resident": shown.resident if is_open else None,
        "contacts": shown.resident.contacts.all() if is_open else (),
        "left_s": math.ceil((shown.ended_at - now).total_seconds()) if is_open else 0,
        "now": now,
    }


@page("record-openings", "close")
@require_POST
def close(_request: HttpRequest, actor: Actor, opening_id: UUID) -> HttpResponse:
    """It is not needed any more."""
    closed = _own(actor, opening_id, "close")
    actions.close_opening(closed, by=actor.reference, now=clock.now())
    return redirect("opening", opening_id)


@page("opening-reviews", "list")
@require_GET
@never_cache
def reviews(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Openings of the area: those that nobody has reviewed first."""
    rows = queries.reviews_visible_to(actor)
    context = {
        "base": base_of(actor),
        "here": "reviews",
        "waiting": rows.filter(reviewed_at=None),
        "reviewed": rows.exclude(reviewed_at=None).order_by("-reviewed_at")[:REVIEWED_SHOWN],
        "form": ReviewForm(auto_id=False),
        "own": actor.user_id,
        "may_answer": actor.scope("look-questions", "list") is not None,
        "now": clock.now(),
    }
    return render(request, "trust/reviews.html", context)


@page("opening-reviews", "review")
@require_POST
def review(request: HttpRequest, actor: Actor, opening_id: UUID) -> HttpResponse:
    """Judge one."""
    found = queries.reviews_visible_to(actor, "review").filter(pk=opening_id).first()
    if found is None:
        raise NotFound
    try:
        actions.review_opening(
            found,
            verdict=request.POST.get("verdict", ""),
            note_text=request.POST.get("note", "")[:500],
            actor=actor,
            now=clock.now(),
        )
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("This is kept."))
    return redirect("opening_reviews")
