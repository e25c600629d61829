"""The clocks of a case: started, stopped, paused, extended, counted anew."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from services.alerts.actions import resolve_alert
from services.alerts.models import Alert
from services.assistance.cases import procedures, workdays
from services.assistance.cases.doers import Doer
from services.assistance.cases.errors import NotRunning, ReasonNeeded
from services.assistance.cases.machine import Clock
from services.assistance.cases.procedures import Limit
from services.assistance.cases.record import note_event
from services.assistance.cases.workdays import Workdays
from services.assistance.models import AssistanceCase, Deadline

REVIEW_OPENS_BEFORE = timedelta(days=30)
"""Our choice: so long before its last day a review is opened."""
EARLY, LATE = 3, 1
"""Working days before the last day on which the owner is reminded."""


class Wake(StrEnum):
    """What a clock asks for when it is due."""

    REMIND_EARLY = "remind_early"
    REMIND_LATE = "remind_late"
    END_NOTICE = "end_notice"
    OPEN_REVIEW = "open_review"
    CLIMB = "climb"


_LIMIT = (Wake.REMIND_EARLY, Wake.REMIND_LATE)
_WAKES = {
    Clock.NOTICE: (Wake.END_NOTICE,),
    Clock.REVIEW: (Wake.OPEN_REVIEW, *_LIMIT),
}
"""What comes before the climbs, by clock."""


def wakes_of(kind: str) -> tuple[Wake, ...]:
    """What a clock asks for before it climbs."""
    return _WAKES.get(Clock(kind), _LIMIT)


def wake_of(deadline: Deadline) -> Wake:
    """What a clock asks for at its stage."""
    wakes = wakes_of(deadline.kind)
    return wakes[deadline.stage] if deadline.stage < len(wakes) else Wake.CLIMB


def climbs_before(deadline: Deadline) -> int:
    """How often it has climbed."""
    return max(0, deadline.stage - len(wakes_of(deadline.kind)))


def next_wake(
    deadline: Deadline, *, stage: int, days: Workdays, now: datetime
) -> tuple[int, datetime]:
    """The next stage from `stage` on that is not past, and when it is.

    Reminders that are past are left out. The first climb is when the last day is over, each
    further one on the next morning that is worked on.
    """
    wakes = wakes_of(deadline.kind)
    for number in range(stage, len(wakes)):
        at = _moment(wakes[number], deadline, days)
        if at > now or wakes[number] not in _LIMIT:
            return number, at
    stage = max(stage, len(wakes))
    if deadline.ends_at > now or stage == len(wakes):
        return stage, deadline.ends_at
    return stage, workdays.morning_of(days.add(timezone.localdate(now), 1))


def _moment(wake: Wake, deadline: Deadline, days: Workdays) -> datetime:
    match wake:
        case Wake.END_NOTICE:
            return deadline.ends_at
        case Wake.OPEN_REVIEW:
            return workdays.morning_of(deadline.ends_on - REVIEW_OPENS_BEFORE)
        case Wake.REMIND_EARLY:
            return workdays.morning_of(days.subtract(deadline.ends_on, EARLY))
        case _:
            return workdays.morning_of(days.subtract(deadline.ends_on, LATE))


def start(case: AssistanceCase, kinds: Iterable[Clock], *, now: datetime) -> None:
    """Start those clocks for which a limit is set; one that runs goes on."""
    days = workdays.current()
    today = timezone.localdate(now)
    running = set(case.deadlines.filter(stopped_at=None).values_list("kind", flat=True))
    for kind in kinds:
        limit = _limit(case, kind, today)
        if limit is None or kind in running:
            continue
        deadline = Deadline(
            case=case,
            kind=kind,
            unit=limit.unit,
            days=limit.days,
            article=limit.article,
            started_at=now,
            counted_from=today,
            days_left=limit.days,
        )
        _count(deadline, days, now=now)
        deadline.save()


def _limit(case: AssistanceCase, kind: Clock, today: date) -> Limit | None:
    if kind is not Clock.REVIEW:
        return procedures.limit_of(
            case.procedure,
            kind,
            is_special=case.is_special,
            is_delegated=case.is_delegated,
        )
    rule = case.procedure["clocks"]["review"]
    until = today + relativedelta(months=case.review_months)
    article = f"{case.procedure['basis']} {rule['article']}"
    return Limit((until - today).days, Deadline.Unit.CALENDAR, article)


def _count(deadline: Deadline, days: Workdays, *, now: datetime) -> None:
    """Set the last day and the next wake from what is left."""
    rolls = deadline.kind not in {Clock.NOTICE, Clock.REVIEW}
    deadline.ends_on = days.last_day(
        deadline.counted_from, deadline.days_left, deadline.unit, rolls=rolls
    )
    deadline.ends_at = workdays.midnight_after(deadline.ends_on)
    deadline.stage, deadline.due_at = next_wake(deadline, stage=0, days=days, now=now)
    deadline.lease_until = deadline.lease_token = None


def stop(case: AssistanceCase, kinds: Iterable[Clock], *, now: datetime) -> None:
    """Stop clocks whose step is done; a warning about them ends with the last overdue one."""
    stopped = case.deadlines.filter(kind__in=list(kinds), stopped_at=None).update(
        stopped_at=now, due_at=None, lease_until=None, lease_token=None
    )
    if stopped:
        close_alert_if_zero(case, now=now)


def close_alert_if_zero(case: AssistanceCase, *, now: datetime) -> None:
    """Resolve the warning about a resident's cases once none of them is overdue."""
    late = Deadline.objects.filter(
        case__resident=case.resident_id, stopped_at=None, paused_at=None, ends_at__lte=now
    )
    if late.exists():
        return
    alert = Alert.objects.filter(
        kind=Alert.Kind.CASE_OVERDUE, resident=case.resident_id, state__in=Alert.OPEN
    ).first()
    if alert is not None:
        resolve_alert(alert, by="system", now=now)


