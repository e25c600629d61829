"""The desk plans a day anew: asks for a proposal, looks at the difference, accepts it."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from backend.accounts.actors import Actor
from backend.accounts.costly import PLANS, costly, posted
from backend.accounts.doors import page
from backend.accounts.queries import areas_condition
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.places.models import Area
from services.visits.actions.replanning import accept_day_plan, propose_day
from services.visits.forms import BoardForm
from services.visits.models import DayPlan


@page("day-plans", "propose", room="desk")
@costly(PLANS, when=posted)
@require_POST
def propose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Plan a day of an area; nothing changes until it is accepted."""
    form = BoardForm(request.POST, actor=actor)
    form.is_valid()
    day, area = form.cleaned_data.get("day"), form.cleaned_data.get("area")
    if day is None or area is None:
        messages.warning(request, gettext("Please choose a day and an area."))
        return redirect("desk_visits")
    now, by = clock.now(), actor.reference
    proposed = propose_day(area, day, cause=by, by=by, now=now)
    if not proposed.legs:
        messages.info(request, gettext("The day stands as well as it can be planned."))
        proposed.delete()
    return redirect(_board(area, day))


@page("day-plans", "accept", room="desk")
@require_POST
def accept(request: HttpRequest, actor: Actor, dayplan_id: UUID) -> HttpResponse:
    """Let the proposal hold."""
    reached = areas_condition(actor, actor.scope("day-plans", "accept"))
    found = DayPlan.objects.filter(reached, pk=dayplan_id).select_related("area").first()
    if found is None:
        raise NotFound
    try:
        accepted = accept_day_plan(found, by=actor.reference, now=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        _say_left(request, int(accepted.summary.get("left", 0)))
    return redirect(_board(found.area, found.day))


def _say_left(request: HttpRequest, left: int) -> None:
    if left:
        text = ngettext(
            "%(count)s visit was changed meanwhile and stays as it is.",
            "%(count)s visits were changed meanwhile and stay as they are.",
            left,
        )
        messages.info(request, text % {"count": left})


def _board(area: Area, day: date) -> str:
    return f"{reverse('desk_visits')}?day={day.isoformat()}&area={area.pk}"
