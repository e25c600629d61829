"""A problem as planners reckon with it: numbers instead of keys, rows instead of places."""

from array import array
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.visits.planning.costs import Costs
from services.visits.planning.matrix import Matrix
from services.visits.planning.port import (
    Carer,
    Job,
    Mode,
    Place,
    Problem,
    Promise,
    Rest,
    Shift,
    Travel,
)


@dataclass(frozen=True, slots=True)
class Owed:
    """A break that is still to be taken."""

    earliest_s: int
    latest_s: int
    duration_s: int


@dataclass(frozen=True)
class Turn:
    """One shift of one carer, from when and where it is still free."""

    number: int
    carer: Carer
    shift: Shift
    begun: tuple[int, ...]
    ready_s: int
    ready_at: int
    end_at: int | None
    owed: tuple[Owed, ...]
    rested: tuple[Rest, ...]
    may: list[bool]
    surcharge: list[int]
    """By job: what it costs that it is this carer who goes; read only where `may`."""
    rows: list["array[int]"]


class Day:
    """Everything that stays the same while plans are tried."""

    def __init__(self, problem: Problem, travel: Travel, costs: Costs) -> None:
        """Reckons all ways once for each mode in use."""
        self.problem = problem
        self.costs = costs
        self.jobs: tuple[Job, ...] = problem.jobs
        self.number_of = {job.key: number for number, job in enumerate(self.jobs)}
        self.places = self._all_places()
        modes = {carer.mode for carer in problem.carers}
        self.seconds: dict[Mode, Matrix] = {
            mode: travel.seconds(self.places, mode) for mode in sorted(modes)
        }
        self.estimated = {mode: travel.estimated(self.places, mode) for mode in sorted(modes)}
        self._rows = {mode: _rows(matrix) for mode, matrix in self.seconds.items()}
        self.duration = [job.duration_s for job in self.jobs]
        self.opens = [_opens(job) for job in self.jobs]
        self.closes = [job.window.closes_s for job in self.jobs]
        self.last = [_last(job) for job in self.jobs]
        self.late_per_s = [costs.late_per_s[job.priority] for job in self.jobs]
        self.unserved = [costs.unserved[job.priority] * job.carers_needed for job in self.jobs]
        self.promised_s = [
            problem.promised[job.key].start_s if job.key in problem.promised else None
            for job in self.jobs
        ]
        self.free = [number for number, job in enumerate(self.jobs) if not job.frozen]
        self.turns = self._all_turns()
        self._keep_promised_starts()

    def start_cost(self, job: int, start_s: int) -> float:
        """What it costs that a visit begins then."""
        cost = 0.0
        late_s = start_s - self.closes[job]
        if late_s > 0:
            cost = late_s * self.late_per_s[job]
        promised_s = self.promised_s[job]
        if promised_s is not None:
            moved_s = abs(start_s - promised_s) - self.costs.moved_free_s
            if moved_s > 0:
                cost += moved_s * self.costs.moved_per_s
        return cost

    def _keep_promised_starts(self) -> None:
        """Nobody comes earlier than announced, while those who were announced can come."""
        for number in self.free:
            job, promise = self.jobs[number], self.problem.promised.get(self.jobs[number].key)
            if promise is None or job.pinned_start_s is not None:
                continue
            can = {turn.carer.key for turn in self.turns if self._can_keep(turn, number, promise)}
            if can.issuperset(promise.carers):
                self.opens[number] = min(
                    max(promise.start_s, self.opens[number]), self.last[number]
                )

    def _can_keep(self, turn: Turn, job: int, promise: Promise) -> bool:
        end_s = promise.start_s + self.duration[job]
        return turn.may[job] and turn.ready_s <= promise.start_s and end_s <= turn.shift.ends_s

    @cached_property
    def near(self) -> list[list[int]]:
        """Jobs by distance from each job, itself first."""
        count = len(self.jobs)
        if not self.seconds or not count:
            return [[] for _ in self.jobs]
        matrix = next(iter(self.seconds.values()))[:count, :count]
        order: list[list[int]] = np.argsort(matrix, axis=1, kind="stable")[:, :60].tolist()
        return order

    def _all_places(self) -> list[Place]:
        carers = self.problem.carers
        return [
            *(job.place for job in self.jobs),
            *(carer.start for carer in carers),
            *(carer.end or carer.start for carer in carers),
        ]

    def _all_turns(self) -> list[Turn]:
        turns: list[Turn] = []
        for index, carer in enumerate(self.problem.carers):
            begun = self._begun_by(carer)
            shifts = carer.shifts or _past(self.jobs, begun)
            for shift, share in zip(shifts, _share(self.jobs, begun, shifts), strict=True):
                turns.append(self._turn(len(turns), index, shift, share))
        return turns

    def _turn(self, number: int, index: int, shift: Shift, begun: tuple[int, ...]) -> Turn:
        carer = self.problem.carers[index]
        may, surcharge = self._who_may(carer)
        count = len(self.jobs)
        over_s = max((_start(self.jobs[job]) + self.duration[job] for job in begun), default=0)
        rested = tuple(
            rest for rest in carer.rested if shift.starts_s <= rest.start_s < shift.ends_s
        )
        ready_s = max(
            shift.starts_s, self.problem.now_s, over_s, *(rest.end_s for rest in rested), 0
        )
        return Turn(
            number=number,
            carer=carer,
            shift=shift,
            begun=begun,
            ready_s=ready_s,
            ready_at=begun[-1] if begun else count + index,
            end_at=count + len(self.problem.carers) + index if carer.end else None,
            owed=_owed(carer, shift, ready_s),
            rested=rested,
            may=may,
            surcharge=surcharge,
            rows=self._rows[carer.mode],
        )

    def _who_may(self, carer: Carer) -> tuple[list[bool], list[int]]:
        may, surcharge = [], []
        for job in self.jobs:
            others_pinned = len(set(job.pinned_carers) - {carer.key})
            may.append(
                not job.frozen
                and job.skills <= carer.skills
                and carer.key not in job.refused
                and others_pinned < job.carers_needed
            )
            promise = self.problem.promised.get(job.key)
            strange = bool(job.preferred) and carer.key not in job.preferred
            changed = promise is not None and carer.key not in promise.carers
            surcharge.append(strange * self.costs.stranger + changed * self.costs.changed_carer)
        return may, surcharge

    def _begun_by(self, carer: Carer) -> list[int]:
        begun = [
            number
            for number, job in enumerate(self.jobs)
            if job.frozen and carer.key in job.pinned_carers
        ]
        return sorted(begun, key=lambda number: _start(self.jobs[number]))


