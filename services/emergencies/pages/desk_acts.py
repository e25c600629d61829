"""What an operator does with a call; each is a form of the sheet that works without a script.

A script asks for the changed parts by a header; without it the browser is sent to the call's page.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, Invalid, NotFound
from services.emergencies import actions, queries
from services.emergencies.errors import CallTaken
from services.emergencies.models import EmergencyCall
from services.emergencies.pages.desk import (
    parts_of_call,
    read_again,
    show_call,
    wants_parts,
)
from services.emergencies.responders import named_resident, named_responder

Act = Callable[[EmergencyCall, datetime], object]
NOTE_MAX = 2_000
MINUTES_MAX = 600


@page("calls", "take", room="desk")
@require_POST
def take(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """Look after the call; from a colleague only if it is still the one who was shown."""

    def act(call: EmergencyCall, now: datetime) -> object:
        shown = request.POST.get("from", "")
        return actions.take_call(
            call,
            by=actor.reference,
            name=actor.name,
            now=now,
            from_colleague=bool(shown) and shown == call.handled_by,
        )

    return _do(request, actor, call_id, "take", act)


@page("calls", "call-back", room="desk")
@require_POST
def call_back(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """The operator speaks with the resident, or nobody answered after all."""
    said = actions.mark_no_answer if request.POST.get("no_answer") else actions.mark_spoken
    return _do(
        request,
        actor,
        call_id,
        "call-back",
        lambda call, now: said(call, by=actor.reference, now=now),
    )


@page("calls", "note", room="desk")
@require_POST
def note(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """Write something down; nothing written changes nothing."""
    text = request.POST.get("text", "").strip()[:NOTE_MAX]

    def act(call: EmergencyCall, now: datetime) -> object:
        return text and actions.add_note(
            call, by=actor.reference, name=actor.name, text=text, now=now
        )

    return _do(request, actor, call_id, "note", act)


@page("calls", "hand-over", room="desk")
@require_POST
def hand_over(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """Ask somebody to go, or with nobody named: let it ring again."""
    to = request.POST.get("to", "")

    def act(call: EmergencyCall, now: datetime) -> object:
        asked = named_responder(to, call) if to else None
        return actions.hand_over(call, by=actor.reference, to=asked, now=now)

    return _do(request, actor, call_id, "hand-over", act)


@page("calls", "accept", room="desk")
@require_POST
def accept(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """Somebody told the operator that they are going."""

    def act(call: EmergencyCall, now: datetime) -> object:
        responder = named_responder(
            request.POST.get("responder", ""), call, minutes=_minutes(request)
        )
        return actions.accept_call(call, responder=responder, now=now)

    return _do(request, actor, call_id, "accept", act)


@page("calls", "arrive", room="desk")
@require_POST
def arrive(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """The responder told the operator that they are there."""
    return _do(
        request,
        actor,
        call_id,
        "arrive",
        lambda call, now: actions.arrive(call, by=actor.reference, now=now),
    )


@page("calls", "resolve", room="desk")
@require_POST
def resolve(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """Close the call with an outcome."""

    def act(call: EmergencyCall, now: datetime) -> object:
        return actions.resolve_call(
            call,
            by=actor.reference,
            outcome=request.POST.get("outcome", ""),
            note=request.POST.get("note", "").strip()[:NOTE_MAX],
            now=now,
        )

    return _do(request, actor, call_id, "resolve", act)


@page("calls", "identify", room="desk")
@require_POST
def identify(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """The operator found out whose call it is."""

    def act(call: EmergencyCall, now: datetime) -> object:
        resident = named_resident(actor, _resident_id(request))
        return actions.identify_call(
            call, resident=resident, by=actor.reference, name=actor.name, now=now
        )

    return _do(request, actor, call_id, "identify", act)


@page("calls", "reopen", room="desk")
@require_POST
def reopen(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """Ring again for a call that was closed too early."""
    return _do(
        request,
        actor,
        call_id,
        "reopen",
        lambda call, now: actions.reopen_call(call, by=actor.reference, now=now),
    )


def _do(request: HttpRequest, actor: Actor, call_id: UUID, access: str, act: Act) -> HttpResponse:
    call = queries.call_for(actor, call_id, access)
    try:
        act(call, clock.now())
    except NotFound:
        raise
    except DomainError as error:
        problem = problem_text(error)
        if wants_parts(request):
            sheet = read_again(call_id, actor)
            return parts_of_call(request, sheet, problem=problem, status=error.status)
        call.refresh_from_db()
        return show_call(
            request, actor, call, now=clock.now(), problem=problem, status=error.status
        )
    if wants_parts(request):
        return parts_of_call(request, read_again(call_id, actor))
    return redirect("desk_call", call_id=call_id)


def problem_text(error: DomainError) -> str:
    """A refusal in words, with who has the call."""
    if isinstance(error, CallTaken) and error.data.get("accepted_by_name"):
        return gettext("%(name)s has this call.") % {"name": error.data["accepted_by_name"]}
    return str(error)


def _resident_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("resident", ""))
    except ValueError as error:
        raise Invalid(field="resident") from error


def _minutes(request: HttpRequest) -> int | None:
    given = request.POST.get("minutes", "").strip()
    if not given:
        return None
    if not given.isdecimal() or int(given) > MINUTES_MAX:
        raise Invalid(fields={"minutes": ["out_of_range"]})
    return int(given)
