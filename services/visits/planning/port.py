"""What a planner is told and what it answers.

Times are whole seconds after an instant that the caller chooses (usually the day's midnight);
places are WGS-84. Keys are the caller's own, and mean nothing here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only who reckons needs numpy: 8 MB of every process that asks for a plan at most.
    from services.visits.planning.matrix import Matrix, Matrix01


class Mode(StrEnum):
    """How a carer gets about."""

    WALK = "walk"
    EBIKE = "ebike"
    CAR = "car"


class Priority(IntEnum):
    """Who waits when somebody must: the lower first."""

    LOW = 0
    ORDINARY = 1
    HIGH = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A point, WGS-84."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Window:
    """When a visit may begin; it may be late by the limit, at a cost that grows with priority."""

    opens_s: int
    closes_s: int
    lateness_limit_s: int = 0

    @property
    def last_start_s(self) -> int:
        """No plan begins the visit after this."""
        return self.closes_s + self.lateness_limit_s


@dataclass(frozen=True, slots=True)
class Job:
    """One visit to be planned. Of two carers each needs every skill, and both begin together.

    A pinned visit keeps its carers, its start or both; of two carers one may be pinned.
    A frozen visit has begun or is over: it has all its carers and its start, and keeps them.
    """

    key: str
    place: Place
    duration_s: int
    window: Window
    skills: frozenset[str] = frozenset()
    carers_needed: int = 1
    preferred: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    priority: Priority = Priority.ORDINARY
    pinned_carers: tuple[str, ...] = ()
    pinned_start_s: int | None = None
    frozen: bool = False

    def __post_init__(self) -> None:
        """Refuse what no plan could mean.

        Raises:
            ValueError: not one or two carers, no duration, or frozen without carers and start.
        """
        if self.carers_needed not in (1, 2):
            raise ValueError("a visit needs one or two carers")
        if self.duration_s <= 0:
            raise ValueError("a visit takes time")
        if len(set(self.pinned_carers)) > self.carers_needed:
            raise ValueError("more carers are pinned than needed")
        all_pinned = len(set(self.pinned_carers)) == self.carers_needed
        if self.frozen and (self.pinned_start_s is None or not all_pinned):
            raise ValueError("a frozen visit has all its carers and its start")


@dataclass(frozen=True, slots=True)
class Shift:
    """Paid time, with the way to the first visit inside it."""

    starts_s: int
    ends_s: int


@dataclass(frozen=True, slots=True)
class Break:
    """A rest that begins between two instants, wherever the carer then is."""

    earliest_s: int
    latest_s: int
    duration_s: int


@dataclass(frozen=True, slots=True)
class Carer:
    """Who can go. Every shift begins at `start`; without an `end` it ends at the last visit."""

    key: str
    start: Place
    shifts: tuple[Shift, ...]
    skills: frozenset[str] = frozenset()
    breaks: tuple[Break, ...] = ()
    mode: Mode = Mode.EBIKE
    end: Place | None = None
    rested: tuple["Rest", ...] = ()
    """Breaks that have begun already."""

    def __post_init__(self) -> None:
        """Refuse to be in two shifts at once.

        Raises:
            ValueError: shifts overlap, or are not in order.
        """
        if any(one.ends_s > other.starts_s for one, other in pairwise(self.shifts)):
            raise ValueError("shifts follow one another")


@dataclass(frozen=True, slots=True)
class Promise:
    """What was announced for a visit before a re-plan."""

    carers: tuple[str, ...]
    start_s: int


@dataclass(frozen=True)
class Problem:
    """A day to plan. Nothing that is not frozen begins, and nobody sets out, before `now_s`."""

    jobs: tuple[Job, ...]
    carers: tuple[Carer, ...]
    now_s: int = 0
    promised: Mapping[str, Promise] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be answered job by job.

        Raises:
            ValueError: a key is there twice, or who began a visit is not listed.
        """
        carers = {carer.key for carer in self.carers}
        if len(carers) < len(self.carers) or len({job.key for job in self.jobs}) < len(self.jobs):
            raise ValueError("a key is there twice")
        if any(job.frozen and not carers.issuperset(job.pinned_carers) for job in self.jobs):
            raise ValueError("a frozen visit has a carer who is not listed")


@dataclass(frozen=True, slots=True)
class Stop:
    """One carer's part in one visit; `travel_s` is the way there from the stop before."""

    job: str
    travel_s: int
    arrival_s: int
    start_s: int
    end_s: int
    travel_estimated: bool = True


@dataclass(frozen=True, slots=True)
class Rest:
    """A break as planned."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Route:
    """One carer's shift, in order of time."""

    carer: str
    shift: Shift
    stops: tuple[Stop, ...]
    rests: tuple[Rest, ...] = ()
    way_back_s: int = 0


