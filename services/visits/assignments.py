"""Which residents a caregiver reaches because of a visit: an hour before it to a day after."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from backend.accounts import queries
from services.visits.models import Visit
from services.visits.policies import REACH_AFTER, REACH_BEFORE


def residents_of_visits(caregiver_id: UUID) -> QuerySet[Visit, UUID | None]:
    """Ids of residents whose visits this caregiver makes about now."""
    about_now = Visit.objects.exclude(state=Visit.State.CANCELLED).filter(
        assignments__caregiver=caregiver_id,
        assignments__released_at=None,
        window_starts_at__lt=Now() + REACH_BEFORE,
        window_ends_at__gt=Now() - REACH_AFTER,
    )
    return about_now.values_list("resident_id", flat=True)


queries.register_assignment(residents_of_visits)
