"""The resident's page: one red and one green button, and how one's own call stands.

What the page shows of a call is drawn here and fetched again by `emergencies/fresh.js`. Besides
a session, the SOS token of a telephone may ask: it outlives sessions, and so must the answer.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts import tokens
from backend.accounts.actors import Actor
from backend.accounts.authentication import user_of_token
from backend.accounts.doors import open_page, page
from backend.accounts.models import AccessToken, Role, User
from backend.core import clock, journal, problems
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from backend.people.names import short_name
from services.emergencies import actions, green, standing
from services.emergencies.actions import Press
from services.emergencies.forms import CallerForm
from services.emergencies.models import EmergencyCall, Receipt

Kind = EmergencyCall.Kind
State = EmergencyCall.State

STRANGERS_SEE = timedelta(days=1)
"""How long whoever pressed without an account may ask how it stands."""
FIRST_HOUR, NOON, EVENING = 5, 12, 18


@dataclass(frozen=True)
class Person:
    """The resident who asks, by session or by the SOS token of their telephone."""

    resident: Resident
    reference: str
    signed_in: bool


def show_resident(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page of somebody signed in."""
    return _show(request, Person(_resident(actor), actor.reference, signed_in=True))


def show_stranger(request: HttpRequest) -> HttpResponse:
    """The page of nobody known: help all the same, and the way to sign in."""
    return _show(request, None)


def _show(request: HttpRequest, person: Person | None) -> HttpResponse:
    now = clock.now()
    context = _context(person, showing=None, now=now)
    context |= {"person": person, "since": journal.last_seq(), "caller_form": CallerForm()}
    return render(request, "emergencies/elder/home.html", context)


@open_page("a telephone with its SOS token, or with the call it made, asks how that call stands")
@require_GET
@never_cache
def current(request: HttpRequest) -> HttpResponse:
    """What the page shows at this moment: {"showing", "stage", "html"}.

    `showing` is the call on the page; it is told to the end, and then the page is as before.
    """
    context = _context(person_of(request), showing=_showing(request), now=clock.now())
    context["csrf_token"] = ""  # it differs each time, and the page would be drawn anew for it
    call: EmergencyCall | None = context["call"]
    stood: standing.Standing | None = context["standing"]
    return JsonResponse(
        {
            "showing": _shown_as(call, context),
            "stage": stood.stage if stood else "",
            "said": f"{stood.headline} {stood.detail}".strip() if stood else "",
            "html": render_to_string("emergencies/elder/now.html", context, request),
        }
    )


