"""Visits of a day at a glance: who was there, who comes, and what went wrong."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.people.models import Consent
from backend.web import today
from backend.web.today import Fact, Sign, Source
from services.visits.models import Visit
from services.visits.queries import GOING
from services.visits.words import joined

State = Visit.State


def of_visits(resident_id: UUID, now: datetime) -> Fact:
    """A missed visit first, then who is or was there, then who comes."""
    visits = Visit.objects.filter(
        resident=resident_id, day=timezone.localdate(now), drill=False
    ).prefetch_related(GOING)
    by_state: dict[str, Visit] = {}
    for visit in visits.order_by("window_starts_at", "pk"):
        kept = by_state.get(visit.state)
        if kept is None or visit.state == State.DONE:
            by_state[visit.state] = visit
    for state in (State.MISSED, State.IN_PROGRESS, State.DONE):
        if state in by_state:
            return _happened(by_state[state])
    ahead = by_state.get(State.ASSIGNED) or by_state.get(State.PLANNED)
    return _ahead(ahead) if ahead else Fact(gettext("No visit today."))


def _happened(visit: Visit) -> Fact:
    about = {"carer": _who(visit), "service": visit.get_service_display()}
    if visit.state == State.MISSED:
        text = gettext("Nobody came for %(service)s yet. The care centre is seeing to it.")
        return Fact(text % about, Sign.CONCERN, visit.shown_at)
    if visit.state == State.IN_PROGRESS:
        text = gettext("%(carer)s is there for %(service)s.")
    else:
        text = gettext("%(carer)s was there for %(service)s.")
    return Fact(text % about, Sign.GOOD, visit.started_at)


def _ahead(visit: Visit) -> Fact:
    about = {"carer": _who(visit), "service": visit.get_service_display()}
    return Fact(gettext("%(carer)s comes for %(service)s.") % about, at=visit.shown_at)


def _who(visit: Visit) -> str:
    names = [each.caregiver.name for each in getattr(visit, "going", [])]
    return joined(names) if names else gettext("Somebody")


today.register_fact(
    Source(
        "visits",
        _("Visits"),
        "family-visits",
        "read",
        Consent.Item.VISITS,
        of_visits,
        30,
    )
)
