"""Which residents a caregiver reaches because of a call: while it runs and for a day after."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from backend.accounts import queries
from services.emergencies.models import EmergencyCall

AFTERWARDS = timedelta(hours=24)
"""To write down what happened. Source: OWASP ASVS 5.0, 8.2.2, as a span around the visit."""


def residents_of_calls(caregiver_id: UUID) -> QuerySet[EmergencyCall, UUID | None]:
    """Ids of residents whose calls were offered to or accepted by this caregiver."""
    offered = Q(offers__caregiver=caregiver_id) | Q(accepted_by_caregiver=caregiver_id)
    recent = Q(resolved_at=None) | Q(resolved_at__gt=Now() - AFTERWARDS)
    calls = EmergencyCall.objects.filter(offered & recent).exclude(resident=None)
    return calls.values_list("resident_id", flat=True)


queries.register_assignment(residents_of_calls)
