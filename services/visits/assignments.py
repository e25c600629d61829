"""Which residents a caregiver reaches because of a visit: an hour before it to a day after."""

from uuid import UUID

from django.db.models import QuerySet

from backend.accounts import queries
from backend.accounts.window import Window
from services.visits.models import Visit


def residents_of_visits(caregiver_id: UUID, window: Window) -> QuerySet[Visit, UUID | None]:
    """Ids of residents whose visits this caregiver makes about now."""
    about_now = Visit.objects.exclude(state=Visit.State.CANCELLED).filter(
        assignments__caregiver=caregiver_id,
        assignments__released_at=None,
        window_starts_at__lte=window.begins_by,
        window_ends_at__gt=window.ended_after,
    )
    return about_now.values_list("resident_id", flat=True)


queries.register_assignment(residents_of_visits)
