"""Who was not heard of in time, as work that waits for a person and climbs."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from backend.accounts.models import Role
from services.alerts import worklists
from services.alerts.worklists import Level, Waiting, WorkItem, Worklist
from services.wellbeing import policies, queries
from services.wellbeing.models import Watched


def waiting(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Those whom somebody must hear of within the day, who is owed first standing first."""
    rows = queries.watched_visible_to(actor, "list").filter(owed_at__lte=now + policies.SOON)
    return Waiting(
        total=rows.count(),
        overdue=rows.filter(owed_at__lt=now).count(),
        items=[_item(row, now) for row in rows[:limit]],
    )


def _item(row: Watched, now: datetime) -> WorkItem:
    owed_at = row.owed_at or now
    return WorkItem(
        reference=f"watched:{row.pk}",
        kind="forgotten",
        title=_("To be heard of"),
        url=f"{reverse('desk_forgotten')}?list={'overdue' if owed_at < now else 'soon'}",
        area=row.resident.area.name,
        area_path=row.resident.area.path,
        level=Level.RED if row.every_days <= 1 or row.event_id else Level.ORANGE,
        since=row.heard_at or row.since,
        due_at=owed_at,
        resident_id=row.resident_id,
        who=row.resident.name,
        owner=row.assigned_to.name if row.assigned_to else "",
        next_climb_at=row.due_at,
        next_climb_to=Role(policies.climb_of(row.climbs).to).label,
    )


worklists.register(Worklist("forgotten", _("Nobody forgotten"), waiting, order=45))
