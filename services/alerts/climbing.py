"""Driving to zero: an alert that stays open climbs to whoever leads, again and again."""

import threading
from datetime import datetime
from functools import partial

from django.db import transaction

from backend.accounts.models import User
from backend.accounts.queries import staff_over
from backend.core import due, journal
from backend.core.contained import contained
from backend.core.loops import repeat
from notifications.actions import owe_as_preferred
from notifications.recipients import user_recipient
from services.alerts import policies
from services.alerts.models import Alert

EVERY_S = 5.0
PORTION = 100
LEASE_S = 30.0


def run(stop: threading.Event) -> None:
    """Bring due alerts one person higher, every few seconds."""
    repeat(stop, lambda now: climb_due(now=now), every_s=EVERY_S)


def climb_due(*, now: datetime, limit: int = PORTION) -> int:
    """Climb with up to `limit` due alerts, one transaction each; returns how many were due."""
    claimed = due.claim(
        Alert.objects.filter(state__in=Alert.OPEN), now=now, lease_s=LEASE_S, limit=limit
    )
    for alert in claimed:
        contained(f"climbing of alert {alert.pk}", partial(_climb, alert, now))
    return len(claimed)


@transaction.atomic
def _climb(alert: Alert, now: datetime) -> None:
    climb = policies.climb_of(alert.climbs)
    skipped = climb.only_unseen and alert.state != Alert.State.RAISED
    people = [] if skipped else staff_over(alert.area.path, climb.to)
    changes: dict[str, object] = {"climbs": alert.climbs + 1}
    if not skipped:
        changes["climbed_to"] = people[0].reference if people else ""
    following = policies.climbs_at(alert.kind, alert.raised_at, alert.climbs + 1)
    later = max(following, now + policies.CLIMBS_APART)
    if due.finish(alert, due_at=later, **changes) and not skipped:
        _tell(alert, climb, people, now)


def _tell(alert: Alert, climb: policies.Climb, people: list[User], now: datetime) -> None:
    journal.append(
        alert.reference,
        "alert.climbed",
        at=now,
        area_path=alert.area.path,
        resident_id=alert.resident_id,
        audience=[person.reference for person in people],
        data={"kind": alert.kind, "to": climb.to.value, "times": alert.climbs + 1},
    )
    for person in people:
        if person.phone:
            owe_as_preferred(
                cause=alert.reference,
                step_run=f"climb.{alert.climbs}",
                to=user_recipient(person),
                template="alert_climbed",
                context={"area": alert.area.name},
                now=now,
                area_path=alert.area.path,
                resident_id=alert.resident_id,
            )
