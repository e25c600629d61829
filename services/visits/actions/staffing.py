"""Who goes, and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from backend.core.errors import Invalid
from backend.people.models import Caregiver, Household, Resident
from backend.people.record import CHANGE, note_in_area
from services.alerts.models import Alert
from services.visits import policies
from services.visits.actions.alerting import clear_alerts
from services.visits.actions.locking import locked
from services.visits.errors import NotFitting, VisitClosed, VisitUnderway
from services.visits.models import HomeFence, Visit, VisitCarer
from services.visits.record import note_visit

State = Visit.State

FENCE_MIN_M, FENCE_MAX_M = 20, 5_000


@transaction.atomic
def assign_visit(
    visit: Visit,
    *,
    caregivers: Sequence[Caregiver],
    planned_at: datetime | None = None,
    by_person: bool = True,
    by: str,
    now: datetime,
) -> Visit:
    """Let exactly these caregivers go; none takes everybody back. Again changes nothing.

    Raises:
        NotFitting: somebody lacks a skill or is refused, or they are more than needed.
        VisitUnderway: somebody is there, or was.
        VisitClosed: it is cancelled.
    """
    visit = locked(visit)
    if visit.state in (State.IN_PROGRESS, State.DONE):
        raise VisitUnderway
    if visit.state == State.CANCELLED:
        raise VisitClosed
    _require_fitting(visit, caregivers)
    changed = set_carers(visit, caregivers, by=by, now=now)
    if changed or planned_at != visit.planned_at:
        visit.touched_by_person = visit.touched_by_person or by_person
        visit.planned_at = planned_at if planned_at is not None or changed else visit.planned_at
        settle_staffing(visit, by=by, now=now)
        visit.save()
        note_visit(visit, "visit.assigned", by=by, now=now, data={"carers": len(caregivers)})
    return visit


def _require_fitting(visit: Visit, caregivers: Sequence[Caregiver]) -> None:
    if len({each.pk for each in caregivers}) > visit.carers_needed:
        raise NotFitting(fields={"caregivers": ["more_than_needed"]})
    refused = set(visit.plan.refused.values_list("pk", flat=True)) if visit.plan else set()
    for each in caregivers:
        if each.pk in refused:
            raise NotFitting(fields={"caregivers": ["refused"]})
        if not policies.fits(visit, each.skills):
            raise NotFitting(fields={"caregivers": ["skill_missing"]})
        if not each.active:
            raise NotFitting(fields={"caregivers": ["not_active"]})


def set_carers(visit: Visit, caregivers: Sequence[Caregiver], *, by: str, now: datetime) -> bool:
    """Release who does not go any more and add who does; whether anything changed."""
    wanted = {each.pk for each in caregivers}
    going = VisitCarer.objects.filter(visit=visit, released_at=None)
    standing = set(going.values_list("caregiver_id", flat=True))
    going.filter(caregiver__in=standing - wanted).update(released_at=now)
    VisitCarer.objects.bulk_create(
        VisitCarer(visit=visit, caregiver=each, assigned_at=now, assigned_by=by)
        for each in caregivers
        if each.pk not in standing
    )
    return standing != wanted


def settle_staffing(
    visit: Visit, *, unserved: str = Visit.Unserved.NOT_PLANNED, by: str, now: datetime
) -> None:
    """Let state and clock of a locked visit say how many go; the caller saves it.

    A missed visit stays missed until somebody arrives.
    """
    going = VisitCarer.objects.filter(visit=visit, released_at=None).count()
    enough = going >= visit.carers_needed
    visit.unserved = "" if enough else unserved
    if visit.state in Visit.OPEN:
        visit.state = State.ASSIGNED if enough else State.PLANNED
    if enough:
        visit.unstaffed_since = None
        clear_alerts(visit, kinds=(Alert.Kind.VISIT_UNSTAFFED,), by=by, now=now)
    visit.due_at = policies.due_at(visit)


@transaction.atomic
def move_visit(
    visit: Visit, *, starts_at: datetime, ends_at: datetime | None = None, by: str, now: datetime
) -> Visit:
    """Let it begin in another window; its carers stay. A missed one is owed again.

    Raises:
        Invalid: the window is over, or ends before it starts.
        VisitUnderway, VisitClosed: it cannot be moved any more.
    """
    visit = locked(visit)
    if visit.state in (State.IN_PROGRESS, State.DONE):
        raise VisitUnderway
    if visit.state == State.CANCELLED:
        raise VisitClosed
    length: timedelta = visit.window_ends_at - visit.window_starts_at
    ends_at = ends_at or starts_at + length
    if ends_at < starts_at:
        raise Invalid(fields={"ends_at": ["before_start"]})
    if ends_at <= now:
        raise Invalid(fields={"starts_at": ["in_the_past"]})
    if (visit.window_starts_at, visit.window_ends_at) == (starts_at, ends_at):
        return visit
    zone = visit.plan.zone if visit.plan else "Asia/Shanghai"
    visit.window_starts_at, visit.window_ends_at = starts_at, ends_at
    visit.day = timezone.localdate(starts_at, ZoneInfo(zone))
    visit.planned_at = visit.late_since = visit.missed_at = visit.unstaffed_since = None
    visit.touched_by_person, visit.wish, visit.wished_by = True, "", ""
    clear_alerts(visit, by=by, now=now)
    visit.state = State.PLANNED
    settle_staffing(visit, by=by, now=now)
    visit.save()
    note_visit(visit, "visit.moved", by=by, now=now, fields=["window"])
    return visit


@transaction.atomic
def ask_to_change(visit: Visit, *, wish: str, by: str, now: datetime) -> Visit:
    """Keep what the resident or the family asks for, for the dispatcher to decide.

    Raises:
        VisitUnderway: it has begun.
        VisitClosed: it is over.
    """
    visit = locked(visit)
    if visit.state in (State.IN_PROGRESS, State.DONE):
        raise VisitUnderway
    if visit.state not in Visit.OPEN:
        raise VisitClosed
    wish = " ".join(wish.split())[:200]
    if not wish:
        raise Invalid(fields={"wish": ["empty"]})
    if wish == visit.wish:
        return visit
    visit.wish, visit.wished_by, visit.touched_by_person = wish, by, True
    visit.save(update_fields=["wish", "wished_by", "touched_by_person"])
    note_visit(visit, "visit.wish", by=by, now=now, fields=["wish"])
    return visit


@transaction.atomic
def leave_as_it_is(visit: Visit, *, by: str, now: datetime) -> Visit:
    """Answer a wish by keeping the visit as it is; again changes nothing."""
    visit = locked(visit)
    if visit.wish:
        visit.wish = visit.wished_by = ""
        visit.save(update_fields=["wish", "wished_by"])
        note_visit(visit, "visit.wish_answered", by=by, now=now, fields=["wish"])
    return visit


@transaction.atomic
def set_fence(
    household: Household, *, radius_m: int, reason: str, by: str, now: datetime
) -> HomeFence:
    """Let another distance count as there for one home.

    Raises:
        Invalid: it is nearer than a house or further than a neighbourhood.
    """
    if not FENCE_MIN_M <= radius_m <= FENCE_MAX_M:
        raise Invalid(fields={"radius_m": ["out_of_range"]})
    fence, _ = HomeFence.objects.update_or_create(
        household=household,
        defaults={"radius_m": radius_m, "reason": reason, "set_by": by, "set_at": now},
    )
    area = household.address.area
    note_in_area(household, area, "fence.set", CHANGE, fields=["fence"], by=by, now=now)
    return fence


@transaction.atomic
def create_visit(
    *, resident: Resident, details: Mapping[str, Any], cause: str = "", by: str, now: datetime
) -> Visit:
    """A visit of its own, of no plan; `details` are fields of `Visit`, its window among them."""
    visit = Visit(
        resident=resident,
        area=resident.area,
        cause=cause,
        made_at=now,
        unserved=Visit.Unserved.NOT_PLANNED,
        **details,
    )
    visit.day = visit.occurs_on = timezone.localdate(visit.window_starts_at)
    visit.due_at = policies.due_at(visit)
    visit.save()
    note_visit(visit, "visit.created", by=by, now=now)
    return visit
