"""Alerts as their viewers may see them, and who could see to one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.window import window_at
from backend.core import clock
from backend.core.due import oldest_due_at as oldest
from backend.people.models import Caregiver, Consent
from backend.people.queries import caregivers_on_shift, consents_in_force, nearest_caregivers
from services.alerts.models import Alert


def alerts_visible_to(actor: Actor, action: str = "read") -> QuerySet[Alert]:
    """Alerts within the actor's scope for the action, newest first."""
    alerts = Alert.objects.select_related(
        "area", "resident", "household__address", "assigned_to"
    ).order_by("-raised_at")
    match actor.scope("alerts", action):
        case Scope.ALL:
            return alerts
        case Scope.AREA if actor.area_path:
            return alerts.filter(area__path__startswith=actor.area_path)
        case Scope.ASSIGNED if actor.caregiver_id:
            lately = Q(closed_at=None) | Q(closed_at__gt=window_at(clock.now()).ended_after)
            return alerts.filter(lately, assigned_to=actor.caregiver_id)
    return alerts.none()


def alerts_shared(resident_id: UUID) -> QuerySet[Alert] | None:
    """A resident's alerts as their family sees them, newest first; None: not shared."""
    if Consent.Item.ALERTS not in consents_in_force(resident_id):
        return None
    return Alert.objects.filter(resident=resident_id).order_by("-raised_at", "pk")


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the most overdue climb was due."""
    return oldest(Alert.objects.filter(state__in=Alert.OPEN), now=now)


@dataclass(frozen=True)
class Candidate:
    """A caregiver who could see to an alert, with the minutes to the home if they are known."""

    caregiver: Caregiver
    minutes: int | None = None


def alerts_of_caregiver(caregiver_id: UUID) -> QuerySet[Alert]:
    """Open alerts that a caregiver was given, the one that waits longest first."""
    return (
        Alert.objects.filter(assigned_to=caregiver_id, state__in=Alert.OPEN)
        .select_related("area", "resident__household__address", "household__address")
        .order_by("raised_at", "pk")
    )


def caregivers_for(alert: Alert, *, now: datetime, limit: int) -> list[Candidate]:
    """Caregivers on shift in the alert's district, the nearest to the home first.

    Without a position of the home, in the order of their names and with no distance.
    """
    root = district_of(alert)
    home = alert.household or (alert.resident.household if alert.resident else None)
    if home and home.address.lat is not None and home.address.lon is not None:
        lat, lon = home.address.lat, home.address.lon
        near = nearest_caregivers(lat=lat, lon=lon, area_path=root, now=now, limit=limit)
        return [Candidate(each.caregiver, each.minutes) for each in near]
    known = caregivers_on_shift(area_path=root, now=now)[:limit]
    return [Candidate(each) for each in known]


def caregiver_for(alert: Alert, caregiver_id: UUID) -> Caregiver | None:
    """The caregiver with this id, if they serve the alert's district."""
    return Caregiver.objects.filter(
        pk=caregiver_id, area__path__startswith=district_of(alert), active=True
    ).first()


def district_of(alert: Alert) -> str:
    """Path of the district in which an alert was raised."""
    return alert.area.path.partition(".")[0] + "."
