"""Visits as work that waits for a person: late, missed, with nobody, asked to be moved."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from services.alerts import worklists
from services.alerts.worklists import WITHIN, Level, Waiting, WorkItem, Worklist
from services.visits import policies
from services.visits.models import Visit, VisitRequest
from services.visits.queries import requests_visible_to, visits_visible_to

State = Visit.State

AHEAD = timedelta(hours=24)
"""So long before its window a visit that nobody goes to is work; earlier it is the planner's."""
BACK = timedelta(days=7)
"""So long a missed visit waits to be made good, moved or called off."""


def waiting(actor: Actor, now: datetime, limit: int) -> Waiting:
    """What of an actor's visits somebody must see to, by what is due first."""
    waits = (
        Q(state__in=Visit.OPEN, late_since__isnull=False)
        | Q(state=State.MISSED, window_starts_at__gt=now - BACK)
        | Q(state=State.PLANNED, window_starts_at__lt=now + AHEAD)
        | Q(state__in=Visit.OPEN) & ~Q(wish="")
    )
    visits = visits_visible_to(actor, "list").filter(waits, drill=False)
    items = sorted((_item(visit, now) for visit in visits), key=lambda each: each.due_at)
    overdue = sum(each.due_at < now for each in items)
    return Waiting(total=len(items), overdue=overdue, items=items[:limit])


def _item(visit: Visit, now: datetime) -> WorkItem:
    title, level, since, due_at = _about(visit, now)
    return WorkItem(
        reference=visit.reference,
        kind="visits",
        title=title,
        url=reverse("desk_visit", args=[visit.pk]),
        area=visit.area.name,
        area_path=visit.area.path,
        level=level,
        since=since,
        due_at=due_at,
        resident_id=visit.resident_id,
        who=visit.resident.name,
        owner="、".join(each.caregiver.name for each in getattr(visit, "going", [])),
    )


def _about(visit: Visit, now: datetime) -> tuple[str | Promise, Level, datetime, datetime]:
    if visit.state == State.MISSED:
        since = visit.missed_at or now
        return _("Visit missed"), Level.RED, since, since + WITHIN[Level.RED]
    if visit.late_since is not None:
        return _("Visit late"), Level.RED, visit.late_since, policies.missed_at(visit)
    if visit.state == State.PLANNED:
        since = visit.unstaffed_since or visit.made_at
        return _("Nobody for a visit"), Level.ORANGE, since, visit.window_starts_at
    return _("Another time was asked for"), Level.YELLOW, visit.made_at, visit.window_starts_at


def requests_waiting(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Visits that were asked for and not answered, the oldest first."""
    asked = requests_visible_to(actor, "list").filter(state=VisitRequest.State.OPEN)
    within = WITHIN[Level.ORANGE]
    items = [
        WorkItem(
            reference=each.reference,
            kind="visit-requests",
            title=_("A visit was asked for"),
            url=reverse("desk_visit_requests"),
            area=each.area.name,
            area_path=each.area.path,
            level=Level.ORANGE,
            since=each.asked_at,
            due_at=each.asked_at + within,
            resident_id=each.resident_id,
            who=each.resident.name,
        )
        for each in asked.order_by("asked_at", "pk")[:limit]
    ]
    overdue = asked.filter(asked_at__lt=now - within).count()
    return Waiting(total=asked.count(), overdue=overdue, items=items)


worklists.register(Worklist("visits", _("Visits"), waiting, order=30))
worklists.register(Worklist("visit-requests", _("Visits asked for"), requests_waiting, order=35))
