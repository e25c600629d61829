"""Visits and care plans as their viewers may see them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.queries import NOTHING, residents_condition
from backend.accounts.window import window_at
from backend.core import clock
from backend.core.due import oldest_due_at as oldest
from backend.core.errors import NotFound
from backend.people.models import Consent, Contact, Household, Resident
from services.visits.models import (
    Absence,
    CarePlan,
    HomeFence,
    Visit,
    VisitCarer,
    VisitRequest,
)
from services.visits.policies import ACTS_TAKEN_FOR, DAYS_AHEAD, FENCE_M

GOING = Prefetch(
    "assignments",
    queryset=VisitCarer.objects.filter(released_at=None).select_related("caregiver").order_by("pk"),
    to_attr="going",
)
"""Who goes, as `visit.going`."""
DECLINED = Prefetch(
    "assignments", queryset=VisitCarer.objects.filter(turned_down=True), to_attr="declined"
)
"""Who turned it down, as `visit.declined`."""
ACTS = frozenset({"check-in", "check-out", "tasks", "note", "turn-down", "not-met", "door"})
"""What a caregiver's telephone may still send after the visit was given to somebody else."""


def visits_visible_to(actor: Actor, action: str = "read") -> QuerySet[Visit]:
    """Visits within the actor's scope for an action; families see them by consent only."""
    visits = Visit.objects.select_related("area", "resident", "plan").prefetch_related(GOING)
    return visits.filter(_reached(actor, "visits", action))


def _reached(actor: Actor, resource: str, action: str) -> Q:
    scope = actor.scope(resource, action)
    match scope:
        case Scope.ALL:
            return Q()
        case Scope.AREA if actor.area_path:
            return Q(area__path__startswith=actor.area_path)
        case Scope.ASSIGNED if actor.caregiver_id:
            return _gone_to(actor.caregiver_id, action, now=clock.now())
        case Scope.HOUSEHOLD:
            return residents_condition(actor, scope, at="resident") & _consented()
        case Scope.SELF if actor.resident_id:
            return Q(resident=actor.resident_id)
    return NOTHING


def _gone_to(caregiver_id: UUID, action: str, *, now: datetime) -> Q:
    """Visits a caregiver makes within the days their telephone holds, and lately made."""
    goes = VisitCarer.objects.filter(visit=OuterRef("pk"), caregiver=caregiver_id)
    if action in ACTS:
        return Q(Exists(goes), window_ends_at__gt=now - ACTS_TAKEN_FOR)
    ahead = timezone.localdate(now) + timedelta(days=DAYS_AHEAD)
    return Q(
        Exists(goes.filter(released_at=None)),
        window_ends_at__gt=window_at(now).ended_after,
        day__lte=ahead,
    )


def _consented() -> Q:
    in_force = Consent.objects.filter(
        resident=OuterRef("resident"), item=Consent.Item.VISITS, withdrawn_at=None
    )
    return Q(Exists(in_force))


def visit_for(actor: Actor, visit_id: UUID | str, action: str = "read") -> Visit:
    """One visit within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    visit = visits_visible_to(actor, action).filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    return visit


def care_plans_visible_to(actor: Actor, action: str = "read") -> QuerySet[CarePlan]:
    """Care plans within the actor's scope for an action; families see them by consent only."""
    scope = actor.scope("care-plans", action)
    reached = residents_condition(actor, scope, at="resident")
    if scope is Scope.HOUSEHOLD:
        reached &= _consented()
    return (
        CarePlan.objects.filter(reached)
        .select_related("resident__area")
        .prefetch_related("preferred", "refused")
    )


def absences_visible_to(actor: Actor, action: str = "read") -> QuerySet[Absence]:
    """Absences of the area's caregivers, or one's own."""
    absences = Absence.objects.select_related("caregiver__area")
    match actor.scope("absences", action):
        case Scope.ALL:
            return absences
        case Scope.AREA if actor.area_path:
            return absences.filter(caregiver__area__path__startswith=actor.area_path)
        case Scope.SELF if actor.caregiver_id:
            return absences.filter(caregiver=actor.caregiver_id)
    return absences.none()


def fence_m(household: Household) -> int:
    """How many metres from a home still count as there, by a household read with its fence."""
    own: HomeFence | None = getattr(household, "fence", None)
    return own.radius_m if own else FENCE_M


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the most overdue step of any visit's clock was due."""
    return oldest(Visit.objects.filter(state__in=Visit.OPEN), now=now)


def keys_in(text: str) -> list[UUID]:
    """The key that an address names, or none."""
    try:
        return [UUID(text)]
    except ValueError:
        return []


def requests_visible_to(actor: Actor, action: str = "list") -> QuerySet[VisitRequest]:
    """Requests for visits: of the area that is planned, one's own, or those one has made."""
    requests = VisitRequest.objects.select_related("area", "resident", "visit", "contact")
    match actor.scope("visit-requests", action):
        case Scope.AREA if actor.area_path:
            return requests.filter(area__path__startswith=actor.area_path)
        case Scope.HOUSEHOLD:
            theirs = actor.household_resident_ids
            return requests.filter(resident__in=theirs, asked_by=actor.reference)
        case Scope.SELF if actor.resident_id:
            return requests.filter(resident=actor.resident_id)
    return requests.none()


def request_for(actor: Actor, request_id: UUID, action: str) -> VisitRequest:
    """One request within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    request = requests_visible_to(actor, action).filter(pk=request_id).first()
    if request is None:
        raise NotFound
    return request


def own_contact(actor: Actor, resident: Resident) -> Contact | None:
    """As which contact of a resident the actor speaks."""
    return resident.contacts.filter(pk__in=actor.contact_ids).order_by("order").first()
