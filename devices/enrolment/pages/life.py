"""Where a resident lives now, on the desk: at home, away, in hospital, moved, died."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, Invalid, NotFound
from backend.people import actions as people
from backend.people.actions.residents import UNDONE_WITHIN
from backend.people.models import Resident
from backend.web.api.visible import residents_visible_to
from devices.enrolment.forms import LifeStateForm, tell
from devices.enrolment.pages.steps import step_door


@page("residents", "life-state", room="desk")
@step_door
def panel(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """How it is and was, and a form for what changes."""
    resident = _resident(actor, resident_id)
    form = LifeStateForm(request.POST or None, initial=_known(resident))
    if request.method == "POST" and form.is_valid():
        try:
            people.set_life_state(
                resident,
                state=Resident.LifeState(form.cleaned_data["state"]),
                since=form.cleaned_data["since"],
                expected_until=form.cleaned_data["expected_until"],
                by=actor.reference,
                now=clock.now(),
            )
        except Invalid as error:
            tell(form, error)
        else:
            return _show(request, resident)
    return _show(request, resident, form)


@page("residents", "life-state", room="desk")
@require_POST
def undo(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Take the last change back."""
    resident = _resident(actor, resident_id)
    try:
        people.undo_life_state(resident, by=actor.reference, now=clock.now())
    except DomainError as error:
        return _show(request, resident, problem=str(error))
    return _show(request, resident)


def _resident(actor: Actor, resident_id: UUID) -> Resident:
    found = residents_visible_to(actor, "life-state").filter(pk=resident_id).first()
    if found is None:
        raise NotFound
    return found


def _known(resident: Resident) -> dict[str, object]:
    return {"state": resident.life_state, "since": timezone.localdate(clock.now())}


def _show(
    request: HttpRequest,
    resident: Resident,
    form: LifeStateForm | None = None,
    problem: str = "",
) -> HttpResponse:
    now = clock.now()
    resident.refresh_from_db()
    periods = list(resident.life_periods.order_by("-since", "-pk"))
    newest = periods[0] if periods else None
    can_undo = len(periods) > 1 and newest and now - newest.recorded_at <= UNDONE_WITHIN
    context = {
        "resident": resident,
        "form": form or LifeStateForm(initial=_known(resident)),
        "periods": periods,
        "newest": newest,
        "can_undo": can_undo,
        "problem": problem,
        "now": now,
    }
    return render(request, "enrolment/life_state.html", context)
