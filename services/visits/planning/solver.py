"""A draft handed to PyVRP and read back.

PyVRP knows no breaks, no two who begin together, and no lateness. So a break is a visit to where
the draft has it, which only one kind of carer may make; both halves of a visit for two have their
start pinned (nobody can take both); a visit that is late in the draft may be as late, not later.
What comes back is timed again by our own rules, and what no longer fits is put in elsewhere.
"""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyvrp
import pyvrp.search
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria

from services.visits.planning.day import Day, Owed, Turn
from services.visits.planning.draft import Draft
from services.visits.planning.insertion import fill
from services.visits.planning.matrix import Matrix
from services.visits.planning.port import Mode

FORBIDDEN = 10_000_000
"""Seconds no way takes: more than all prizes of a visit, little enough to add up."""
AT_MOST_MATRIX_BYTES = 128 * 2**20
"""A profile costs 16 bytes for each pair of places; beyond this, carers share profiles."""
NO_STOP = -1
BREAK_WORTH = 60_000
"""Worth as much as an ordinary visit: without its break a turn falls apart when timed."""
PERTURBED = pyvrp.search.PerturbationParams(1, 10)
"""Fewer than PyVRP's 25 at once: here moves cost twice as much otherwise, and find no more."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A break as PyVRP sees it: of that turn or one alike, at a place of the draft."""

    turn: Turn
    owed: Owed
    place: int


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
        self.pauses = [
            Pause(turn, owed, _place_of(draft, turn, owed))
            for turn in day.turns
            for owed in turn.owed
            if draft.orders[turn.number]
        ]

    @property
    def count(self) -> int:
        """Visits, halves and breaks: PyVRP's clients."""
        return len(self.jobs) + len(self.pauses)

    def allowed(self, day: Day, turn: Turn, *, own_breaks: bool) -> tuple[bool, ...]:
        """By client, whether a carer may take it; a break alike is as good if not `own_breaks`."""
        return (
            *(self.may(day, turn, part) for part in range(len(self.jobs))),
            *(
                pause.turn is turn if own_breaks else pause.owed in turn.owed
                for pause in self.pauses
            ),
        )

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


def _place_of(draft: Draft, turn: Turn, owed: Owed) -> int:
    """Where the draft has the break: at the visit before it."""
    order, timing = draft.orders[turn.number], draft.timings[turn.number]
    place = turn.ready_at
    for rest in timing.rests:
        if owed.earliest_s <= rest.start_s <= owed.latest_s:
            for job, end_s in zip(order, timing.ends, strict=True):
                if end_s <= rest.start_s:
                    place = job
            return place
    return order[-1] if order else place


def polished(draft: Draft, *, moves: int, deadline: float, seed: int) -> Draft | None:
    """What PyVRP makes of a draft, as far as it can be timed.

    None if it has nothing to do, the day is too large for it, or the deadline (by the monotonic
    clock) comes before it can begin.
    """
    day, parts = draft.day, Parts(draft)
    turns = [turn for turn in day.turns if turn.ready_s < turn.shift.ends_s]
    if not parts.jobs or not turns:
        return None
    data = _data(draft, parts, turns) if time.monotonic() < deadline else None
    left_s = deadline - time.monotonic()
    if data is None or left_s <= 0:
        return None
    stop = MultipleCriteria([MaxIterations(moves), MaxRuntime(left_s)])
    result = pyvrp.solve(
        data,
        stop,
        seed=seed,
        collect_stats=False,
        display=False,
        params=pyvrp.SolveParams(perturbation=PERTURBED),
        initial_solution=_initial(draft, parts, turns, data),
    )
    other = Draft(day)
    orders: list[list[int]] = [[] for _ in day.turns]
    for route in result.best.routes():
        turn = turns[route.vehicle_type()]
        orders[turn.number] = [
            parts.jobs[step.idx]
            for step in route
            if step.is_client() and step.idx < len(parts.jobs)
        ]
    fill(other, orders, draft.fixed)
    return other


