"""Calls as their viewers may see them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.models import Role
from backend.accounts.window import window_at
from backend.core import clock
from backend.core.due import oldest_due_at as oldest
from backend.core.errors import NotFound
from backend.core.rows import one_or_none
from services.emergencies.assignments import concerning
from services.emergencies.models import EmergencyCall
from services.emergencies.policies import DANGER, UNNAMED_DANGER

State = EmergencyCall.State


def calls_visible_to(actor: Actor, action: str = "read") -> QuerySet[EmergencyCall]:
    """Calls within the actor's scope for an action.

    A caregiver reaches the calls that concern them (`assignments`), and emergencies that ring in
    their area, so that whoever is near can go.
    """
    return _within(actor, action).select_related(
        "resident", "household__address", "area", "accepted_by_caregiver"
    )


def _within(actor: Actor, action: str) -> QuerySet[EmergencyCall]:
    calls = EmergencyCall.objects.all()
    match actor.scope("calls", action):
        case Scope.ALL:
            return calls
        case Scope.AREA if actor.area_path:
            return calls.filter(area_path__startswith=actor.area_path)
        case Scope.ASSIGNED if actor.caregiver_id:
            return calls.filter(_reaches_caregiver(actor, actor.caregiver_id))
        case Scope.HOUSEHOLD:
            return calls.filter(resident__in=actor.household_resident_ids)
        case Scope.SELF if actor.resident_id:
            return calls.filter(resident=actor.resident_id)
    return calls.none()


def _reaches_caregiver(actor: Actor, caregiver_id: UUID) -> Q:
    theirs = concerning(caregiver_id, window_at(clock.now()))
    if not actor.area_path:
        return theirs
    near = Q(
        area_path__startswith=actor.area_path,
        kind=EmergencyCall.Kind.EMERGENCY,
        verified=True,
    ) & ~Q(state=State.RESOLVED)
    return theirs | near


def call_for(actor: Actor, call_id: UUID | str, action: str = "read") -> EmergencyCall:
    """One call within the actor's scope, by its own key or by that of a receipt.

    Raises:
        NotFound: there is none.
    """
    return _found(calls_visible_to(actor, action), call_id)


def call_to_change(actor: Actor, call_id: UUID | str, action: str) -> EmergencyCall:
    """The same without what is around it: whoever changes a call reads it anew.

    Raises:
        NotFound: there is none.
    """
    return _found(_within(actor, action), call_id)


def _found(calls: QuerySet[EmergencyCall], call_id: UUID | str) -> EmergencyCall:
    call = one_or_none(calls.filter(pk=call_id)) or one_or_none(calls.filter(receipts__pk=call_id))
    if call is None:
        raise NotFound
    return call


def open_calls(actor: Actor) -> QuerySet[EmergencyCall]:
    """The board: open calls, ringing before taken, by danger, then age."""
    danger = Case(
        When(~Q(kind=EmergencyCall.Kind.EMERGENCY), then=Value(4)),
        When(verified=False, then=Value(3)),
        *[When(source_metric=metric, then=Value(rank)) for metric, rank in DANGER.items()],
        default=Value(UNNAMED_DANGER),
        output_field=IntegerField(),
    )
    ringing_first = Case(
        When(state=State.RINGING, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return (
        calls_visible_to(actor, "list")
        .exclude(state=State.RESOLVED)
        .annotate(danger=danger, quiet=ringing_first)
        .order_by("quiet", "danger", "opened_at")
    )


def open_call_of_resident(actor: Actor) -> EmergencyCall | None:
    """The running call of the actor's own person, if any."""
    if actor.role != Role.RESIDENT or actor.resident_id is None:
        return None
    return (
        EmergencyCall.objects.filter(resident=actor.resident_id)
        .exclude(state=State.RESOLVED)
        .first()
    )


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the most overdue step of any ladder was due."""
    return oldest(EmergencyCall.objects.exclude(state=State.RESOLVED), now=now)
