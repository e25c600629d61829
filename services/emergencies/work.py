"""Open calls as work that waits for a person."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from services.alerts import worklists
from services.alerts.worklists import Level, Waiting, WorkItem, Worklist
from services.emergencies import policies
from services.emergencies.desk.words import metric_word
from services.emergencies.models import EmergencyCall
from services.emergencies.queries import calls_visible_to


def open_calls(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Calls of an actor's area that are not over, the oldest first."""
    calls = calls_visible_to(actor, "list").exclude(state=EmergencyCall.State.RESOLVED)
    items = sorted(map(_item, calls), key=lambda each: each.due_at)
    overdue = sum(each.due_at < now for each in items)
    return Waiting(total=len(items), overdue=overdue, items=items[:limit])


def _item(call: EmergencyCall) -> WorkItem:
    return WorkItem(
        reference=call.reference,
        kind="calls",
        title=_title(call),
        url=reverse("desk_call", args=[call.pk]),
        area=call.area.name if call.area else "",
        area_path=call.area_path,
        level=Level.RED,
        since=call.opened_at,
        due_at=call.opened_at + _within(call),
        resident_id=call.resident_id,
        who=call.resident.name if call.resident else call.claimed_name,
        owner=call.accepted_by_name or call.handled_by_name,
        next_climb_at=call.due_at,
        next_climb_to=_("the next people of its ladder"),
    )


def _title(call: EmergencyCall) -> str | Promise:
    """What called; who only rang us is to be rung back."""
    if call.kind == EmergencyCall.Kind.CONSULTATION:
        return _("To be rung back")
    return metric_word(call.source_metric)


def _within(call: EmergencyCall) -> timedelta:
    """By when somebody should be there, or have rung back."""
    if call.kind != EmergencyCall.Kind.EMERGENCY:
        return policies.SERVICE_ROUND_GAP
    return timedelta(minutes=call.policy["arrive_within_min"])


worklists.register(Worklist("calls", _("Calls"), open_calls, order=10))
