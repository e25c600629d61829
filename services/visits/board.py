"""The dispatcher's day: who goes where when, and whom nobody goes to."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.people.models import Caregiver, Shift
from backend.people.queries import RESPONDERS
from backend.places.models import Area
from backend.places.queries import paths_above
from services.visits.models import Absence, Visit

State = Visit.State

QUARTER_S = 15 * 60
LONGEST = 32
"""Quarters that a bar can be long: eight hours."""
USUAL_HOURS = (8, 18)
"""What a timetable shows at least."""
HOURS_MAX = 16
"""What a timetable shows at most; what is earlier stands at its edge."""
KINDS = {
    State.PLANNED: "waiting",
    State.ASSIGNED: "unknown",
    State.IN_PROGRESS: "underway",
    State.DONE: "done",
    State.MISSED: "overdue",
    State.CANCELLED: "unknown",
}
"""How each state is drawn (`web.SHAPES`)."""


@dataclass(frozen=True)
class Slot:
    """A visit in a carer's row: in which quarter of an hour, and how many it lasts."""

    visit: Visit
    at: int
    span: int
    kind: str


@dataclass
class Row:
    """A carer's day."""

    caregiver: Caregiver
    shifts: list[Shift] = field(default_factory=list)
    absence: Absence | None = None
    slots: list[Slot] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """At work in homes."""
        return sum(slot.visit.duration_min for slot in self.slots)


@dataclass(frozen=True)
class Board:
    """A day of an area."""

    rows: list[Row]
    unserved: list[Visit]
    wishes: list[Visit]
    total: int
    done: int
    late: int
    missed: int
    hours: list[tuple[int, int]]
    """Hours of the timetable, each with its quarter."""


def board_of(visits: QuerySet[Visit], *, area: Area, day: date, team: int | None) -> Board:
    """The day as it stands."""
    all_of_day = list(
        visits.filter(day=day, area__path__startswith=area.path)
        .exclude(state=State.CANCELLED)
        .order_by("window_starts_at", "pk")
    )
    first, last = _hours(all_of_day)
    return Board(
        rows=_rows(all_of_day, area=area, day=day, team=team, hours=(first, last)),
        unserved=[v for v in all_of_day if v.unserved and v.state in Visit.OPEN],
        wishes=[v for v in all_of_day if v.wish],
        total=len(all_of_day),
        done=sum(v.state == State.DONE for v in all_of_day),
        late=sum(v.late_since is not None and v.state in Visit.OPEN for v in all_of_day),
        missed=sum(v.state == State.MISSED for v in all_of_day),
        hours=[(hour, (hour - first) * 4) for hour in range(first, last)],
    )


def _hours(visits: list[Visit]) -> tuple[int, int]:
    """The hours that a timetable of these visits shows: from, and up to."""
    first, last = USUAL_HOURS
    for visit in visits:
        begin = timezone.localtime(visit.started_at or visit.shown_at)
        end = begin + timedelta(minutes=visit.duration_min)
        first = min(first, begin.hour)
        last = max(last, end.hour + 1 if end.date() == begin.date() else 24)
    return max(first, last - HOURS_MAX), last


def _rows(
    visits: list[Visit], *, area: Area, day: date, team: int | None, hours: tuple[int, int]
) -> list[Row]:
    rows: dict[UUID, Row] = {}
    begin, end = span_of(day)
    on_duty = Shift.objects.filter(
        starts_at__lt=end, ends_at__gt=begin, caregiver__area__path__startswith=area.path
    ).select_related("caregiver")
    for shift in on_duty.filter(caregiver__active=True, caregiver__kind__in=RESPONDERS).order_by(
        "starts_at"
    ):
        rows.setdefault(shift.caregiver_id, Row(shift.caregiver)).shifts.append(shift)
    for visit in visits:
        for each in getattr(visit, "going", []):
            row = rows.setdefault(each.caregiver_id, Row(each.caregiver))
            row.slots.append(_slot(visit, *hours))
    away = Absence.objects.filter(
        caregiver__in=rows, starts_at__lt=end, ends_at__gt=begin, cancelled_at=None
    )
    for absence in away:
        rows[absence.caregiver_id].absence = absence
    ours = [row for row in rows.values() if team is None or row.caregiver.team_id == team]
    return sorted(ours, key=lambda row: (not row.slots, row.caregiver.name, str(row.caregiver.pk)))


def span_of(day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    return begin, begin + timedelta(days=1)


def _slot(visit: Visit, first: int, last_hour: int) -> Slot:
    local = timezone.localtime(visit.started_at or visit.shown_at)
    quarter = (local.hour - first) * 4 + local.minute // 15
    last = (last_hour - first) * 4 - 1
    at = min(max(quarter, 0), last)
    span = min(max(visit.duration_min * 60 // QUARTER_S, 1), LONGEST, last + 1 - at)
    kind = (
        "overdue" if visit.late_since and visit.state in Visit.OPEN else KINDS[State(visit.state)]
    )
    return Slot(visit, at, span, kind)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could go, and what speaks for and against it."""

    caregiver: Caregiver
    on_shift: bool
    busy: bool
    preferred: bool


def candidates_for(visit: Visit) -> list[Candidate]:
    """Caregivers of the district with the skills, who are not away; the best first."""
    begin, end = visit.shown_at, visit.shown_at + timedelta(minutes=visit.duration_min)
    root = visit.area.path.partition(".")[0] + "."
    away = Absence.objects.filter(starts_at__lt=end, ends_at__gt=begin, cancelled_at=None)
    could = (
        Caregiver.objects.select_related("area")
        .filter(
            active=True,
            kind__in=RESPONDERS,
            area__path__startswith=root,
            skills__contains=visit.skills,
        )
        .exclude(pk__in=away.values("caregiver"))
    )
    if visit.plan is not None:
        could = could.exclude(pk__in=visit.plan.refused.values("pk"))
    on_shift = set(
        Shift.objects.filter(starts_at__lte=begin, ends_at__gte=end).values_list(
            "caregiver_id", flat=True
        )
    )
    busy = _busy(visit, begin, end)
    liked = set(visit.plan.preferred.values_list("pk", flat=True)) if visit.plan else set()
    found = [
        Candidate(each, each.pk in on_shift, each.pk in busy, each.pk in liked) for each in could
    ]
    return sorted(
        found,
        key=lambda c: (
            not c.on_shift,
            c.busy,
            not c.preferred,
            -_shared(c.caregiver.area.path, visit.area.path),
            c.caregiver.name,
        ),
    )


def _shared(one: str, other: str) -> int:
    """How many areas two paths have in common."""
    return len(set(paths_above(one)) & set(paths_above(other)))


def _busy(visit: Visit, begin: datetime, end: datetime) -> set[UUID]:
    """Who is with somebody else in that time."""
    others = (
        Visit.objects.filter(Q(day=visit.day), state__in=(*Visit.OPEN, State.IN_PROGRESS))
        .exclude(pk=visit.pk)
        .prefetch_related("assignments")
    )
    return {
        goes.caregiver_id
        for other in others
        if other.shown_at < end and other.shown_at + timedelta(minutes=other.duration_min) > begin
        for goes in other.assignments.all()
        if goes.released_at is None
    }
