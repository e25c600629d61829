"""The clocks of requests: a reminder before the end, an alert that climbs after it."""

from datetime import datetime
from functools import partial

from django.db import transaction

from backend.core import due
from backend.core.contained import contained
from services.alerts.actions import raise_alert
from services.alerts.models import Alert
from services.rights.models import RightsRequest
from services.rights.policies import CLOCKWORK
from services.rights.record import note
from services.rights.telling import remind_owner

PORTION = 100
LEASE_S = 60.0


def run_due(*, now: datetime) -> int:
    """See to what is due, one transaction each; returns how many rows were due."""
    live = RightsRequest.objects.filter(state__in=RightsRequest.LIVE)
    claimed = due.claim(live, now=now, lease_s=LEASE_S, limit=PORTION)
    for request in claimed:
        contained(f"the clock of {request.reference}", partial(_look, request, now))
    return len(claimed)


@transaction.atomic
def _look(claimed: RightsRequest, now: datetime) -> None:
    known = RightsRequest.objects.select_related("area", "resident", "owner")
    if now < claimed.ends_at:
        if due.finish(claimed, due_at=claimed.ends_at):
            remind_owner(known.get(pk=claimed.pk), run="soon", now=now)
        return
    if not due.finish(claimed, due_at=None, overdue_since=now):
        return
    held = known.get(pk=claimed.pk)
    raise_alert(
        kind=Alert.Kind.RIGHTS_OVERDUE,
        area=held.area,
        resident=held.resident,
        detail={"request": str(held.pk)},
        now=now,
    )
    note(held, "overdue", by=CLOCKWORK, now=now)
    remind_owner(held, run="overdue", now=now)
