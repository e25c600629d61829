"""Visits as work that waits for a person: late, missed, with nobody, asked to be moved."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from services.alerts import worklists
from services.alerts.worklists import WITHIN, Level, Mark, Waiting, WorkItem, Worklist
from services.visits import policies
from services.visits.models import Visit, VisitRequest
from services.visits.queries import requests_visible_to, visits_visible_to

State = Visit.State

AHEAD = timedelta(hours=24)
"""So long before its window a visit that nobody goes to is work; earlier it is the planner's."""
BACK = timedelta(days=7)
"""So long a missed visit waits to be made good, moved or called off."""

DUE_BY = (
    "state",
    "late_since",
    "missed_at",
    "made_at",
    "unstaffed_since",
    "planned_at",
    "window_starts_at",
    "window_ends_at",
)
"""Fields that say when a visit is due (`_about`)."""


def waiting(actor: Actor, now: datetime, limit: int) -> Waiting:
    """What of an actor's visits somebody must see to, by what is due first."""
    waits = (
        Q(state__in=Visit.OPEN, late_since__isnull=False)
        | Q(state=State.MISSED, window_starts_at__gt=now - BACK)
        | Q(state=State.PLANNED, window_starts_at__lt=now + AHEAD)
        | Q(state__in=Visit.OPEN) & ~Q(wish="")
    )
    visits = visits_visible_to(actor, "list").filter(waits, drill=False)
    marked = sorted(((_mark(visit, now), visit.pk) for visit in _bare(visits)), key=_due_first)
    first = [key for _, key in marked[:limit]]
    shown = visits.in_bulk(first)
    return Waiting(
        total=len(marked),
        overdue=sum(mark.due_at < now for mark, _key in marked),
        items=[_item(shown[key], now) for key in first if key in shown],
        everything=[mark for mark, _key in marked],
    )


def _due_first(marked: tuple[Mark, UUID]) -> tuple[datetime, UUID]:
    mark, key = marked
    return mark.due_at, key


def _mark(visit: Visit, now: datetime) -> Mark:
    about = _about(visit, now)
    return Mark(getattr(visit, "path", ""), about.level, about.due_at)


def _bare(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Only what says when each is due: before a day is planned, thousands wait."""
    bare = visits.select_related(None).prefetch_related(None)
    return bare.only(*DUE_BY).annotate(path=F("area__path"))


def _item(visit: Visit, now: datetime) -> WorkItem:
    about = _about(visit, now)
    return WorkItem(
        reference=visit.reference,
        kind="visits",
        title=about.title,
        url=reverse("desk_visit", args=[visit.pk]),
        area=visit.area.name,
        area_path=visit.area.path,
        level=about.level,
        since=about.since,
        due_at=about.due_at,
        resident_id=visit.resident_id,
        who=visit.resident.name,
        owner="、".join(each.caregiver.name for each in getattr(visit, "going", [])),
    )


class _About(NamedTuple):
    """Why a visit waits, how urgent that is, since when and until when."""

    title: str | Promise
    level: Level
    since: datetime
    due_at: datetime


def _about(visit: Visit, now: datetime) -> _About:
    starts_at = visit.window_starts_at
    if visit.state == State.MISSED:
        since = visit.missed_at or now
        return _About(_("Visit missed"), Level.RED, since, since + WITHIN[Level.RED])
    if visit.late_since is not None:
        due_at = policies.missed_at(visit)
        return _About(_("Visit late"), Level.RED, visit.late_since, due_at)
    if visit.state == State.PLANNED:
        since = visit.unstaffed_since or visit.made_at
        return _About(_("Nobody for a visit"), Level.ORANGE, since, starts_at)
    return _About(_("Another time was asked for"), Level.YELLOW, visit.made_at, starts_at)


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
