"""The naive peer of the planner: what stands stays, the rest goes to the first who is free.

Between any two homes it reckons with the same quarter of an hour.
"""

from collections import defaultdict
from collections.abc import Iterator

from services.visits.planning.port import (
    Carer,
    Changes,
    Job,
    Plan,
    Problem,
    Promise,
    Reason,
    Route,
    Shift,
    Stop,
    Unserved,
)

WAY_S = 15 * 60
"""Between two homes; our choice, 3 km by electric bicycle."""
STEP_S = 5 * 60


class FirstFreePlanner:
    """Plans by going through the visits once, the most urgent first."""

    def plan(self, problem: Problem, *, time_limit_s: float, seed: int = 0) -> Plan:
        """A plan from nothing."""
        changes = Changes(now_s=problem.now_s)
        return self.replan(problem, Plan(()), changes, time_limit_s=time_limit_s, seed=seed)

    def replan(
        self,
        problem: Problem,
        current: Plan,
        changes: Changes,
        *,
        time_limit_s: float,  # noqa: ARG002 (once through takes milliseconds)
        seed: int = 0,  # noqa: ARG002 (nothing is left to chance)
    ) -> Plan:
        """The current plan, with what fell out of it given to whoever is free."""
        day = _Day(changes.applied_to(problem, current))
        loose = [job for job in day.problem.jobs if not day.keep(job)]
        loose.sort(key=lambda job: (-job.priority, job.window.opens_s, job.key))
        unserved = tuple(left for job in loose if (left := day.give(job)) is not None)
        return Plan(day.routes(), unserved)


class _Day:
    """Who is where when, while it is being planned."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._carers = {carer.key: carer for carer in problem.carers}
        self._stops: dict[str, list[Stop]] = defaultdict(list)

    def keep(self, job: Job) -> bool:
        """Leave a visit as it was promised, if whoever was promised can go."""
        promise = self.problem.promised.get(job.key)
        if job.frozen:
            promise = Promise(job.pinned_carers, job.pinned_start_s or 0)
        if promise is None or len(promise.carers) != job.carers_needed:
            return False
        if not job.frozen and not all(
            key in self._carers and self._may(self._carers[key], job, promise.start_s)
            for key in promise.carers
        ):
            return False
        self._put(job, promise)
        return True

    def give(self, job: Job) -> Unserved | None:
        """Let the first who are free make it; why nobody does, where nobody is."""
        able = [each for each in self.problem.carers if job.skills <= each.skills]
        wanted = [each for each in able if each.key not in job.refused]
        wanted.sort(key=lambda c: (c.key not in job.preferred, len(self._stops[c.key]), c.key))
        for start_s in self._starts(job):
            free = [each for each in wanted if self._is_free(each, job, start_s)]
            if len(free) >= job.carers_needed:
                chosen = tuple(sorted(each.key for each in free[: job.carers_needed]))
                self._put(job, Promise(chosen, start_s))
                return None
        if len(able) < job.carers_needed:
            return Unserved(job.key, Reason.NO_SKILL)
        if len(wanted) < job.carers_needed:
            return Unserved(job.key, Reason.REFUSED)
        return Unserved(job.key, Reason.ALL_BUSY)

    def _starts(self, job: Job) -> Iterator[int]:
        first = max(job.window.opens_s, self.problem.now_s)
        yield from range(first, job.window.last_start_s + 1, STEP_S)

    def _may(self, carer: Carer, job: Job, start_s: int) -> bool:
        return (
            carer.key not in job.refused
            and job.skills <= carer.skills
            and _shift_at(carer, start_s, job.duration_s) is not None
        )

    def _is_free(self, carer: Carer, job: Job, start_s: int) -> bool:
        end_s = start_s + job.duration_s
        return self._may(carer, job, start_s) and all(
            stop.end_s + WAY_S <= start_s or end_s + WAY_S <= stop.start_s
            for stop in self._stops[carer.key]
        )

    def _put(self, job: Job, promise: Promise) -> None:
        begin_s = promise.start_s
        for key in promise.carers:
            stop = Stop(job.key, WAY_S, begin_s, begin_s, begin_s + job.duration_s)
            self._stops[key].append(stop)

    def routes(self) -> tuple[Route, ...]:
        """What each goes, by time."""
        return tuple(
            Route(
                key,
                _shift_at(self._carers[key], stops[0].start_s, 0) or _around(stops),
                tuple(sorted(stops, key=lambda stop: (stop.start_s, stop.job))),
            )
            for key, stops in sorted(self._stops.items())
            if stops
        )


def _shift_at(carer: Carer, start_s: int, duration_s: int) -> Shift | None:
    for shift in carer.shifts:
        if shift.starts_s <= start_s and start_s + duration_s <= shift.ends_s:
            return shift
    return None


def _around(stops: list[Stop]) -> Shift:
    return Shift(min(stop.start_s for stop in stops), max(stop.end_s for stop in stops))
