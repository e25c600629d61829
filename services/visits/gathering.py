"""A day of an area as the planner is told it: what is owed, who can go, what was promised."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from backend.people.models import Caregiver, Shift
from backend.people.queries import RESPONDERS, position_of
from backend.places.models import Area
from services.emergencies.models import EmergencyCall
from services.visits.board import span_of
from services.visits.models import Absence, Priority, Visit, VisitCarer
from services.visits.planning import port
from services.visits.queries import DECLINED, GOING

State = Visit.State

LATENESS_S = 30 * 60
"""How late a plan may let an ordinary visit begin; our choice, half of what counts as missed."""
CALL_TAKES = timedelta(minutes=60)
"""So long a caregiver who went to a call for help is not planned; our choice."""
AROUND_S = 30 * 60
"""Before and after a visit that somebody makes outside of their shift."""
AWAY_AT_CALLS = (
    EmergencyCall.State.ACCEPTED,
    EmergencyCall.State.ON_THE_WAY,
    EmergencyCall.State.ARRIVED,
)


@dataclass(frozen=True)
class Gathered:
    """The problem with the plan that stands, and what of it is whose."""

    problem: port.Problem
    current: port.Plan
    visits: Mapping[str, Visit]
    going: Mapping[str, tuple[str, ...]]
    """Who goes to each visit now."""
    without_place: list[Visit] = field(default_factory=list)
    begin: datetime = field(kw_only=True)
    """The midnight that seconds are counted from."""

    def travel_s(self, plan: Mapping[str, port.Promise]) -> int:
        """All ways between visits, reckoned alike for any plan of this day."""
        stops: dict[str, list[tuple[int, port.Place]]] = defaultdict(list)
        places = {job.key: job.place for job in self.problem.jobs}
        for key, promise in plan.items():
            for carer in promise.carers:
                if key in places:
                    stops[carer].append((promise.start_s, places[key]))
        starts = {carer.key: carer for carer in self.problem.carers}
        return sum(
            _way_s(starts[carer], [place for _at, place in sorted(each, key=lambda s: s[0])])
            for carer, each in stops.items()
            if carer in starts
        )


def _way_s(carer: port.Carer, places: list[port.Place]) -> int:
    chain = [carer.start, *places]
    travel: port.Travel = import_string(settings.VISIT_TRAVEL)()
    seconds = travel.seconds(chain, carer.mode)
    return sum(int(seconds[n, n + 1]) for n in range(len(chain) - 1))


def gather(area: Area, day: date, *, now: datetime) -> Gathered:
    """What the planner is told of a day, a few queries whatever its size."""
    begin, _end = span_of(day)
    visits = [visit for visit in _visits(area, day) if visit.state in Visit.OPEN or _going(visit)]
    placed = [visit for visit in visits if _place(visit) is not None]
    going = {
        str(visit.pk): tuple(sorted(str(each.caregiver_id) for each in _going(visit)))
        for visit in placed
    }
    now_s = max(0, int((now - begin).total_seconds()))
    jobs = tuple(_job(visit, going[str(visit.pk)], begin) for visit in placed)
    carers = _carers(area, day, placed, now=now)
    standing = {
        job.key: port.Promise(going[job.key], _start_s(visit, begin))
        for visit, job in zip(placed, jobs, strict=True)
        if len(going[job.key]) == job.carers_needed
    }
    return Gathered(
        problem=port.Problem(jobs=jobs, carers=carers, now_s=now_s, promised=standing),
        current=_current(standing, jobs, carers),
        visits={str(visit.pk): visit for visit in placed},
        going=going,
        without_place=[visit for visit in visits if _place(visit) is None],
        begin=begin,
    )


def _visits(area: Area, day: date) -> Iterable[Visit]:
    return (
        Visit.objects.filter(
            day=day,
            area__path__startswith=area.path,
            state__in=(*Visit.OPEN, State.IN_PROGRESS),
        )
        .select_related("area", "resident__household__address", "plan")
        .prefetch_related(GOING, DECLINED, "plan__preferred", "plan__refused")
        .order_by("window_starts_at", "pk")
    )


def _going(visit: Visit) -> list[VisitCarer]:
    found: list[VisitCarer] = getattr(visit, "going", [])
    return found


def _place(visit: Visit) -> port.Place | None:
    address = visit.resident.household.address
    if address.lat is None or address.lon is None:
        return None
    return port.Place(address.lat, address.lon)


def _start_s(visit: Visit, begin: datetime) -> int:
    return int(((visit.started_at or visit.shown_at) - begin).total_seconds())


def _job(visit: Visit, going: tuple[str, ...], begin: datetime) -> port.Job:
    opens_s = int((visit.window_starts_at - begin).total_seconds())
    closes_s = int((visit.window_ends_at - begin).total_seconds())
    place = _place(visit)
    assert place is not None  # noqa: S101 - only placed visits become jobs
    frozen = visit.state == State.IN_PROGRESS and bool(going)
    complete = len(going) == visit.carers_needed
    pinned = going if frozen or (visit.touched_by_person and complete) else ()
    return port.Job(
        key=str(visit.pk),
        place=place,
        duration_s=visit.duration_min * 60,
        window=port.Window(
            opens_s, closes_s, LATENESS_S if visit.priority <= Priority.ORDINARY else 0
        ),
        skills=frozenset(visit.skills),
        carers_needed=len(going) if frozen else visit.carers_needed,
        preferred=frozenset(str(each.pk) for each in visit.plan.preferred.all())
        if visit.plan
        else frozenset(),
        refused=_refused(visit),
        priority=port.Priority(visit.priority),
        pinned_carers=pinned,
        pinned_start_s=_start_s(visit, begin) if frozen else None,
        frozen=frozen,
    )


def _refused(visit: Visit) -> frozenset[str]:
    """Who is never sent: the plan says so, or they turned this visit down themselves."""
    unwanted = {each.pk for each in visit.plan.refused.all()} if visit.plan else set()
    declined: list[VisitCarer] = getattr(visit, "declined", [])
    return frozenset(str(key) for key in unwanted | {each.caregiver_id for each in declined})


def _carers(area: Area, day: date, visits: list[Visit], *, now: datetime) -> tuple[port.Carer, ...]:
    begin, end = span_of(day)
    shifts: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    people: dict[UUID, Caregiver] = {}
    on_duty = Shift.objects.filter(
        starts_at__lt=end,
        ends_at__gt=begin,
        caregiver__active=True,
        caregiver__kind__in=RESPONDERS,
        caregiver__area__path__startswith=area.path,
    ).select_related("caregiver__area")
    for shift in on_duty.order_by("starts_at"):
        people[shift.caregiver_id] = shift.caregiver
        shifts[shift.caregiver_id].append((max(shift.starts_at, begin), min(shift.ends_at, end)))
    for visit in visits:
        for each in _going(visit):
            _add_own_time(visit, each.caregiver, people, shifts)
    away = _away(people, begin, end, now=now)
    somewhere = _amid(visits)
    return tuple(
        port.Carer(
            key=str(key),
            start=_start(people[key], now) or somewhere,
            shifts=_cut(sorted(spans), away[key], begin),
            skills=frozenset(people[key].skills),
        )
        for key, spans in sorted(shifts.items(), key=lambda pair: str(pair[0]))
    )


def _add_own_time(
    visit: Visit,
    caregiver: Caregiver,
    people: dict[UUID, Caregiver],
    shifts: dict[UUID, list[tuple[datetime, datetime]]],
) -> None:
    """Whoever goes outside of their shifts has the time around that visit."""
    begins = visit.started_at or visit.shown_at
    ends = begins + timedelta(minutes=visit.duration_min)
    if any(one <= begins and ends <= other for one, other in shifts.get(caregiver.pk, [])):
        return
    around = timedelta(seconds=AROUND_S)
    people.setdefault(caregiver.pk, caregiver)
    shifts[caregiver.pk].append((begins - around, ends + around))


def _away(
    people: Mapping[UUID, Caregiver], begin: datetime, end: datetime, *, now: datetime
) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """When whom cannot go: absences, and calls for help that are being gone to."""
    away: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    absences = Absence.objects.filter(
        caregiver__in=people, starts_at__lt=end, ends_at__gt=begin, cancelled_at=None
    )
    for absence in absences:
        away[absence.caregiver_id].append((absence.starts_at, absence.ends_at))
    calls = EmergencyCall.objects.filter(
        accepted_by_caregiver__in=people, state__in=AWAY_AT_CALLS
    ).values_list("accepted_by_caregiver_id", flat=True)
    for caregiver_id in calls:
        if caregiver_id is not None:
            away[caregiver_id].append((now, now + CALL_TAKES))
    return away


def _cut(
    spans: list[tuple[datetime, datetime]],
    away: list[tuple[datetime, datetime]],
    begin: datetime,
) -> tuple[port.Shift, ...]:
    """Shifts in seconds, merged where they meet, without what lies in an absence."""
    merged: list[tuple[datetime, datetime]] = []
    for one, other in spans:
        if merged and one <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], other))
        else:
            merged.append((one, other))
    for gone, back in away:
        merged = [
            piece
            for one, other in merged
            for piece in ((one, min(other, gone)), (max(one, back), other))
            if piece[0] < piece[1]
        ]
    return tuple(
        port.Shift(int((one - begin).total_seconds()), int((other - begin).total_seconds()))
        for one, other in merged
    )


def _start(caregiver: Caregiver, now: datetime) -> port.Place | None:
    """Where they set out: where they are, else their office."""
    found = position_of(caregiver, now=now)
    return port.Place(found.lat, found.lon) if found else None


def _amid(visits: list[Visit]) -> port.Place:
    """Where whoever is nowhere known is taken to set out: amid the visits of the day."""
    places = [place for visit in visits if (place := _place(visit)) is not None]
    if not places:
        return port.Place(0.0, 0.0)
    return port.Place(
        sum(place.lat for place in places) / len(places),
        sum(place.lon for place in places) / len(places),
    )


def _current(
    standing: Mapping[str, port.Promise],
    jobs: tuple[port.Job, ...],
    carers: tuple[port.Carer, ...],
) -> port.Plan:
    """The plan that stands, as routes."""
    lasts = {job.key: job.duration_s for job in jobs}
    routes = []
    for carer in carers:
        for shift in carer.shifts:
            stops = tuple(
                port.Stop(key, 0, promise.start_s, promise.start_s, promise.start_s + lasts[key])
                for key, promise in sorted(standing.items(), key=lambda p: (p[1].start_s, p[0]))
                if carer.key in promise.carers and shift.starts_s <= promise.start_s < shift.ends_s
            )
            if stops:
                routes.append(port.Route(carer.key, shift, stops))
    return port.Plan(tuple(routes))
