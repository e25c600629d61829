"""Clocks of cases as work that waits for a person."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from services.alerts import worklists
from services.alerts.worklists import Level, Waiting, WorkItem, Worklist
from services.assistance.cases import climbing, queries
from services.assistance.cases.machine import Clock
from services.assistance.models import Deadline
from services.assistance.models.cases import State

_SOON = (
    (timedelta(0), Level.RED),
    (timedelta(days=3), Level.ORANGE),
    (timedelta(days=7), Level.YELLOW),
)
_NOBODY_ACTS = Q(kind=Clock.NOTICE) | (Q(kind=Clock.REVIEW) & ~Q(case__state=State.REVIEW))
"""Clocks during which nothing is to be done."""


def open_clocks(actor: Actor, now: datetime, limit: int) -> Waiting:
    """The clock of each case that ends first, the most overdue first."""
    clocks = queries.open_deadlines(actor).exclude(_NOBODY_ACTS)
    first: dict[object, Deadline] = {}
    for deadline in clocks:
        first.setdefault(deadline.case_id, deadline)
    rows = list(first.values())
    return Waiting(
        total=len(rows),
        overdue=sum(row.ends_at <= now for row in rows),
        items=[_item(row, now) for row in rows[:limit]],
    )


def _item(deadline: Deadline, now: datetime) -> WorkItem:
    case = deadline.case
    return WorkItem(
        reference=case.reference,
        kind="cases",
        title=case.get_state_display(),
        url=reverse("desk_case", args=[case.pk]),
        area=case.area.name,
        area_path=case.area.path,
        level=next((lv for left, lv in _SOON if deadline.ends_at - now <= left), Level.BLUE),
        since=deadline.started_at,
        due_at=deadline.ends_at,
        resident_id=case.resident_id,
        who=case.resident.name,
        owner=str(case.owner) if case.owner else "",
        next_climb_at=deadline.due_at,
        next_climb_to=climbing.RUNG_WORDS[climbing.next_rung(deadline)],
    )


worklists.register(Worklist("cases", _("Cases"), open_clocks, order=60))
