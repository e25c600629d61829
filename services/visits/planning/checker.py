"""Whether a plan holds, told by somebody who had no part in making it.

Shares only the port and the ways with the planners.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from services.visits.planning.port import (
    Break,
    Carer,
    Job,
    Place,
    Plan,
    Problem,
    Route,
    Stop,
    Travel,
)

ROUNDING_S = 1
"""Ways are rounded to whole seconds, and may round otherwise beside other places."""


class Fault(StrEnum):
    """What can be wrong with a plan."""

    UNLISTED_JOB = "unlisted_job"
    UNLISTED_CARER = "unlisted_carer"
    UNLISTED_SHIFT = "unlisted_shift"
    JOB_MISSING = "job_missing"
    JOB_TWICE = "job_twice"
    TOO_FEW_CARERS = "too_few_carers"
    TOO_MANY_CARERS = "too_many_carers"
    DOUBLE_START = "double_start"
    SKILL = "skill"
    REFUSED_CARER = "refused_carer"
    SHIFT = "shift"
    WINDOW = "window"
    DURATION = "duration"
    OVERLAP = "overlap"
    TRAVEL = "travel"
    BREAK = "break"
    PAST = "past"
    FROZEN_MOVED = "frozen_moved"
    PINNED_MOVED = "pinned_moved"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong, and with whom; `off_s` says by how much where that can be said."""

    fault: Fault
    job: str = ""
    carer: str = ""
    off_s: int = 0


def violations(problem: Problem, plan: Plan, travel: Travel) -> list[Violation]:
    """Everything that is wrong with a plan; empty if it holds."""
    jobs = {job.key: job for job in problem.jobs}
    carers = {carer.key: carer for carer in problem.carers}
    found = list(_listing(jobs, plan))
    stops = _stops_by_job(plan)
    for job in problem.jobs:
        found.extend(_visit(job, stops.get(job.key, [])))
    seen: set[tuple[str, int]] = set()
    for route in plan.routes:
        carer = carers.get(route.carer)
        if carer is None:
            found.append(Violation(Fault.UNLISTED_CARER, carer=route.carer))
            continue
        if (route.carer, route.shift.starts_s) in seen:
            found.append(Violation(Fault.OVERLAP, carer=route.carer))
        seen.add((route.carer, route.shift.starts_s))
        found.extend(_route(_Case(problem, travel, jobs, carer, route)))
    found.extend(_across_shifts(plan, jobs))
    return found


def _stops_by_job(plan: Plan) -> dict[str, list[tuple[str, Stop]]]:
    found: dict[str, list[tuple[str, Stop]]] = defaultdict(list)
    for route in plan.routes:
        for stop in route.stops:
            found[stop.job].append((route.carer, stop))
    return found


def _listing(jobs: dict[str, Job], plan: Plan) -> Iterator[Violation]:
    """Each job is planned or unserved, once."""
    planned = {stop.job for route in plan.routes for stop in route.stops}
    unserved = [entry.job for entry in plan.unserved]
    for key in sorted((planned | set(unserved)) - jobs.keys()):
        yield Violation(Fault.UNLISTED_JOB, job=key)
    for key in jobs:
        times = unserved.count(key) + (key in planned)
        if times == 0:
            yield Violation(Fault.JOB_MISSING, job=key)
        elif times > 1:
            yield Violation(Fault.JOB_TWICE, job=key)


def _visit(job: Job, stops: list[tuple[str, Stop]]) -> Iterator[Violation]:
    """The right people, together, when it was wanted."""
    if not stops:
        if job.frozen:
            yield Violation(Fault.FROZEN_MOVED, job=job.key)
        return
    who = [carer for carer, _ in stops]
    if len(set(who)) < len(who):
        yield Violation(Fault.JOB_TWICE, job=job.key)
    if len(set(who)) < job.carers_needed:
        yield Violation(Fault.TOO_FEW_CARERS, job=job.key)
    if len(set(who)) > job.carers_needed:
        yield Violation(Fault.TOO_MANY_CARERS, job=job.key)
    starts = [stop.start_s for _, stop in stops]
    if min(starts) != max(starts):
        yield Violation(Fault.DOUBLE_START, job=job.key, off_s=max(starts) - min(starts))
    yield from _pins(job, who, starts)


def _pins(job: Job, who: list[str], starts: list[int]) -> Iterator[Violation]:
    moved = Fault.FROZEN_MOVED if job.frozen else Fault.PINNED_MOVED
    if not set(job.pinned_carers) <= set(who):
        yield Violation(moved, job=job.key)
    if job.pinned_start_s is not None:
        for start_s in starts:
            if start_s != job.pinned_start_s:
                yield Violation(moved, job=job.key, off_s=start_s - job.pinned_start_s)


@dataclass(frozen=True, slots=True)
class _Case:
    """A route with what it is judged by."""

    problem: Problem
    travel: Travel
    jobs: dict[str, Job]
    carer: Carer
    route: Route

    def ways_s(self) -> list[int]:
        """Seconds to each stop from the one before, then to where the carer ends."""
        carer, stops = self.carer, self.known()
        places: list[Place] = [carer.start, *(self.jobs[stop.job].place for stop in stops)]
        places.append(carer.end or places[-1])
        seconds = self.travel.seconds(places, carer.mode)
        return [int(seconds[row, row + 1]) for row in range(len(places) - 1)]

    def known(self) -> list[Stop]:
        """Stops at jobs that exist."""
        return [stop for stop in self.route.stops if stop.job in self.jobs]


