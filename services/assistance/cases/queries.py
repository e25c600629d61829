"""Cases as their viewers may see them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.window import window_at
from backend.core import clock
from backend.core.due import oldest_due_at as oldest
from backend.core.errors import NotFound
from backend.people.models import Consent
from services.assistance.cases.assignments import about_now
from services.assistance.models import (
    AssistanceCase,
    Deadline,
    HomeVisit,
    PublicNotice,
)
from services.assistance.models.cases import CLOSED

_RUNS = Q(deadlines__stopped_at=None, deadlines__paused_at=None)


def cases_visible_to(actor: Actor, action: str = "read") -> QuerySet[AssistanceCase]:
    """Cases within the actor's scope; a family's only while the resident consents."""
    cases = AssistanceCase.objects.select_related("resident", "area", "owner")
    match actor.scope("cases", action):
        case Scope.ALL:
            return cases
        case Scope.AREA if actor.area_path:
            return cases.filter(area__path__startswith=actor.area_path)
        case Scope.HOUSEHOLD:
            return cases.filter(_consented(), resident__in=actor.household_resident_ids)
        case Scope.SELF if actor.resident_id:
            return cases.filter(resident=actor.resident_id)
    return cases.none()


def _consented() -> Exists:
    return Exists(
        Consent.objects.filter(
            resident=OuterRef("resident"),
            item=Consent.Item.ASSISTANCE,
            withdrawn_at=None,
        )
    )


def case_for(actor: Actor, case_id: UUID | str, action: str = "read") -> AssistanceCase:
    """One case within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    case = cases_visible_to(actor, action).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def by_deadline(cases: QuerySet[AssistanceCase]) -> QuerySet[AssistanceCase]:
    """The same, each with `next_ends_at`, the first first; those without a clock last."""
    return cases.annotate(next_ends_at=Min("deadlines__ends_at", filter=_RUNS)).order_by(
        F("next_ends_at").asc(nulls_last=True), "number"
    )


def still_open(cases: QuerySet[AssistanceCase]) -> QuerySet[AssistanceCase]:
    """Those that are not closed."""
    return cases.exclude(state__in=CLOSED)


def open_deadlines(actor: Actor) -> QuerySet[Deadline]:
    """Clocks that run on the actor's cases, the first to end first."""
    return (
        Deadline.objects.filter(
            stopped_at=None, paused_at=None, case__in=cases_visible_to(actor, "list")
        )
        .select_related("case__resident", "case__area", "case__owner")
        .order_by("ends_at", "pk")
    )


def visits_visible_to(actor: Actor, action: str = "read") -> QuerySet[HomeVisit]:
    """Home visits of the area, or those this caregiver makes."""
    visits = HomeVisit.objects.select_related(
        "case__resident__household__address", "case__area"
    ).prefetch_related("staff__user")
    match actor.scope("home-visits", action):
        case Scope.AREA if actor.area_path:
            return visits.filter(case__area__path__startswith=actor.area_path)
        case Scope.ASSIGNED:
            return visits.filter(about_now(window_at(clock.now())), staff__user=actor.user_id)
    return visits.none()


def visit_for(actor: Actor, visit_id: UUID | str, action: str = "read") -> HomeVisit:
    """One home visit within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    visit = visits_visible_to(actor, action).filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    return visit


def notices_shown(now: datetime) -> QuerySet[PublicNotice]:
    """What everybody may read now; what is over is not among it."""
    return PublicNotice.objects.filter(
        starts_at__lte=now, ends_at__gt=now, taken_down_at=None
    ).select_related("area")


def oldest_due_at(now: datetime) -> datetime | None:
    """When the most overdue clock was to ask for something."""
    return oldest(Deadline.objects.filter(stopped_at=None, paused_at=None), now=now)
