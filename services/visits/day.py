"""A caregiver's days as their telephone holds them, compact, for when there is no network.

Of today's visits, and of one that goes on through midnight, it says who, where and what to know;
of later days only when, what, and by what name. How to get in and what to know of their health is
there from an hour before the first visit of the day, for a shift may be without network from its
first hour on; the way in until the visit is over. The telephone shows it from `door_from` on,
tells us each time (`actions.record_door_reading`), and drops the visit at `keep_until`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from backend.accounts import window
from backend.people.names import short_name
from services.emergencies.rounds import way_link
from services.visits import policies
from services.visits.board import span_of
from services.visits.models import CheckEvent, Visit, VisitCarer, VisitTask
from services.visits.queries import GOING, fence_m

State = Visit.State

UNMADE = (*Visit.OPEN, State.IN_PROGRESS, State.MISSED)
"""While how to get in is needed."""
SENSITIVE = ("address", "door_code", "instructions", "phone")


@dataclass(frozen=True)
class Days:
    """What is sent, and whose sensitive fields are in it."""

    content: dict[str, Any]
    residents: frozenset[UUID]


def days_of(caregiver_id: UUID, *, now: datetime, language: str) -> Days:
    """Today and seven days."""
    today = timezone.localdate(now)
    visits = list(_visits(caregiver_id, now))
    next_one = next((v for v in visits if v.state in (*Visit.OPEN, State.IN_PROGRESS)), None)
    begun = any(door_from(visit) <= now for visit in visits if visit.day == today)
    shown = [
        _today(
            visit,
            caregiver_id,
            is_shift=begun or visit.day < today,
        )
        if visit.day <= today
        else _later(visit, caregiver_id, language)
        for visit in visits
    ]
    return Days(
        content={
            "from": today.isoformat(),
            "day_ends_at": span_of(today)[1].isoformat(),
            "until": (today + timedelta(days=policies.DAYS_AHEAD)).isoformat(),
            "next": str(next_one.pk) if next_one else None,
            "caregiver": str(caregiver_id),
            "visits": shown,
        },
        residents=frozenset(v.resident_id for v in visits if v.day <= today),
    )


def _visits(caregiver_id: UUID, now: datetime) -> QuerySet[Visit]:
    today = timezone.localdate(now)
    own_checks = CheckEvent.objects.filter(caregiver=caregiver_id)
    goes = VisitCarer.objects.filter(caregiver=caregiver_id, released_at=None)
    ahead = Q(day__gte=today, day__lte=today + timedelta(days=policies.DAYS_AHEAD))
    through_midnight = Q(
        day=today - timedelta(days=1),
        state__in=(*Visit.OPEN, State.IN_PROGRESS),
        window_starts_at__gt=now - policies.THROUGH_MIDNIGHT,
    )
    return (
        Visit.objects.filter(ahead | through_midnight, pk__in=goes.values("visit"))
        .exclude(state=State.CANCELLED)
        .select_related("area", "plan")
        .select_related("resident__household__address", "resident__household__fence")
        .prefetch_related(
            GOING,
            Prefetch("task_outcomes", VisitTask.objects.all(), to_attr="outcomes"),
            Prefetch("checks", own_checks.order_by("device_at"), to_attr="own_checks"),
        )
        .order_by("window_starts_at", "pk")
    )


def door_from(visit: Visit) -> datetime:
    """When whoever goes may see how to get in."""
    return visit.window_starts_at - window.BEFORE


def _later(visit: Visit, caregiver_id: UUID, language: str) -> dict[str, Any]:
    return {
        "id": str(visit.pk),
        "day": visit.day.isoformat(),
        "starts_at": visit.shown_at.isoformat(),
        "begin_by": visit.window_ends_at.isoformat(),
        "minutes": visit.duration_min,
        "service": visit.service,
        "service_name": visit.get_service_display(),
        "state": visit.state,
        "with": [
            each.caregiver.name
            for each in getattr(visit, "going", [])
            if each.caregiver_id != caregiver_id
        ],
        "carers_needed": visit.carers_needed,
        "who": short_name(visit.resident, language),
        "area": visit.area.name,
        "tasks": [{"task": task} for task in visit.tasks],
        "keep_until": (visit.window_ends_at + window.AFTER).isoformat(),
    }


def _today(visit: Visit, caregiver_id: UUID, *, is_shift: bool) -> dict[str, Any]:
    resident, address = visit.resident, visit.resident.household.address
    outcomes = {each.task: each for each in getattr(visit, "outcomes", [])}
    return {
        **_later(visit, caregiver_id, ""),
        "who": resident.name,
        "resident": str(resident.pk),
        "address": address.text,
        "position": [address.lat, address.lon] if address.lat is not None else None,
        "way": way_link(address.lat, address.lon, address.text),
        "fence_m": fence_m(resident.household),
        "phone": resident.phone or resident.second_phone,
        "know": _know(visit) if is_shift else [],
        "door": _door(visit) if is_shift and visit.state in UNMADE else None,
        "door_from": door_from(visit).isoformat(),
        "tasks": [
            {
                "task": task,
                "outcome": outcomes[task].outcome if task in outcomes else "",
                "reason": outcomes[task].reason if task in outcomes else "",
            }
            for task in visit.tasks
        ],
        "came_at": _of_kind(visit, CheckEvent.Kind.IN),
        "left_at": _of_kind(visit, CheckEvent.Kind.OUT),
        "started_at": visit.started_at.isoformat() if visit.started_at else None,
        "ended_at": visit.ended_at.isoformat() if visit.ended_at else None,
        "late": visit.late_since is not None,
    }


def _of_kind(visit: Visit, kind: str) -> str | None:
    """When the caregiver came by themselves, or left; a colleague may have come before."""
    times = [each.device_at for each in getattr(visit, "own_checks", []) if each.kind == kind]
    return times[-1 if kind == CheckEvent.Kind.OUT else 0].isoformat() if times else None


def _know(visit: Visit) -> list[str]:
    """What whoever goes has to know, in order; empty lines left out."""
    plan, resident = visit.plan, visit.resident
    allergies = {"what": resident.allergies}
    allergic = gettext("Allergic to %(what)s") % allergies if resident.allergies else ""
    said = [plan.instructions if plan else "", resident.responder_notes, allergic]
    moves = resident.get_mobility_display() if resident.mobility != "walks" else ""
    return [each for each in (*said, moves) if each]


def _door(visit: Visit) -> dict[str, str]:
    home = visit.resident.household
    return {"code": home.door_code, "key": home.key_holder, "notes": home.entry_notes}
