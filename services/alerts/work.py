"""Open alerts as work that waits for a person."""

from datetime import datetime

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Value,
    When,
)
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from backend.accounts.models import Role
from services.alerts import policies, worklists
from services.alerts.models import Alert
from services.alerts.queries import alerts_visible_to
from services.alerts.worklists import WITHIN, Level, Waiting, WorkItem, Worklist

_WITHIN = Case(
    *[
        When(
            kind__in=[kind for kind, of in policies.LEVELS.items() if of is level], then=Value(span)
        )
        for level, span in WITHIN.items()
    ],
    default=Value(WITHIN[Level.RED]),
    output_field=DurationField(),
)


def open_alerts(actor: Actor, now: datetime, limit: int) -> Waiting:
    """What of an actor's area is open, the most overdue first."""
    alerts = (
        alerts_visible_to(actor, "list")
        .filter(state__in=Alert.OPEN)
        .annotate(deadline=ExpressionWrapper(F("raised_at") + _WITHIN, DateTimeField()))
        .order_by("deadline", "pk")
        .select_related("area", "resident", "household__address", "assigned_to")
    )
    return Waiting(
        total=alerts.count(),
        overdue=alerts.filter(deadline__lt=now).count(),
        items=[_item(alert) for alert in alerts[:limit]],
    )


def _item(alert: Alert) -> WorkItem:
    to = policies.climb_of(alert.climbs).to
    return WorkItem(
        reference=alert.reference,
        kind="alerts",
        title=alert.get_kind_display(),
        url=f"{reverse('desk_alerts')}?kind={alert.kind}#alert-{alert.pk}",
        area=alert.area.name,
        area_path=alert.area.path,
        level=policies.level_of(alert.kind),
        since=alert.raised_at,
        due_at=policies.deadline_of(alert.kind, alert.raised_at),
        resident_id=alert.resident_id,
        who=alert.resident.name if alert.resident else "",
        owner=alert.assigned_to.name if alert.assigned_to else "",
        next_climb_at=alert.due_at,
        next_climb_to=Role(to).label,
    )


worklists.register(Worklist("alerts", _("Alerts"), open_alerts, order=20))
