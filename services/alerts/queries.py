"""Alerts as their viewers may see them."""

from datetime import datetime

from django.db.models import QuerySet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.core.due import oldest_due_at as oldest
from services.alerts.models import Alert


def alerts_visible_to(actor: Actor, action: str = "read") -> QuerySet[Alert]:
    """Alerts within the actor's scope for the action, newest first."""
    alerts = Alert.objects.select_related("area", "resident", "household__address").order_by(
        "-raised_at"
    )
    match actor.scope("alerts", action):
        case Scope.ALL:
            return alerts
        case Scope.AREA if actor.area_path:
            return alerts.filter(area__path__startswith=actor.area_path)
        case Scope.ASSIGNED if actor.caregiver_id:
            return alerts.filter(assigned_to=actor.caregiver_id)
    return alerts.none()


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the most overdue climb was due."""
    return oldest(Alert.objects.filter(state__in=Alert.OPEN), now=now)
