"""The test press on the desk: begun here, followed live until the centre has answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock, journal
from devices.enrolment import actions
from devices.enrolment.models import Enrolment
from devices.enrolment.pages.steps import back_to_start, enrolment_for, show, step_door
from services.emergencies.models import EmergencyCall

Step = Enrolment.Step


@dataclass(frozen=True)
class Stage:
    """One thing that has to happen, and when it did."""

    label: object
    at: datetime | None


@page("enrolments", "change", room="desk")
@step_door
def test(request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """Start to wait for a press, or see how it went."""
    enrolment = enrolment_for(actor, enrolment_id)
    if enrolment.resident is None:
        return back_to_start(request, enrolment)
    if request.method == "POST":
        actions.begin_test_press(enrolment, by=actor.reference, now=clock.now())
        return redirect("enrol_test", enrolment.pk)
    return show(request, enrolment, Step.TEST, **_state(enrolment, actor))


@page("enrolments", "change", room="desk")
@require_GET
@never_cache
def state(request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """How it stands at this moment; asked for again until it is over."""
    enrolment = enrolment_for(actor, enrolment_id)
    context = {"enrolment": enrolment, **_state(enrolment, actor)}
    return render(request, "enrolment/test_state.html", context)


def _state(enrolment: Enrolment, actor: Actor) -> dict[str, object]:
    now = clock.now()
    call = actions.follow_test_press(enrolment, by=actor.reference, now=now)
    enrolment.refresh_from_db(fields=["finished_at", "test_call"])
    resident = enrolment.resident
    buttons = resident.devices.filter(active=True) if resident else []
    until = max((each.test_until for each in buttons if each.test_until), default=None)
    return {
        "call": call,
        "stages": _stages(enrolment, call),
        "buttons": buttons,
        "waits_until": until if until and until > now else None,
        "is_over": enrolment.finished_at is not None,
        "now": now,
    }


def _stages(enrolment: Enrolment, call: EmergencyCall | None) -> list[Stage]:
    """The press, the desk that takes it, the voice that answers, the end."""
    happened = {event.type: event.at for event in journal.about(call.reference)} if call else {}
    return [
        Stage(_("We wait for a press"), enrolment.test_began_at),
        Stage(_("The press arrived and rings at the care centre"), happened.get("call.opened")),
        Stage(_("An operator took it"), happened.get("call.handled")),
        Stage(_("The operator spoke with the resident"), happened.get("call.spoken")),
        Stage(_("Closed"), happened.get("call.resolved")),
    ]
