"""Requests as their viewers may see them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.queries import NOTHING, areas_condition, residents_condition
from backend.core.due import oldest_due_at as oldest
from backend.core.errors import NotFound
from backend.people.models import Resident
from services.rights.models import LegalHold, RightsRequest


def requests_visible_to(actor: Actor, action: str = "read") -> QuerySet[RightsRequest]:
    """Requests of the area for staff, about oneself for a resident, one's own for a family."""
    requests = RightsRequest.objects.select_related("area", "resident", "owner", "contact")
    return requests.filter(_reached(actor, actor.scope("rights-requests", action)))


def _reached(actor: Actor, scope: Scope | None) -> Q:
    match scope:
        case Scope.HOUSEHOLD:
            of_theirs = Q(resident__in=actor.household_resident_ids)
            return of_theirs & Q(asked_by=actor.reference)
        case Scope.SELF if actor.resident_id:
            return Q(resident=actor.resident_id)
        case Scope.AREA | Scope.ALL:
            return areas_condition(actor, scope)
    return NOTHING


def request_for(actor: Actor, request_id: UUID | str, action: str = "read") -> RightsRequest:
    """One request within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    request = requests_visible_to(actor, action).filter(pk=request_id).first()
    if request is None:
        raise NotFound
    return request


def resident_reached(actor: Actor, resident_id: UUID | str, resource: str, action: str) -> Resident:
    """One resident whom a grant reaches.

    Raises:
        NotFound: there is none.
    """
    reached = residents_condition(actor, actor.scope(resource, action))
    found = Resident.objects.filter(reached, pk=resident_id)
    resident = found.select_related("area", "household__address").first()
    if resident is None:
        raise NotFound
    return resident


def hold_for(actor: Actor, hold_id: UUID | str) -> LegalHold:
    """One legal hold on a resident of the actor's area.

    Raises:
        NotFound: there is none.
    """
    reached = residents_condition(actor, actor.scope("legal-holds", "change"), at="resident")
    hold = LegalHold.objects.filter(reached, pk=hold_id).select_related("resident__area").first()
    if hold is None:
        raise NotFound
    return hold


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the most overdue clock of a request was due."""
    return oldest(RightsRequest.objects.filter(state__in=RightsRequest.LIVE), now=now)
