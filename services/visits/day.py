"""A caregiver's days as their telephone holds them, compact, for when there is no network.

Of today's visits it says who, where and what to know; how to get in only around the visit and for
the next one; of later days only when, what, and by what name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from backend.people.names import short_name
from services.visits import policies
from services.visits.models import Visit, VisitCarer, VisitTask
from services.visits.queries import GOING

State = Visit.State

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
    shown = [
        _today(visit, with_door=visit is next_one or _is_about(visit, now))
        if visit.day <= today
        else _later(visit, language)
        for visit in visits
    ]
    return Days(
        content={
            "from": today.isoformat(),
            "until": (today + timedelta(days=policies.DAYS_AHEAD)).isoformat(),
            "next": str(next_one.pk) if next_one else None,
            "visits": shown,
        },
        residents=frozenset(v.resident_id for v in visits if v.day <= today),
    )


def _visits(caregiver_id: UUID, now: datetime) -> QuerySet[Visit]:
    today = timezone.localdate(now)
    goes = VisitCarer.objects.filter(caregiver=caregiver_id, released_at=None)
    return (
        Visit.objects.filter(
            pk__in=goes.values("visit"),
            day__gte=today,
            day__lte=today + timedelta(days=policies.DAYS_AHEAD),
        )
        .exclude(state=State.CANCELLED)
        .select_related("area", "plan", "resident__household__address")
        .prefetch_related(
            GOING,
            Prefetch("task_outcomes", VisitTask.objects.all(), to_attr="outcomes"),
        )
        .order_by("window_starts_at", "pk")
    )


def _is_about(visit: Visit, now: datetime) -> bool:
    begins, ends = visit.window_starts_at, visit.window_ends_at
    return begins - policies.REACH_BEFORE < now < ends + policies.REACH_AFTER


def _later(visit: Visit, language: str) -> dict[str, Any]:
    return {
        "id": str(visit.pk),
        "day": visit.day.isoformat(),
        "starts_at": visit.shown_at.isoformat(),
        "begin_by": visit.window_ends_at.isoformat(),
        "minutes": visit.duration_min,
        "service": visit.service,
        "service_name": visit.get_service_display(),
        "state": visit.state,
        "with": [each.caregiver.name for each in getattr(visit, "going", [])],
        "carers_needed": visit.carers_needed,
        "who": short_name(visit.resident, language),
        "area": visit.area.name,
        "tasks": [{"task": task} for task in visit.tasks],
    }


def _today(visit: Visit, *, with_door: bool) -> dict[str, Any]:
    resident, address = visit.resident, visit.resident.household.address
    outcomes = {each.task: each for each in getattr(visit, "outcomes", [])}
    return {
        **_later(visit, ""),
        "who": resident.name,
        "resident": str(resident.pk),
        "address": address.text,
        "position": [address.lat, address.lon] if address.lat is not None else None,
        "phone": resident.phone or resident.second_phone,
        "know": _know(visit),
        "door": _door(visit) if with_door else None,
        "tasks": [
            {
                "task": task,
                "outcome": outcomes[task].outcome if task in outcomes else "",
                "reason": outcomes[task].reason if task in outcomes else "",
            }
            for task in visit.tasks
        ],
        "started_at": visit.started_at.isoformat() if visit.started_at else None,
        "ended_at": visit.ended_at.isoformat() if visit.ended_at else None,
        "late": visit.late_since is not None,
    }


def _know(visit: Visit) -> list[str]:
    """What whoever goes has to know, in order; empty lines left out."""
    plan, resident = visit.plan, visit.resident
    said = [plan.instructions if plan else "", resident.responder_notes, resident.allergies]
    moves = resident.get_mobility_display() if resident.mobility != "walks" else ""
    return [each for each in (*said, moves) if each]


def _door(visit: Visit) -> dict[str, str]:
    home = visit.resident.household
    return {"code": home.door_code, "key": home.key_holder, "notes": home.entry_notes}
