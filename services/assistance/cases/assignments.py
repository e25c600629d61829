"""Which residents a caregiver reaches because of a home visit: until a day after it."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from backend.accounts import queries
from services.assistance.models import HomeVisit

AFTERWARDS = timedelta(hours=24)
"""As after a call for help."""


def residents_of_visits(caregiver_id: UUID) -> QuerySet[HomeVisit, UUID | None]:
    """Ids of residents whose homes this caregiver visits."""
    recent = Q(done_at=None) | Q(done_at__gt=Now() - AFTERWARDS)
    visits = HomeVisit.objects.filter(recent, staff__user__caregiver=caregiver_id)
    return visits.values_list("case__resident_id", flat=True)


queries.register_assignment(residents_of_visits)
