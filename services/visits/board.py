"""The dispatcher's day: who goes where when, and whom nobody goes to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from backend.people.models import Caregiver, Shift
from backend.people.queries import RESPONDERS
from backend.places.models import Area
from backend.places.queries import paths_above
from services.visits.models import Absence, Service, Visit, VisitCarer

State = Visit.State

CARERS_A_PAGE = 40
"""A district has 300 caregivers on a day (DESIGN): a page of all would be half a megabyte."""
LISTED = 100
"""Visits without anybody that the board lists; there are more only before a day is planned."""
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
SERVICES: dict[str, str | Promise] = dict(Service.choices)
STATES: dict[str, str | Promise] = dict(State.choices)
"""Looked up here for the hundreds of slots of a page: `get_…_display` makes its table each time."""


@dataclass(frozen=True)
class Slot:
    """A visit in a carer's row: in which quarter of an hour, and how many it lasts."""

    visit: Visit
    at: int
    span: int
    kind: str

    @property
    def service(self) -> str | Promise:
        """What is done there, in words."""
        return SERVICES[self.visit.service]

    @property
    def state(self) -> str | Promise:
        """How it stands, in words."""
        return STATES[self.visit.state]

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("desk_visit", args=[self.visit.pk])


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
    """A day of an area; the counts are of the whole day, the rows of one page of carers."""

    carers: Page[Caregiver]
    rows: list[Row]
    unserved: list[Visit]
    wishes: list[Visit]
    total: int
    done: int
    late: int
    missed: int
    nobody: int
    """Visits that nobody, or too few, go to; `unserved` holds the first of them."""
    hours: list[tuple[int, int]]
    """Hours of the timetable, each with its quarter."""


def board_of(
    visits: QuerySet[Visit], *, area: Area, day: date, team: int | None, page: int = 1
) -> Board:
    """The day as it stands, a page of carers at a time; a page that is not there is the last."""
    of_day = visits.filter(day=day, area__path__startswith=area.path).exclude(state=State.CANCELLED)
    of_day = of_day.order_by("window_starts_at", "pk")
    nobody = of_day.exclude(unserved="").filter(state__in=Visit.OPEN)
    carers = Paginator(_carers(of_day, area=area, day=day, team=team), CARERS_A_PAGE).get_page(page)
    shown = list(_made_by(carers, of_day))
    first, last = _hours(shown)
    return Board(
        carers=carers,
        rows=_rows(carers, shown, day=day, hours=(first, last)),
        unserved=list(nobody[:LISTED]),
        wishes=list(of_day.exclude(wish="")[:LISTED]),
        hours=[(hour, (hour - first) * 4) for hour in range(first, last)],
        nobody=nobody.count(),
        **_counts(of_day),
    )


def _counts(of_day: QuerySet[Visit]) -> dict[str, int]:
    return of_day.order_by().aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=State.DONE)),
        late=Count("pk", filter=Q(late_since__isnull=False, state__in=Visit.OPEN)),
        missed=Count("pk", filter=Q(state=State.MISSED)),
    )


def _carers(
    of_day: QuerySet[Visit], *, area: Area, day: date, team: int | None
) -> QuerySet[Caregiver]:
    """Who is on duty in the area, or makes a visit of it; those with visits first, by name."""
    begin, end = span_of(day)
    on_duty = Shift.objects.filter(caregiver=OuterRef("pk"), starts_at__lt=end, ends_at__gt=begin)
    goes = VisitCarer.objects.filter(released_at=None, visit__in=of_day.order_by().values("pk"))
    carers = Caregiver.objects.annotate(has_visits=Q(pk__in=goes.values("caregiver"))).filter(
        Q(has_visits=True)
        | Q(Exists(on_duty), active=True, kind__in=RESPONDERS, area__path__startswith=area.path)
    )
    ours = carers if team is None else carers.filter(team=team)
    return ours.order_by("-has_visits", "name", "pk")


def _made_by(carers: Iterable[Caregiver], of_day: QuerySet[Visit]) -> QuerySet[Visit]:
    goes = VisitCarer.objects.filter(
        visit=OuterRef("pk"), released_at=None, caregiver__in=[carer.pk for carer in carers]
    )
    return of_day.filter(Exists(goes))


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
    carers: Iterable[Caregiver], visits: list[Visit], *, day: date, hours: tuple[int, int]
) -> list[Row]:
    rows = {carer.pk: Row(carer) for carer in carers}
    begin, end = span_of(day)
    in_day = {"caregiver__in": rows, "starts_at__lt": end, "ends_at__gt": begin}
    for shift in Shift.objects.filter(**in_day).order_by("starts_at"):
        rows[shift.caregiver_id].shifts.append(shift)
    for visit in visits:
        for each in getattr(visit, "going", []):
            if each.caregiver_id in rows:
                rows[each.caregiver_id].slots.append(_slot(visit, *hours))
    for absence in Absence.objects.filter(**in_day, cancelled_at=None):
        rows[absence.caregiver_id].absence = absence
    return list(rows.values())


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
    others = VisitCarer.objects.filter(
        visit__day=visit.day,
        visit__state__in=(*Visit.OPEN, State.IN_PROGRESS),
        released_at=None,
    ).exclude(visit=visit)
    starting = others.annotate(at=Coalesce("visit__planned_at", "visit__window_starts_at"))
    times = starting.filter(at__lt=end).values_list("caregiver", "at", "visit__duration_min")
    return {
        caregiver for caregiver, at, minutes in times if at + timedelta(minutes=minutes) > begin
    }
