"""Assessments that wait for their second signature, as work of the office."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from services.alerts import worklists
from services.alerts.worklists import WITHIN, Level, Waiting, WorkItem, Worklist
from services.assistance.ability import queries
from services.assistance.models import AbilityAssessment

LEVEL = Level.YELLOW
"""Our choice: a week, for the state of a person changes."""


def waiting_assessments(actor: Actor, now: datetime, limit: int) -> Waiting:
    """What a second assessor has to sign or drop, the oldest first; nothing of the gone."""
    seen = queries.waiting(queries.assessments_visible_to(actor, "list"))
    rows = seen.exclude(resident__life_state__in=queries.GONE)
    return Waiting(
        total=rows.count(),
        overdue=rows.filter(assessed_at__lt=now - WITHIN[LEVEL]).count(),
        items=[_item(each) for each in rows.order_by("assessed_at", "pk")[:limit]],
    )


def _item(row: AbilityAssessment) -> WorkItem:
    return WorkItem(
        reference=row.reference,
        kind="ability",
        title=_("sign an assessment as the second assessor"),
        url=reverse("ability", args=[row.pk]),
        area=row.area.name,
        area_path=row.area.path,
        level=LEVEL,
        since=row.assessed_at,
        due_at=row.assessed_at + WITHIN[LEVEL],
        resident_id=row.resident_id,
        who=row.resident.name,
    )


worklists.register(Worklist("ability", _("Ability assessments"), waiting_assessments, order=67))
