"""A caregiver who is in a home sees how somebody is: nobody need ask."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from services.visits.models import CheckEvent
from services.wellbeing import signs
from services.wellbeing.models import Way
from services.wellbeing.signs import Sign


def seen_at_visits(residents: Collection[UUID], since: datetime) -> Mapping[UUID, Sign]:
    """The newest arrival at each of these residents."""
    arrivals = CheckEvent.objects.filter(
        resident__in=residents, kind=CheckEvent.Kind.IN, device_at__gte=since, visit__drill=False
    ).order_by("device_at")
    pairs = arrivals.values_list("resident_id", "device_at")
    return {resident: Sign(at, Way.VISIT) for resident, at in pairs}


signs.register_signs(seen_at_visits)
