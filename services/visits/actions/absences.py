"""Caregivers who cannot go: their visits are given back at once, and wait for somebody."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from backend.core.errors import Invalid
from backend.people.models import Caregiver
from backend.people.record import CHANGE, note_in_area
from services.visits.actions.staffing import settle_staffing
from services.visits.models import Absence, Visit, VisitCarer
from services.visits.record import note_visit


@transaction.atomic
def record_absence(
    *,
    caregiver: Caregiver,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: str,
    now: datetime,
) -> Absence:
    """Say that a caregiver cannot go; visits of that time that have not begun are without them.

    The same again changes nothing.

    Raises:
        Invalid: it ends before it starts, or is over.
    """
    if ends_at <= starts_at:
        raise Invalid(fields={"ends_at": ["before_start"]})
    if ends_at <= now:
        raise Invalid(fields={"ends_at": ["in_the_past"]})
    Caregiver.objects.select_for_update(of=("self",)).get(pk=caregiver.pk)
    absence, is_new = Absence.objects.get_or_create(
        caregiver=caregiver,
        starts_at=starts_at,
        ends_at=ends_at,
        cancelled_at=None,
        defaults={"reason": reason, "recorded_by": by, "recorded_at": now},
    )
    if is_new:
        note_in_area(
            caregiver,
            caregiver.area,
            "absence.recorded",
            CHANGE,
            fields=["absences"],
            by=by,
            now=now,
        )
        for visit in visits_hit(absence).select_for_update(of=("self",)):
            _give_back(visit, caregiver, by=by, now=now)
    return absence


def visits_hit(absence: Absence) -> QuerySet[Visit]:
    """Visits that have not begun and that the caregiver was to make in that time."""
    goes = VisitCarer.objects.filter(caregiver=absence.caregiver_id, released_at=None)
    return (
        Visit.objects.filter(state__in=Visit.OPEN, pk__in=goes.values("visit"))
        .annotate(begins_at=Coalesce("planned_at", "window_starts_at"))
        .filter(begins_at__lt=absence.ends_at, window_ends_at__gt=absence.starts_at)
        .select_related("area")
        .order_by("pk")
    )


def _give_back(visit: Visit, caregiver: Caregiver, *, by: str, now: datetime) -> None:
    VisitCarer.objects.filter(visit=visit, caregiver=caregiver, released_at=None).update(
        released_at=now
    )
    settle_staffing(visit, unserved=Visit.Unserved.ABSENT, by=by, now=now)
    visit.save()
    note_visit(visit, "visit.given_back", by=by, now=now, data={"unserved": visit.unserved})


@transaction.atomic
def cancel_absence(absence: Absence, *, by: str, now: datetime) -> Absence:
    """They can go after all; what was given back is not taken from whoever has it now."""
    changed = Absence.objects.filter(pk=absence.pk, cancelled_at=None).update(cancelled_at=now)
    absence.refresh_from_db()
    if changed:
        note_in_area(
            absence.caregiver,
            absence.caregiver.area,
            "absence.cancelled",
            CHANGE,
            fields=["absences"],
            by=by,
            now=now,
        )
    return absence
