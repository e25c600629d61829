"""Requests as work that waits for a person."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from backend.accounts.models import Role
from services.alerts import policies as alert_policies
from services.alerts import worklists
from services.alerts.models import Alert
from services.alerts.worklists import Level, Waiting, WorkItem, Worklist
from services.rights.models import RightsEvent, RightsRequest
from services.rights.policies import NOT_PREPARED
from services.rights.queries import requests_visible_to

State = RightsRequest.State

_SOON = (
    (timedelta(hours=24), Level.RED),
    (timedelta(days=3), Level.ORANGE),
    (timedelta(days=7), Level.YELLOW),
)


def open_requests(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Requests that wait for a person, by what is due first.

    A copy in the making waits for nobody, until it has failed.
    """
    failed = RightsEvent.objects.filter(request=OuterRef("pk"), event=NOT_PREPARED)
    waiting = requests_visible_to(actor, "list").filter(
        Q(state__in=(State.OPEN, State.APPROVED)) | Q(Exists(failed), state=State.PREPARING)
    )
    by_end = waiting.order_by("ends_at", "pk")
    return Waiting(
        total=waiting.count(),
        overdue=waiting.filter(ends_at__lte=now).count(),
        items=[_item(each, now) for each in by_end[:limit]],
    )


def _item(request: RightsRequest, now: datetime) -> WorkItem:
    left = request.ends_at - now
    climb_at, climb_to = request.ends_at, alert_policies.climb_of(0).to.label
    if request.overdue_since is not None:
        alert = Alert.objects.filter(
            kind=Alert.Kind.RIGHTS_OVERDUE, state__in=Alert.OPEN, resident=request.resident_id
        ).first()
        climb_at = alert.due_at if alert and alert.due_at else now
        climb_to = Role(alert_policies.climb_of(alert.climbs if alert else 0).to).label
    return WorkItem(
        reference=request.reference,
        kind="rights",
        title=request.get_kind_display(),
        url=reverse("desk_rights_request", args=[request.pk]),
        area=request.area.name,
        area_path=request.area.path,
        level=next((level for within, level in _SOON if left <= within), Level.BLUE),
        since=request.asked_at,
        due_at=request.ends_at,
        resident_id=request.resident_id,
        who=request.resident.name,
        owner=str(request.owner) if request.owner else "",
        next_climb_at=climb_at,
        next_climb_to=climb_to,
    )


worklists.register(Worklist("rights", _("Data rights"), open_requests, order=60))
