"""A draft handed to PyVRP and read back.

PyVRP knows no breaks, no two who begin together, and no lateness: breaks are left out and timed
afterwards, both halves of a visit for two have their start pinned (so nobody can take both), and
a visit that is late in the draft may be as late, not later.
"""

from collections.abc import Iterator

import numpy as np
import pyvrp
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria

from services.visits.planning.day import Day, Turn
from services.visits.planning.draft import Draft
from services.visits.planning.insertion import fill
from services.visits.planning.port import Matrix

FORBIDDEN = 10_000_000
"""Seconds no way takes: more than all prizes of a visit, little enough to add up."""
AT_MOST_MATRIX_BYTES = 128 * 2**20
"""A profile costs 16 bytes for each pair of places; beyond this, carers share profiles."""
NO_STOP = -1


class Parts:
    """What PyVRP is asked to route: each free visit, and each carer's part in a visit for two."""

    def __init__(self, draft: Draft) -> None:
        """Visits for two that have no start yet are left to the local search."""
        day = draft.day
        self.jobs: list[int] = []
        self.halves: list[int] = []
        for job in day.free:
            needed = day.jobs[job].carers_needed
            if needed == 1 or job in draft.fixed:
                self.jobs.extend([job] * needed)
                self.halves.extend(range(needed))

    def may(self, day: Day, turn: Turn, part: int) -> bool:
        """Whether a carer may take this part; the first of two is for one who is pinned."""
        job = day.jobs[self.jobs[part]]
        if not turn.may[self.jobs[part]]:
            return False
        if job.carers_needed == 1 or not job.pinned_carers:
            return True
        if len(job.pinned_carers) == 2:
            return turn.carer.key == sorted(job.pinned_carers)[self.halves[part]]
        return (turn.carer.key in job.pinned_carers) == (self.halves[part] == 0)


def polished(draft: Draft, *, moves: int, time_limit_s: float, seed: int) -> Draft | None:
    """What PyVRP makes of a draft, as far as it can be timed; None if it has nothing to do."""
    day, parts = draft.day, Parts(draft)
    turns = [turn for turn in day.turns if turn.ready_s < turn.shift.ends_s]
    if not parts.jobs or not turns:
        return None
    data = _data(draft, parts, turns)
    stop = MultipleCriteria([MaxIterations(moves), MaxRuntime(time_limit_s)])
    result = pyvrp.solve(
        data,
        stop,
        seed=seed,
        collect_stats=False,
        display=False,
        initial_solution=_initial(draft, parts, turns, data),
    )
    other = Draft(day)
    orders: list[list[int]] = [[] for _ in day.turns]
    for route in result.best.routes():
        turn = turns[route.vehicle_type()]
        orders[turn.number] = [parts.jobs[step.idx] for step in route if step.is_client()]
    fill(other, orders, draft.fixed)
    return other


def _data(draft: Draft, parts: Parts, turns: list[Turn]) -> pyvrp.ProblemData:
    """Locations: the parts, then where each turn starts, where it ends, and anywhere."""
    day = draft.day
    places = [
        *parts.jobs,
        *(turn.ready_at for turn in turns),
        *(NO_STOP if turn.end_at is None else turn.end_at for turn in turns),
    ]
    profile_of, profiles = _profiles(day, parts, turns, len(places))
    matrices = [_matrices(day, parts, places, kind, turns) for kind in profiles]
    first = len(parts.jobs)
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in places],
        clients=list(_clients(draft, parts)),
        depots=[pyvrp.Depot(location) for location in range(first, len(places))],
        vehicle_types=[
            pyvrp.VehicleType(
                start_depot=number,
                end_depot=len(turns) + number,
                tw_early=turn.ready_s,
                tw_late=turn.shift.ends_s,
                profile=profile_of[number],
            )
            for number, turn in enumerate(turns)
        ],
        distance_matrices=[distance for distance, _ in matrices],
        duration_matrices=[duration for _, duration in matrices],
    )


def _clients(draft: Draft, parts: Parts) -> Iterator[pyvrp.Client]:
    day = draft.day
    for location, job in enumerate(parts.jobs):
        needed = day.jobs[job].carers_needed
        opens_s, last_s = day.opens[job], min(day.last[job], max(day.opens[job], day.closes[job]))
        if job in draft.fixed:
            opens_s = last_s = draft.fixed[job]
        elif job in draft.turns_of:
            last_s = max(last_s, draft.start_of(job))
        yield pyvrp.Client(
            location,
            service_duration=day.duration[job],
            tw_early=opens_s,
            tw_late=last_s,
            prize=day.unserved[job] // needed,
            required=False,
        )


def _profiles(
    day: Day, parts: Parts, turns: list[Turn], places: int
) -> tuple[list[int], list[tuple[Turn, bool]]]:
    """Which carers can share matrices: the same ways, the same visits, if possible the same cost.

    With too many kinds, what a visit costs extra with one carer or another is left out here.
    """
    for with_surcharges in (True, False):
        kinds: dict[tuple[object, ...], int] = {}
        profile_of: list[int] = []
        firsts: list[tuple[Turn, bool]] = []
        for turn in turns:
            kind = (
                turn.carer.mode,
                tuple(parts.may(day, turn, part) for part in range(len(parts.jobs))),
                tuple(turn.surcharge[job] for job in parts.jobs) if with_surcharges else (),
            )
            if kind not in kinds:
                kinds[kind] = len(kinds)
                firsts.append((turn, with_surcharges))
            profile_of.append(kinds[kind])
        if len(kinds) * places**2 * 16 <= AT_MOST_MATRIX_BYTES:
            break
    return profile_of, firsts


def _matrices(
    day: Day, parts: Parts, places: list[int], kind: tuple[Turn, bool], turns: list[Turn]
) -> tuple[Matrix, Matrix]:
    turn, with_surcharges = kind
    rows = np.array(places)
    duration = day.seconds[turn.carer.mode][np.ix_(rows, rows)].copy()
    duration[:, rows == NO_STOP] = 0
    duration[rows == NO_STOP, :] = 0
    distance = duration.copy()
    forbidden = [part for part in range(len(parts.jobs)) if not parts.may(day, turn, part)]
    if with_surcharges:
        surcharges = np.array([turn.surcharge[job] for job in parts.jobs], dtype=np.int64)
        distance[:, : len(parts.jobs)] += surcharges
    distance[:, forbidden] = FORBIDDEN
    duration[:, forbidden] = FORBIDDEN
    # A turn that nobody makes costs nothing, wherever it would have ended.
    first = len(parts.jobs)
    for number in range(len(turns)):
        distance[first + number, first + len(turns) + number] = 0
        duration[first + number, first + len(turns) + number] = 0
    np.fill_diagonal(distance, 0)
    np.fill_diagonal(duration, 0)
    return distance, duration


def _initial(
    draft: Draft, parts: Parts, turns: list[Turn], data: pyvrp.ProblemData
) -> pyvrp.Solution:
    part_of: dict[tuple[int, int], int] = {}
    for part, job in enumerate(parts.jobs):
        if job in draft.turns_of:
            numbers = sorted(
                draft.turns_of[job],
                key=lambda number: not parts.may(draft.day, draft.day.turns[number], part),
            )
            taken = [number for number in numbers if (job, number) not in part_of]
            part_of[job, taken[0]] = part
    routes = [
        pyvrp.Route(data, [part_of[job, turn.number] for job in order], number)
        for number, turn in enumerate(turns)
        if (order := draft.orders[turn.number])
    ]
    return pyvrp.Solution(data, routes)
