"""Changing who is called when."""

from datetime import datetime

from django.db import transaction

from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.places.models import Area
from services.emergencies.models import EscalationPolicy
from services.emergencies.policies import DEFAULT_ARRIVE_WITHIN_MIN, checked_steps


@transaction.atomic
def set_policy(
    area: Area,
    *,
    steps: object,
    by: str,
    now: datetime,
    arrive_within_min: int = DEFAULT_ARRIVE_WITHIN_MIN,
) -> EscalationPolicy:
    """Set an area's ladder for calls that open from now on; running calls keep theirs.

    Raises:
        BadPolicy: the steps cannot be used.
    """
    checked = checked_steps(steps)
    policy, new = EscalationPolicy.objects.select_for_update().get_or_create(
        area=area,
        defaults={
            "steps": checked,
            "arrive_within_min": arrive_within_min,
            "changed_by": by,
            "changed_at": now,
        },
    )
    if not new:
        policy.steps = checked
        policy.arrive_within_min = arrive_within_min
        policy.version += 1
        policy.changed_by = by
        policy.changed_at = now
        policy.save()
    audit(
        actor=by,
        action=AuditRow.Action.CHANGE,
        subject=f"area:{area.pk}",
        now=now,
        fields=["escalation_policy"],
    )
    return policy
