"""Which calls concern a caregiver: while they run and are asked of them, or theirs and a day after.

Whoever said that they cannot go is concerned no longer.
"""

from uuid import UUID

from django.db.models import Q, QuerySet

from backend.accounts import queries
from backend.accounts.window import Window
from services.emergencies.models import EmergencyCall, Offer


def concerning(caregiver_id: UUID, window: Window) -> Q:
    """Calls that a caregiver was offered or has accepted, as a condition.

    Who went may write down afterwards what happened.
    """
    asked = Offer.objects.filter(caregiver=caregiver_id).exclude(answer=Offer.Answer.CANNOT)
    recent = Q(resolved_at=None) | Q(resolved_at__gt=window.ended_after)
    return Q(resolved_at=None, pk__in=asked.values("call")) | Q(
        recent, accepted_by_caregiver=caregiver_id
    )


def residents_of_calls(caregiver_id: UUID, window: Window) -> QuerySet[EmergencyCall, UUID | None]:
    """Ids of residents whose calls concern this caregiver."""
    calls = EmergencyCall.objects.filter(concerning(caregiver_id, window)).exclude(resident=None)
    return calls.values_list("resident_id", flat=True)


queries.register_assignment(residents_of_calls)
