"""The clock of visits: nobody goes, late, missed; each said once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from backend.core import due
from services.alerts.actions import raise_alert, resolve_alert
from services.alerts.models import Alert
from services.visits import policies
from services.visits.models import Visit
from services.visits.record import note_visit

State = Visit.State

LEASE_S = 30.0
PORTION = 100
BY = "system:visits"
OF_VISITS = (Alert.Kind.VISIT_LATE, Alert.Kind.VISIT_MISSED, Alert.Kind.VISIT_UNSTAFFED)


def run_due(*, now: datetime, limit: int = PORTION) -> int:
    """Say what is due of visits that have not begun; returns how many were looked at."""
    claimed = due.claim(
        Visit.objects.filter(state__in=Visit.OPEN), now=now, lease_s=LEASE_S, limit=limit
    )
    for visit in claimed:
        _step(visit, now=now)
    return len(claimed)


@transaction.atomic
def _step(claimed: Visit, *, now: datetime) -> None:
    visit = (
        Visit.objects.select_related("area", "resident")
        .select_for_update(of=("self",))
        .filter(pk=claimed.pk, lease_token=claimed.lease_token)
        .first()
    )
    if visit is None:
        return
    due_at = policies.due_at(visit)
    if due_at is not None and due_at <= now:
        _say(visit, now=now)
    visit.due_at, visit.lease_until, visit.lease_token = policies.due_at(visit), None, None
    visit.save()


def _say(visit: Visit, *, now: datetime) -> None:
    """The next thing that is due, one at a time."""
    if policies.missed_at(visit) <= now:
        visit.state, visit.missed_at = State.MISSED, now
        visit.late_since = visit.late_since or now
        _raise(visit, Alert.Kind.VISIT_MISSED, "visit.missed", now=now)
    elif policies.late_at(visit) <= now and visit.late_since is None:
        visit.late_since = now
        _raise(visit, Alert.Kind.VISIT_LATE, "visit.late", now=now)
    elif visit.state == State.PLANNED and visit.unstaffed_since is None:
        visit.unstaffed_since = now
        _raise(visit, Alert.Kind.VISIT_UNSTAFFED, "visit.unstaffed", now=now)


def _raise(visit: Visit, kind: Alert.Kind, event: str, *, now: datetime) -> None:
    if not visit.drill:
        raise_alert(
            kind=kind,
            area=visit.area,
            resident=visit.resident,
            detail={"visit": str(visit.pk)},
            now=now,
        )
    note_visit(visit, event, by=BY, now=now)


def clear_alerts(visit: Visit, *, kinds: Sequence[str] = OF_VISITS, by: str, now: datetime) -> None:
    """Close the alerts about a visit that is being made, or needs nobody any more."""
    about = Alert.objects.filter(
        resident=visit.resident_id,
        kind__in=kinds,
        state__in=Alert.OPEN,
        detail__visit=str(visit.pk),
    )
    for alert in about.order_by("pk").select_for_update():
        resolve_alert(alert, by=by, now=now)
