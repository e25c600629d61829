"""Assessments and residents as assessors may see them."""

from uuid import UUID

from django.db.models import Q, QuerySet

from backend.accounts.actors import Actor
from backend.accounts.queries import residents_condition
from backend.core.errors import NotFound
from backend.people.models import Resident
from services.assistance.models import AbilityAssessment

GONE = (Resident.LifeState.DIED, Resident.LifeState.MOVED)
RESOURCE = "ability-assessments"


def assessments_visible_to(actor: Actor, action: str = "read") -> QuerySet[AbilityAssessment]:
    """Assessments of residents within the actor's scope, and those one made oneself."""
    reached = residents_condition(actor, actor.scope(RESOURCE, action), at="resident")
    if actor.scope(RESOURCE, action) is not None:
        reached |= Q(assessed_by=actor.user_id, signed_at=None)
    rows = AbilityAssessment.objects.select_related("resident", "area", "assessed_by", "signed_by")
    return rows.filter(reached)


def assessment_for(actor: Actor, key: UUID, action: str = "read") -> AbilityAssessment:
    """One assessment within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    found = assessments_visible_to(actor, action).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def waiting(rows: QuerySet[AbilityAssessment]) -> QuerySet[AbilityAssessment]:
    """Those that wait for the second signature."""
    return rows.filter(signed_at=None, dropped_at=None)


def residents_to_assess(actor: Actor) -> QuerySet[Resident]:
    """Whom the actor may assess."""
    reached = residents_condition(actor, actor.scope(RESOURCE, "create"))
    return Resident.objects.filter(reached).exclude(life_state__in=GONE).select_related("area")


def resident_of_page(actor: Actor, key: UUID) -> Resident:
    """One resident whose assessments the actor may see; also of those who are gone.

    Raises:
        NotFound: there is none.
    """
    reached = residents_condition(actor, actor.scope(RESOURCE, "of-resident"))
    found = Resident.objects.filter(reached, pk=key).first()
    if found is None:
        raise NotFound
    return found


def resident_for(actor: Actor, key: UUID) -> Resident:
    """One resident whom the actor may assess.

    Raises:
        NotFound: there is none.
    """
    found = residents_to_assess(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found
