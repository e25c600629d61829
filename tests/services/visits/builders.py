"""Care plans and visits with sensible defaults."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from backend.people.models import Caregiver, Resident
from services.visits import actions, policies
from services.visits.actions import Act, Proof
from services.visits.models import CarePlan, Service, Visit
from tests.builders import NOON, a_caregiver, a_resident

TODAY = date(2026, 11, 23)
"""A Monday; NOON is 12:00 of it in Shanghai."""
BY = "user:lead"

_keys = count(1)


def a_care_plan(
    *, resident: Resident | None = None, now: datetime = NOON, **fields: Any
) -> CarePlan:
    """Bathing every day at 14:00 for half an hour, its visits made."""
    details = {
        "service": Service.BATHING,
        "tasks": ["wash", "dress"],
        "duration_min": 30,
        "rule": "FREQ=DAILY",
        "at": time(14, 0),
        "starts_on": TODAY,
        **fields,
    }
    return actions.create_plan(resident=resident or a_resident(), details=details, by=BY, now=now)


def a_visit(
    *,
    to: Resident | None = None,
    starts_at: datetime = NOON,
    carers: tuple[Caregiver, ...] = (),
    **fields: Any,
) -> Visit:
    """A visit of its own that may begin within half an hour."""
    resident = to or a_resident()
    visit = Visit(
        resident=resident,
        area=resident.area,
        **{
            "service": Service.BATHING,
            "tasks": ["wash", "dress"],
            "duration_min": 30,
            "occurs_on": TODAY,
            "day": TODAY,
            "window_starts_at": starts_at,
            "window_ends_at": starts_at + timedelta(minutes=30),
            "made_at": NOON - timedelta(days=1),
            **fields,
        },
    )
    visit.due_at = policies.due_at(visit)
    visit.save()
    if carers:
        visit = actions.assign_visit(visit, caregivers=carers, by=BY, now=visit.made_at)
    return visit


def an_assigned_visit(**fields: Any) -> tuple[Visit, Caregiver]:
    """A visit with the caregiver who goes."""
    resident = fields.pop("to", None) or a_resident()
    caregiver = a_caregiver(area=resident.area)
    return a_visit(to=resident, carers=(caregiver,), **fields), caregiver


def an_act(
    caregiver: Caregiver, *, at: datetime = NOON, key: str = "", offline: bool = False
) -> Act:
    """Something that a caregiver's telephone sends."""
    return Act(caregiver, at, key or f"key-{next(_keys)}", f"caregiver:{caregiver.pk}", offline)


BY_HAND = Proof(reason="no_position")
