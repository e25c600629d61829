"""Alerts as their viewers may see them."""

from django.db.models import QuerySet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
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
