"""Visits that are not to be: cancelled one by one or many, and taken up again."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from services.visits import policies
from services.visits.actions.alerting import clear_alerts
from services.visits.actions.locking import locked
from services.visits.errors import VisitUnderway
from services.visits.models import Visit, VisitCarer
from services.visits.record import note_visit

State = Visit.State


@transaction.atomic
def cancel_visit(
    visit: Visit, *, reason: Visit.CancelReason | str, by: str, now: datetime
) -> Visit:
    """Say that a visit will not be; again changes nothing.

    Raises:
        VisitUnderway: somebody is there, or was.
    """
    visit = locked(visit)
    if visit.state == State.CANCELLED:
        return visit
    if visit.state in (State.IN_PROGRESS, State.DONE):
        raise VisitUnderway
    visit.touched_by_person = True
    _cancel(visit, reason, by=by, now=now)
    return visit


def cancel_for(
    visits: QuerySet[Visit], *, reason: Visit.CancelReason, by: str, now: datetime
) -> int:
    """Cancel those of these visits that have not begun; within a transaction."""
    cancelled = 0
    open_ones = visits.filter(state__in=Visit.OPEN).select_related("area")
    for visit in open_ones.select_for_update(of=("self",)).order_by("pk"):
        _cancel(visit, reason, by=by, now=now)
        cancelled += 1
    return cancelled


def _cancel(visit: Visit, reason: Visit.CancelReason | str, *, by: str, now: datetime) -> None:
    visit.state, visit.cancel_reason = State.CANCELLED, reason
    visit.unserved, visit.due_at, visit.wish = "", None, ""
    visit.save()
    note_visit(visit, "visit.cancelled", by=by, now=now, data={"reason": str(reason)})
    VisitCarer.objects.filter(visit=visit, released_at=None).update(released_at=now)
    clear_alerts(visit, by=by, now=now)


def take_up_again(visits: QuerySet[Visit], *, by: str, now: datetime) -> int:
    """Let visits be that were cancelled because nobody was at home; within a transaction."""
    again = 0
    paused = visits.filter(
        state=State.CANCELLED, cancel_reason__in=Visit.PAUSES, window_starts_at__gt=now
    ).select_related("area")
    for visit in paused.select_for_update(of=("self",)).order_by("pk"):
        visit.state, visit.cancel_reason = State.PLANNED, ""
        visit.unserved, visit.planned_at = Visit.Unserved.NOT_PLANNED, None
        visit.due_at = policies.due_at(visit)
        visit.save()
        note_visit(visit, "visit.taken_up_again", by=by, now=now)
        again += 1
    return again
