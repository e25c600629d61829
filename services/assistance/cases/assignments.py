"""Which residents a caregiver reaches because of a home visit: until a day after it."""

from uuid import UUID

from django.db.models import Q, QuerySet

from backend.accounts import queries
from backend.accounts.window import Window
from services.assistance.models import HomeVisit


def about_now(window: Window) -> Q:
    """Home visits that are to be made, or were made lately, as a condition."""
    return Q(done_at=None) | Q(done_at__gt=window.ended_after)


def residents_of_visits(caregiver_id: UUID, window: Window) -> QuerySet[HomeVisit, UUID | None]:
    """Ids of residents whose homes this caregiver visits."""
    visits = HomeVisit.objects.filter(about_now(window), staff__user__caregiver=caregiver_id)
    return visits.values_list("case__resident_id", flat=True)


queries.register_assignment(residents_of_visits)
