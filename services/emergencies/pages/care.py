"""The calls of the caregivers' app: those that ask, the one they go to, where they are.

What is done with a call goes to the API (`/api/v1/calls/{id}/accept/` and so on), the same door
that other programs use; the page keeps it with its time while there is no network.
"""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock, journal, problems
from backend.core.errors import DomainError, Invalid
from backend.people.actions import set_position
from services.alerts.actions import record_alert_reading
from services.emergencies import actions
from services.emergencies.models import EmergencyCall
from services.emergencies.policies import shown_of_people
from services.emergencies.rounds import Round, caregiver_of, round_of

MINUTES = (5, 10, 20, 30)
"""How long to the door, offered as buttons."""
OUTCOMES = (
    EmergencyCall.Outcome.HELPED,
    EmergencyCall.Outcome.HOSPITAL,
    EmergencyCall.Outcome.FALSE_ALARM,
)


@page("care", "read")
@require_GET
@never_cache
def current(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the page shows at this moment: {"html", "below", "ringing", "since", "user"}.

    `ringing`: the calls that want an answer of this caregiver. `since` and `user` are for a page
    that the telephone kept, which knows neither.
    """
    since = journal.last_seq()
    context = context_of(actor, now=clock.now()) | {"csrf_token": ""}
    calls: Round = context["round"]
    return JsonResponse(
        {
            "since": since,
            "user": str(request.user.pk),
            "html": render_to_string("emergencies/care/now.html", context, request),
            "below": render_to_string("emergencies/care/below.html", context, request),
            "ringing": [str(each.call.pk) for each in calls.ringing if not each.is_refused],
        }
    )


@page("care", "position")
@require_POST
def position(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where the caregiver is: {"lat", "lon", "at"?}, WGS-84 as browsers give it."""
    now = clock.now()
    try:
        lat, lon, at = _fix(request, now=now)
        set_position(caregiver_of(actor), lat=lat, lon=lon, at=at, now=now)
    except DomainError as error:
        return problems.response(error)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _fix(request: HttpRequest, *, now: datetime) -> tuple[float, float, datetime]:
    try:
        sent = json.loads(request.body)
        told = parse_datetime(str(sent.get("at", "")))
        return float(sent["lat"]), float(sent["lon"]), told if told and is_aware(told) else now
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid(fields={"lat": ["bad_position"], "lon": ["bad_position"]}) from error


def context_of(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """What `now.html` and `below.html` are drawn from.

    Who reads how to get in leaves an audit row.
    """
    calls = round_of(actor, now=now)
    for each in calls.mine:
        actions.record_reading(each.call, by=actor.reference, shown=shown_of_people(actor), now=now)
    for alert in calls.alerts:
        record_alert_reading(alert, by=actor.reference, now=now)
    return {"round": calls, "minutes": MINUTES, "outcomes": OUTCOMES, "now": now}
