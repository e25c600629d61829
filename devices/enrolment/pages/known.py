"""On the page of a resident: the steps of enrolment, to change what is known of them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import NotFound
from devices.enrolment import actions, queries
from devices.enrolment.models import Enrolment
from devices.enrolment.pages.steps import step_door

Step = Enrolment.Step


@page("enrolments", "change", room="desk")
@step_door
def known(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A button for each step; pressed, it leads there."""
    resident = queries.residents_to_enrol(actor).filter(pk=resident_id).first()
    if resident is None:
        raise NotFound
    if request.method != "POST":
        return render(request, "enrolment/known.html", {"resident": resident, "steps": list(Step)})
    said = request.POST.get("step", "")
    step = Step(said) if said in Step.values else Step.PERSON
    enrolment = actions.take_up_again(resident, by=actor.reference, now=clock.now())
    return redirect(f"enrol_{step}", enrolment.pk)