@page("calls", "press")
@require_POST
def press_help(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The red button of a page that has no SOS token."""
    call = _press(actor, Kind.EMERGENCY, "sos")
    if request.accepts("text/html"):
        return redirect("home")
    return JsonResponse({"call": str(call.pk)}, status=202)


@page("calls", "press")
@require_POST
def ask_service(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The green button: an operator rings back."""
    call = _press(actor, Kind.SERVICE, "press")
    if request.accepts("text/html"):
        return redirect("home")
    return JsonResponse({"call": str(call.pk)}, status=202)


def _resident(actor: Actor) -> Resident:
    residents = Resident.objects.select_related("household__address", "area")
    found = residents.filter(pk=actor.resident_id).first() if actor.resident_id else None
    if found is None:
        raise NotFound
    return found


def _press(actor: Actor, kind: str, metric: str) -> EmergencyCall:
    resident = _resident(actor)
    press = Press(
        metric=metric,
        area=resident.area,
        household=resident.household,
        resident=resident,
        kind=kind,
    )
    return actions.open_call(press=press, now=clock.now()).call


@open_page("whoever may call help with the SOS token of a telephone may say that it was a mistake")
@require_POST
def say_mistake(request: HttpRequest) -> HttpResponse:
    """It was a mistake; the care centre still rings to be sure."""
    person = person_of(request)
    call = _running(person.resident) if person else None
    if person is None or call is None:
        return problems.response(NotFound())
    actions.ask_mistake(call, by=person.reference, now=clock.now())
    return JsonResponse({"call": str(call.pk)})


@open_page("whoever pressed without an account says afterwards who they are")
@require_POST
def say_who(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Name, telephone and place of somebody unknown, for the call they made."""
    now = clock.now()
    call, receipt = _strangers_call(call_id, now=now), _receipt(call_id, now=now)
    claim = CallerForm(_json(request)).claim()
    try:
        if call is not None:
            actions.add_claim(call, claim=claim, now=now)
        elif receipt is not None:
            actions.add_claim_beside(receipt, claim=claim, now=now)
        else:
            raise NotFound
    except DomainError as error:
        return problems.response(error)
    return JsonResponse({"call": str(call_id)})


def person_of(request: HttpRequest) -> Person | None:
    """The resident by session, or by an SOS token as bearer."""
    user: object = request.user
    signed_in = isinstance(user, User)
    if not signed_in:
        token = tokens.bearer(request.headers.get("Authorization", ""))
        user = user_of_token(token, kind=AccessToken.Kind.SOS) if token else None
    if not isinstance(user, User) or user.role != Role.RESIDENT or user.resident is None:
        return None
    return Person(user.resident, user.reference, signed_in=signed_in)


def _context(person: Person | None, *, showing: UUID | None, now: datetime) -> dict[str, Any]:
    """What `now.html` is drawn from."""
    if person is None:
        call, stood = _of_a_stranger(showing, now=now) if showing else (None, None)
        return {
            "call": call,
            "made": showing,
            "standing": stood,
            "person": None,
            "service": None,
            "now": now,
        }
    call = _shown(person.resident, showing)
    is_service = call is not None and call.kind != Kind.EMERGENCY
    emergency = None if is_service else call
    return {
        "call": emergency,
        "standing": standing.to_resident(emergency, now=now) if emergency else None,
        "mistake_said": _mistake_said(emergency) if emergency else False,
        "person": person,
        "service": call if is_service and call and call.state != State.RESOLVED else None,
        "greeting": _greeting(person.resident, now) if person.signed_in else "",
        "day": _day(now),
        "choose": green.address() if person.signed_in else "",
        "now": now,
    }


def _running(resident: Resident) -> EmergencyCall | None:
    return EmergencyCall.objects.filter(resident=resident).exclude(state=State.RESOLVED).first()


def _shown(resident: Resident, showing: UUID | None) -> EmergencyCall | None:
    """The running call, else the one that the page shows, although it is over."""
    running = _running(resident)
    if running is None and showing is not None:
        return EmergencyCall.objects.filter(resident=resident, pk=showing).first()
    return running


def _strangers_call(call_id: UUID, *, now: datetime) -> EmergencyCall | None:
    """The call that somebody unknown made; its id is known only to them, and to staff.

    Once the desk knows whose it is, it is told on as before, from the call that goes on.
    """
    unknown = Q(verified=False, resident=None) | Q(identified_at__isnull=False)
    made = (
        EmergencyCall.objects.select_related("duplicate_of")
        .filter(unknown, pk=call_id, opened_at__gt=now - STRANGERS_SEE)
        .first()
    )
    return made and (made.duplicate_of or made)


def _shown_as(call: EmergencyCall | None, context: dict[str, Any]) -> str:
    """The id by which the page asks again; strangers learn none but that of the call they made."""
    if call is None:
        return ""
    return str(context.get("made") or call.pk)


def _of_a_stranger(
    key: UUID, *, now: datetime
) -> tuple[EmergencyCall | None, standing.Standing | None]:
    """The call they made and how it stands, or what is told of one that was open already."""
    if call := _strangers_call(key, now=now):
        return call, standing.to_stranger(call, now=now)
    if receipt := _receipt(key, now=now):
        return receipt.call, standing.to_stranger_again(receipt.call)
    return None, None


def _receipt(key: UUID, *, now: datetime) -> Receipt | None:
    receipts = Receipt.objects.select_related("call")
    return receipts.filter(pk=key, given_at__gt=now - STRANGERS_SEE).first()


def _mistake_said(call: EmergencyCall) -> bool:
    said = journal.about(call.reference).filter(type="call.mistake_said")
    return said.filter(at__gte=call.last_press_at).exists()


def _greeting(resident: Resident, now: datetime) -> str:
    name = {"name": short_name(resident, get_language() or "")}
    hour = timezone.localtime(now).hour
    if FIRST_HOUR <= hour < NOON:
        return gettext("Good morning, %(name)s") % name
    if NOON <= hour < EVENING:
        return gettext("Good afternoon, %(name)s") % name
    return gettext("Good evening, %(name)s") % name


def _day(now: datetime) -> str:
    form = pgettext("a day with its weekday, as Django's date format", "l, j F")
    return date_format(timezone.localtime(now), form)


def _showing(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("showing", ""))
    except ValueError:
        return None


def _json(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent; what cannot be read says nothing."""
    try:
        sent = json.loads(request.body)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}
