"""Which residents a caregiver reaches because they owe them a contact."""

from uuid import UUID

from django.db.models import QuerySet

from backend.accounts import queries
from backend.accounts.window import Window
from services.wellbeing.models import Watched


def residents_watched(caregiver_id: UUID, _window: Window) -> QuerySet[Watched, UUID]:
    """Ids of residents whom this caregiver is to be in contact with."""
    return Watched.objects.filter(assigned_to=caregiver_id).values_list("resident_id", flat=True)


queries.register_assignment(residents_watched)