@transaction.atomic
def pause(deadline: Deadline, *, reason: str, by: Doer, now: datetime) -> Deadline:
    """Let a clock stand still with a reason; what is left of it is kept.

    Raises:
        ReasonNeeded: there is none.
        NotRunning: it is stopped or paused.
    """
    if not reason.strip():
        raise ReasonNeeded
    deadline = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline.pk)
    if deadline.stopped_at or deadline.paused_at:
        raise NotRunning
    today = timezone.localdate(now)
    left = workdays.current().left(today, deadline.ends_on, deadline.unit)
    deadline.days_left = left
    deadline.paused_at, deadline.pause_reason = now, reason.strip()
    deadline.due_at = deadline.lease_until = deadline.lease_token = None
    deadline.save()
    _note(deadline, "clock_paused", by=by, now=now, note=reason)
    close_alert_if_zero(deadline.case, now=now)
    return deadline


@transaction.atomic
def resume(deadline: Deadline, *, by: Doer, now: datetime) -> Deadline:
    """Let a clock go on; today is not counted.

    Raises:
        NotRunning: it is not paused.
    """
    deadline = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline.pk)
    if deadline.stopped_at or not deadline.paused_at:
        raise NotRunning
    deadline.counted_from = timezone.localdate(now)
    deadline.paused_at, deadline.pause_reason = None, ""
    _count(deadline, workdays.current(), now=now)
    deadline.save()
    _note(deadline, "clock_resumed", by=by, now=now)
    return deadline


@transaction.atomic
def extend(deadline: Deadline, *, days: int, reason: str, by: Doer, now: datetime) -> Deadline:
    """Make a limit `days` days long in all, as the law allows for a reason.

    Raises:
        ReasonNeeded: there is none.
        NotRunning: it is stopped, or that long already.
    """
    if not reason.strip():
        raise ReasonNeeded
    deadline = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline.pk)
    more = days - deadline.days
    if deadline.stopped_at or more <= 0:
        raise NotRunning
    deadline.days, deadline.extension_reason = days, reason.strip()
    deadline.days_left += more
    if not deadline.paused_at:
        _count(deadline, workdays.current(), now=now)
    deadline.save()
    _note(deadline, "clock_extended", by=by, now=now, note=reason)
    close_alert_if_zero(deadline.case, now=now)
    return deadline


def _note(deadline: Deadline, event: str, *, by: Doer, now: datetime, note: str = "") -> None:
    case = deadline.case
    note_event(case, event, source=case.state, by=by, now=now, note=note)


@transaction.atomic
def recount_all(*, now: datetime) -> int:
    """Count every running clock anew after the holiday table was changed; how many moved."""
    days = workdays.current()
    moved = 0
    running = Deadline.objects.select_for_update(of=("self",)).filter(
        stopped_at=None, paused_at=None
    )
    for deadline in running.order_by("pk"):
        before = deadline.ends_on
        _count(deadline, days, now=now)
        if deadline.ends_on != before:
            deadline.save()
            moved += 1
    return moved