class Reason(StrEnum):
    """Why a visit has nobody."""

    NO_SKILL = "no_skill"
    REFUSED = "refused"
    NO_SHIFT = "no_shift"
    TOO_FAR = "too_far"
    NO_SECOND_CARER = "no_second_carer"
    PINNED = "pinned"
    ALL_BUSY = "all_busy"
    NOT_TRIED = "not_tried"
    """The time limit came first."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """A visit nobody makes, why, and who comes nearest to making it.

    `data` by reason: `skills` that are missing (no_skill), `capable` carers (every reason but
    not_tried).
    """

    job: str
    reason: Reason
    data: Mapping[str, object] = field(default_factory=dict)
    next_best: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every job of the problem once: on a route (twice for two carers), or unserved.

    `cut_short`: the time limit came before the moves were used up, so that the same seed may
    give another plan.
    """

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...] = ()
    cut_short: bool = False

    def assignments(self) -> dict[str, Promise]:
        """Who begins which visit when."""
        found: dict[str, Promise] = {}
        for route in self.routes:
            for stop in route.stops:
                before = found.get(stop.job)
                carers = (*(before.carers if before else ()), route.carer)
                found[stop.job] = Promise(tuple(sorted(carers)), stop.start_s)
        return found

    def latest_departures(self) -> dict[str, int]:
        """When the first of its carers has to set out for each visit, to begin on time."""
        found: dict[str, int] = {}
        for route in self.routes:
            for stop in route.stops:
                departure_s = stop.start_s - stop.travel_s
                found[stop.job] = min(departure_s, found.get(stop.job, departure_s))
        return found

    @property
    def travel_s(self) -> int:
        """All ways together."""
        return sum(
            route.way_back_s + sum(stop.travel_s for stop in route.stops) for route in self.routes
        )


@dataclass(frozen=True)
class Changes:
    """What happened since a plan was made; jobs and carers are replaced by key, or are new."""

    now_s: int
    carers_gone: frozenset[str] = frozenset()
    jobs_gone: frozenset[str] = frozenset()
    jobs: Sequence[Job] = ()
    carers: Sequence[Carer] = ()

    def applied_to(self, problem: Problem, current: Plan) -> Problem:
        """The problem as it is now: what has begun is frozen, the rest of the plan is promised.

        A visit has begun when it starts, or when somebody has to be on the way to it.
        """
        planned = current.assignments()
        set_off_at = current.latest_departures()
        replaced = {job.key for job in self.jobs}
        jobs = {job.key: job for job in problem.jobs} | {job.key: job for job in self.jobs}
        carers = {carer.key: carer for carer in problem.carers} | {
            carer.key: carer for carer in self.carers
        }
        for key in self.jobs_gone:
            jobs.pop(key, None)

        def begun(key: str) -> bool:
            promise = planned.get(key)
            if promise is None or not carers.keys() >= set(promise.carers):
                return False
            if len(promise.carers) != jobs[key].carers_needed:
                return False
            stays_put = key in replaced or not self.carers_gone.isdisjoint(promise.carers)
            return (promise.start_s if stays_put else set_off_at[key]) < self.now_s

        return Problem(
            jobs=tuple(
                _frozen(job, planned[job.key]) if begun(job.key) and not job.frozen else job
                for job in jobs.values()
            ),
            carers=tuple(
                self._as_now(_with_rests(carer, current, self.now_s)) for carer in carers.values()
            ),
            now_s=self.now_s,
            promised={
                key: promise
                for key, promise in {**problem.promised, **planned}.items()
                if key in jobs
            },
        )

    def _as_now(self, carer: Carer) -> Carer:
        if carer.key not in self.carers_gone:
            return carer
        shifts = tuple(
            replace(shift, ends_s=min(shift.ends_s, self.now_s))
            for shift in carer.shifts
            if shift.starts_s < self.now_s
        )
        return replace(carer, shifts=shifts)


def _frozen(job: Job, promise: Promise) -> Job:
    return replace(job, frozen=True, pinned_carers=promise.carers, pinned_start_s=promise.start_s)


def _with_rests(carer: Carer, current: Plan, now_s: int) -> Carer:
    begun = tuple(
        rest
        for route in current.routes
        if route.carer == carer.key
        for rest in route.rests
        if rest.start_s < now_s and rest not in carer.rested
    )
    return replace(carer, rested=(*carer.rested, *begun))


class Travel(Protocol):
    """Ways between places."""

    def seconds(self, places: Sequence[Place], mode: Mode) -> "Matrix":
        """Seconds from each place (row) to each (column)."""
        ...

    def estimated(self, places: Sequence[Place], mode: Mode) -> "Matrix01":
        """Which of these legs are reckoned by formula, not by a map."""
        ...


class Planner(Protocol):
    """Plans a day; answers every job, and never takes long over the limit."""

    def plan(self, problem: Problem, *, time_limit_s: float, seed: int = 0) -> Plan:
        """A plan; the same seed gives the same plan unless it is cut short."""
        ...

    def replan(
        self,
        problem: Problem,
        current: Plan,
        changes: Changes,
        *,
        time_limit_s: float,
        seed: int = 0,
    ) -> Plan:
        """A plan for the changed problem which keeps to the current one where that costs little."""
        ...