def _rows(matrix: Matrix) -> "list[array[int]]":
    return [array("i", row) for row in matrix.astype(np.int32).tolist()]


def _start(job: Job) -> int:
    if job.pinned_start_s is None:
        raise ValueError("a frozen visit has a start")
    return job.pinned_start_s


def _opens(job: Job) -> int:
    return job.window.opens_s if job.pinned_start_s is None else job.pinned_start_s


def _last(job: Job) -> int:
    return job.window.last_start_s if job.pinned_start_s is None else job.pinned_start_s


def _past(jobs: tuple[Job, ...], begun: list[int]) -> tuple[Shift, ...]:
    """A carer who has no shift left but was there: the time that was."""
    if not begun:
        return ()
    ends_s = max(_start(jobs[job]) + jobs[job].duration_s for job in begun)
    return (Shift(_start(jobs[begun[0]]), ends_s),)


def _share(
    jobs: tuple[Job, ...], begun: list[int], shifts: tuple[Shift, ...]
) -> list[tuple[int, ...]]:
    """Each visit that has begun goes to the last shift that had begun by then."""
    shares: list[list[int]] = [[] for _ in shifts]
    for job in begun:
        at_s = _start(jobs[job])
        had_begun = [n for n, shift in enumerate(shifts) if shift.starts_s <= at_s]
        shares[had_begun[-1] if had_begun else 0].append(job)
    return [tuple(share) for share in shares]


def _owed(carer: Carer, shift: Shift, ready_s: int) -> tuple[Owed, ...]:
    owed = [
        Owed(rest.earliest_s, rest.latest_s, rest.duration_s)
        for rest in sorted(carer.breaks, key=lambda rest: rest.earliest_s)
        if shift.starts_s <= rest.latest_s < shift.ends_s
        and rest.latest_s >= ready_s
        and not any(rest.earliest_s <= had.start_s <= rest.latest_s for had in carer.rested)
    ]
    return tuple(owed)