def _route(case: _Case) -> Iterator[Violation]:
    carer, stops = case.carer, case.known()
    planned = [stop for stop in stops if not case.jobs[stop.job].frozen]
    if planned and case.route.shift not in carer.shifts:
        yield Violation(Fault.UNLISTED_SHIFT, carer=carer.key)
    for stop in stops:
        yield from _stop(case, stop)
    yield from _ways(case)
    yield from _rests(case)


def _stop(case: _Case, stop: Stop) -> Iterator[Violation]:
    job, carer = case.jobs[stop.job], case.carer
    if stop.end_s - stop.start_s != job.duration_s:
        off_s = stop.end_s - stop.start_s - job.duration_s
        yield Violation(Fault.DURATION, job.key, carer.key, off_s)
    if job.frozen:
        return
    if not job.skills <= carer.skills:
        yield Violation(Fault.SKILL, job.key, carer.key)
    if carer.key in job.refused:
        yield Violation(Fault.REFUSED_CARER, job.key, carer.key)
    if job.pinned_start_s is None:
        if stop.start_s < job.window.opens_s:
            yield Violation(Fault.WINDOW, job.key, carer.key, stop.start_s - job.window.opens_s)
        last_s = job.window.closes_s + job.window.lateness_limit_s
        if stop.start_s > last_s:
            yield Violation(Fault.WINDOW, job.key, carer.key, stop.start_s - last_s)
    if stop.start_s < case.problem.now_s:
        yield Violation(Fault.PAST, job.key, carer.key, stop.start_s - case.problem.now_s)
    shift = case.route.shift
    if stop.start_s < shift.starts_s or stop.end_s > shift.ends_s:
        yield Violation(Fault.SHIFT, job.key, carer.key)


def _ways(case: _Case) -> Iterator[Violation]:
    """There is time for every way between the visits; what is frozen happened as it happened."""
    free_s, over_s = case.route.shift.starts_s, 0
    stops, ways_s = case.known(), case.ways_s()
    for stop, way_s in zip(stops, ways_s, strict=False):
        job = case.jobs[stop.job]
        if abs(stop.travel_s - way_s) > ROUNDING_S:
            yield Violation(Fault.TRAVEL, job.key, case.carer.key, stop.travel_s - way_s)
        if not job.frozen:
            leave_s = max(free_s, case.problem.now_s)
            rested_s = sum(
                rest.end_s - rest.start_s
                for rest in case.route.rests
                if leave_s <= rest.start_s < stop.start_s
            )
            if stop.start_s < over_s:
                yield Violation(Fault.OVERLAP, job.key, case.carer.key, over_s - stop.start_s)
            short_s = leave_s + way_s + rested_s - stop.start_s
            if short_s > ROUNDING_S or stop.arrival_s > stop.start_s:
                yield Violation(Fault.TRAVEL, job.key, case.carer.key, short_s)
        free_s = over_s = stop.end_s
    if stops and case.carer.end is not None and not case.jobs[stops[-1].job].frozen:
        beyond_s = free_s + ways_s[-1] - case.route.shift.ends_s
        if beyond_s > ROUNDING_S:
            yield Violation(Fault.SHIFT, stops[-1].job, case.carer.key, beyond_s)


def _rests(case: _Case) -> Iterator[Violation]:
    """Every break is taken that work goes on beyond, and nobody works in a break."""
    route, carer = case.route, case.carer
    planned = [stop for stop in case.known() if not case.jobs[stop.job].frozen]
    for rest in route.rests:
        if rest in carer.rested:
            continue
        if any(stop.start_s < rest.end_s and rest.start_s < stop.end_s for stop in planned):
            yield Violation(Fault.BREAK, carer=carer.key)
        if not route.shift.starts_s <= rest.start_s <= rest.end_s <= route.shift.ends_s:
            yield Violation(Fault.BREAK, carer=carer.key)
    busy_until_s = max(
        [case.problem.now_s, route.shift.starts_s]
        + [stop.end_s for stop in case.known() if case.jobs[stop.job].frozen]
        + [rest.end_s for rest in carer.rested if rest.start_s < route.shift.ends_s]
    )
    for wanted in carer.breaks:
        owed = (
            route.shift.starts_s <= wanted.latest_s < route.shift.ends_s
            and busy_until_s <= wanted.latest_s
            and any(stop.end_s > wanted.latest_s for stop in planned)
        )
        if owed and not _is_taken(wanted, case):
            yield Violation(Fault.BREAK, carer=carer.key)


def _is_taken(wanted: Break, case: _Case) -> bool:
    return any(
        wanted.earliest_s <= rest.start_s <= wanted.latest_s
        and (rest in case.carer.rested or rest.end_s - rest.start_s >= wanted.duration_s)
        for rest in (*case.route.rests, *case.carer.rested)
    )


def _across_shifts(plan: Plan, jobs: dict[str, Job]) -> Iterator[Violation]:
    """Nobody is in two places at once, whatever the shifts."""
    stops: dict[str, list[Stop]] = defaultdict(list)
    for route in plan.routes:
        stops[route.carer].extend(stop for stop in route.stops if stop.job in jobs)
    for carer, mine in stops.items():
        mine.sort(key=lambda stop: stop.start_s)
        for one, other in pairwise(mine):
            if other.start_s < one.end_s and not jobs[other.job].frozen:
                yield Violation(Fault.OVERLAP, other.job, carer, one.end_s - other.start_s)
