"""Care plans: made, changed, ended; visits ahead follow, but for those a person touched."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils import timezone

from backend.audit.models import AuditRow
from backend.core.errors import Invalid
from backend.core.recurrence import read_rule
from backend.people.models import Caregiver, Resident
from services.visits import policies
from services.visits.actions.cancelling import cancel_for
from services.visits.actions.making import (
    ENDS,
    make_locked,
    next_making,
    occurrences,
    visit_of,
    what_is_done,
)
from services.visits.errors import PlanChanged, PlanEnded
from services.visits.models import CarePlan, Visit, VisitCarer
from services.visits.record import note_plan

State = Visit.State

DURATION_MIN, DURATION_MAX = 5, 720
TASKS_MAX = 30
FOLLOWS = ("day", "window_starts_at", "window_ends_at", "due_at", *what_is_done(CarePlan()))
"""What a visit nobody touched takes over when its plan is changed."""
PEOPLE = ("preferred", "refused")


@transaction.atomic
def create_plan(
    *, resident: Resident, details: Mapping[str, Any], by: str, now: datetime
) -> CarePlan:
    """Owe somebody a service from a day on, and make its visits; `details` are plan fields.

    Raises:
        Invalid: an entry cannot be used, or the resident moved away or died.
    """
    if resident.life_state in ENDS:
        raise Invalid(fields={"resident": ["not_here_any_more"]})
    plan = CarePlan(resident=resident, created_at=now, created_by=by, due_at=now)
    people = _apply(plan, details)
    plan.save()
    _set_people(plan, people)
    note_plan(plan, "care_plan.created", AuditRow.Action.CREATE, fields=details, by=by, now=now)
    make_locked([plan], now=now)
    return plan


@transaction.atomic
def change_plan(
    plan: CarePlan,
    *,
    changes: Mapping[str, Any],
    version: int | None = None,
    by: str,
    now: datetime,
) -> CarePlan:
    """Change a plan; visits ahead that nobody touched follow it.

    Raises:
        Invalid: an entry cannot be used.
        PlanEnded: it is over.
        PlanChanged: it is not the version that the change was made from.
    """
    plan = locked_plan(plan)
    if plan.ended_at is not None:
        raise PlanEnded
    if version is not None and version != plan.version:
        raise PlanChanged
    people = _apply(plan, changes)
    plan.version += 1
    plan.lease_until, plan.lease_token = None, None
    plan.save()
    _set_people(plan, people)
    follow_plan(plan, now=now)
    note_plan(plan, "care_plan.changed", AuditRow.Action.CHANGE, fields=changes, by=by, now=now)
    return plan


@transaction.atomic
def end_plan(
    plan: CarePlan, *, on: date | None = None, reason: str, by: str, now: datetime
) -> CarePlan:
    """End a plan after a day, today unless said; what was to come later is cancelled.

    Again changes nothing.
    """
    plan = locked_plan(plan)
    if plan.ended_at is not None:
        return plan
    last = on or timezone.localdate(now, ZoneInfo(plan.zone))
    plan.ends_on = max(last, plan.starts_on)
    plan.end_reason = reason[:120]
    plan.version += 1
    plan.lease_until, plan.lease_token = None, None
    if next_making(plan, now=now) is None:
        plan.ended_at, plan.due_at = now, None
    plan.save()
    ahead = plan.visits.filter(occurs_on__gt=plan.ends_on, window_starts_at__gt=now)
    cancel_for(ahead, reason=Visit.CancelReason.PLAN, by=by, now=now)
    note_plan(plan, "care_plan.ended", AuditRow.Action.CHANGE, fields=["ends_on"], by=by, now=now)
    return plan


def locked_plan(plan: CarePlan) -> CarePlan:
    """The plan as it stands, locked before its visits as everywhere."""
    return (
        CarePlan.objects.select_related("resident__area")
        .select_for_update(of=("self",))
        .get(pk=plan.pk)
    )


def follow_plan(plan: CarePlan, *, now: datetime) -> None:
    """Let the visits ahead of a locked plan stand as the plan says now.

    Those a person touched, or that were cancelled for a reason of their own, stay. A carer stays
    where the time and what is asked of them do.
    """
    ahead = plan.visits.filter(
        window_starts_at__gt=now,
        touched_by_person=False,
        state__in=Visit.OPEN,
    ).select_for_update()
    standing = {visit.occurs_on: visit for visit in ahead}
    today = timezone.localdate(now, ZoneInfo(plan.zone))
    wanted = {
        visit.occurs_on: visit
        for visit in (
            visit_of(plan, begins_at, now=now)
            for begins_at in occurrences(plan, after=today - timedelta(days=1), now=now)
        )
    }
    Visit.objects.filter(
        pk__in=[visit.pk for day, visit in standing.items() if day not in wanted]
    ).delete()
    kept = [(visit, wanted[day]) for day, visit in standing.items() if day in wanted]
    _release_unfit(plan, kept, now=now)
    for visit, new in kept:
        for name in FOLLOWS:
            setattr(visit, name, getattr(new, name))
        visit.due_at = policies.due_at(visit)
    Visit.objects.bulk_update([v for v, _ in kept], [*FOLLOWS, "state", "unserved", "planned_at"])
    plan.made_until = min(plan.starts_on, today) - timedelta(days=1)
    make_locked([plan], now=now)


def _release_unfit(plan: CarePlan, kept: Sequence[tuple[Visit, Visit]], *, now: datetime) -> None:
    """Take back the carers of visits whose time or demands change, and those now refused."""
    refused = set(plan.refused.values_list("pk", flat=True))
    carers = VisitCarer.objects.filter(
        visit__in=[visit.pk for visit, _ in kept], released_at=None
    ).values_list("visit_id", "caregiver_id")
    goes_refused = {visit for visit, carer in carers if carer in refused}
    loose = []
    for visit, new in kept:
        same = all(
            getattr(visit, name) == getattr(new, name)
            for name in ("window_starts_at", "window_ends_at", "duration_min", "carers_needed")
        ) and sorted(visit.skills) == sorted(new.skills)
        if not same or visit.pk in goes_refused:
            visit.state, visit.planned_at = State.PLANNED, None
            visit.unserved = Visit.Unserved.NOT_PLANNED
            loose.append(visit.pk)
    VisitCarer.objects.filter(visit__in=loose, released_at=None).update(released_at=now)


def _apply(plan: CarePlan, details: Mapping[str, Any]) -> dict[str, Sequence[Caregiver]]:
    """Set and check the fields; who is preferred and refused is given back."""
    people = {name: details[name] for name in PEOPLE if name in details}
    for name, value in details.items():
        if name not in PEOPLE:
            setattr(plan, name, value)
    _check(plan)
    return people


def _check(plan: CarePlan) -> None:
    faults: dict[str, list[str]] = {}
    if not DURATION_MIN <= plan.duration_min <= DURATION_MAX:
        faults["duration_min"] = ["out_of_range"]
    if plan.carers_needed not in (1, 2):
        faults["carers_needed"] = ["one_or_two"]
    if plan.ends_on is not None and plan.ends_on < plan.starts_on:
        faults["ends_on"] = ["before_start"]
    if len(plan.tasks) > TASKS_MAX or len(set(plan.tasks)) != len(plan.tasks):
        faults["tasks"] = ["too_many_or_twice"]
    try:
        ZoneInfo(plan.zone)
    except (ZoneInfoNotFoundError, ValueError):
        faults["zone"] = ["unknown_zone"]
    if faults:
        raise Invalid(fields=faults)
    read_rule(plan.rule, datetime.combine(plan.starts_on, plan.at))


def _set_people(plan: CarePlan, people: Mapping[str, Sequence[Caregiver]]) -> None:
    for name, caregivers in people.items():
        getattr(plan, name).set(caregivers)
    if plan.preferred.filter(pk__in=plan.refused.all()).exists():
        raise Invalid(fields={"refused": ["also_preferred"]})