def _data(draft: Draft, parts: Parts, turns: list[Turn]) -> pyvrp.ProblemData | None:
    """Locations: the parts, then where each turn starts, and where it ends.

    None if the matrices would be too large.
    """
    day = draft.day
    places = [
        *parts.jobs,
        *(pause.place for pause in parts.pauses),
        *(turn.ready_at for turn in turns),
        *(NO_STOP if turn.end_at is None else turn.end_at for turn in turns),
    ]
    profile_of, profiles = _profiles(day, parts, turns, len(places))
    if _bytes(profiles, len(places)) > AT_MOST_MATRIX_BYTES:
        return None
    matrices = [_matrices(day, parts, places, kind, turns) for kind in profiles]
    first = parts.count
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
        distance_matrices=cast(Any, [distance for distance, _ in matrices]),
        duration_matrices=cast(Any, [duration for _, duration in matrices]),
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
    for location, pause in enumerate(parts.pauses, start=len(parts.jobs)):
        yield pyvrp.Client(
            location,
            service_duration=pause.owed.duration_s,
            tw_early=pause.owed.earliest_s,
            tw_late=pause.owed.latest_s,
            prize=BREAK_WORTH,
            required=False,
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    """Carers who can share matrices: the same ways, the same visits, the same extra cost."""

    mode: Mode
    allowed: tuple[bool, ...]
    surcharges: tuple[int, ...]


def _profiles(
    day: Day, parts: Parts, turns: list[Turn], places: int
) -> tuple[list[int], list[_Kind]]:
    """Of each turn its kind; with too many, breaks are shared, then extra costs left out."""
    numbers: list[int] = []
    kinds: dict[_Kind, int] = {}
    for own_breaks, with_surcharges in ((True, True), (False, True), (False, False)):
        kinds, numbers = {}, []
        for turn in turns:
            surcharges = tuple(turn.surcharge[job] for job in parts.jobs)
            kind = _Kind(
                turn.carer.mode,
                parts.allowed(day, turn, own_breaks=own_breaks),
                surcharges if with_surcharges else (),
            )
            numbers.append(kinds.setdefault(kind, len(kinds)))
        if _bytes(kinds, places) <= AT_MOST_MATRIX_BYTES:
            break
    return numbers, list(kinds)


def _bytes(kinds: Collection[_Kind], places: int) -> int:
    """Of distances and durations together, eight bytes each."""
    return len(kinds) * places**2 * 16


def _matrices(
    day: Day, parts: Parts, places: list[int], kind: _Kind, turns: list[Turn]
) -> tuple[Matrix, Matrix]:
    rows = np.array(places)
    duration = day.seconds[kind.mode][np.ix_(rows, rows)].copy()
    duration[:, rows == NO_STOP] = 0
    duration[rows == NO_STOP, :] = 0
    distance = duration.copy()
    if kind.surcharges:
        distance[:, : len(parts.jobs)] += np.array(kind.surcharges, dtype=np.int64)
    forbidden = [client for client, allowed in enumerate(kind.allowed) if not allowed]
    distance[:, forbidden] = FORBIDDEN
    duration[:, forbidden] = FORBIDDEN
    # A turn that nobody makes costs nothing, wherever it would have ended.
    for number in range(len(turns)):
        start, end = parts.count + number, parts.count + len(turns) + number
        distance[start, end] = duration[start, end] = 0
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
        pyvrp.Route(data, visits, number)
        for number, turn in enumerate(turns)
        if (visits := _visits(draft, parts, turn, part_of))
    ]
    return pyvrp.Solution(data, routes)


def _visits(
    draft: Draft, parts: Parts, turn: Turn, part_of: dict[tuple[int, int], int]
) -> list[int]:
    """The turn's clients in order of time, its breaks among them."""
    order, timing = draft.orders[turn.number], draft.timings[turn.number]
    timed = [
        (start_s, part_of[job, turn.number])
        for job, start_s in zip(order, timing.starts, strict=True)
    ]
    for client, pause in enumerate(parts.pauses, start=len(parts.jobs)):
        if pause.turn is turn:
            timed.extend(
                (rest.start_s, client)
                for rest in timing.rests
                if pause.owed.earliest_s <= rest.start_s <= pause.owed.latest_s
            )
            if order and len(timed) == len(order):
                timed.append((timing.ends[-1], client))
    return [client for _, client in sorted(timed)]
