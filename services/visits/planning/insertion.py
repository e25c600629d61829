"""Cheapest insertion: the first proposal, the emergency, and the planner that needs no solver."""

import math
import time
from dataclasses import dataclass

from services.visits.planning.costs import Costs
from services.visits.planning.day import Day, Turn
from services.visits.planning.draft import Draft, Timing, timed
from services.visits.planning.port import Changes, Plan, Problem, Travel
from services.visits.planning.sound import soundest
from services.visits.planning.travel import FormulaTravel

STARTS_TRIED = 10
"""For a visit of two carers: as many instants are tried, spread over those that make sense."""


@dataclass(slots=True)
class Insertion:
    """Where a visit can go best."""

    cost: float
    places: list[tuple[int, int, Timing]]
    start_s: int | None = None


def best_insertion(draft: Draft, job: int) -> Insertion | None:
    """The cheapest way to put an unserved visit in; None if there is none."""
    if draft.day.jobs[job].carers_needed == 2:
        return _best_for_two(draft, job)
    return _best_for_one(draft, job)


def insert(draft: Draft, job: int) -> bool:
    """Put a visit in where it costs least; False if that is nowhere."""
    draft.not_tried.discard(job)
    best = best_insertion(draft, job)
    if best is None:
        return False
    draft.put(job, best.places, best.start_s)
    return True


def insert_all(draft: Draft, jobs: list[int], *, deadline: float) -> None:
    """Put visits in, in this order; those that fit nowhere stay unserved.

    So do those that are left at the deadline (by the monotonic clock).
    """
    for number, job in enumerate(jobs):
        if time.monotonic() > deadline:
            draft.not_tried.update(jobs[number:])
            return
        insert(draft, job)


def urgent_first(day: Day, jobs: list[int]) -> list[int]:
    """The important, then those for two, those few can do, those that end early."""
    choices = {job: sum(turn.may[job] for turn in day.turns) for job in jobs}
    return sorted(
        jobs,
        key=lambda job: (
            -day.jobs[job].priority,
            day.jobs[job].pinned_start_s is None,
            -day.jobs[job].carers_needed,
            choices[job],
            day.last[job],
            day.jobs[job].key,
        ),
    )


def _best_for_one(draft: Draft, job: int) -> Insertion | None:
    """Tries positions by the way they add, which no timing can undercut but by less lateness."""
    best: Insertion | None = None
    for added, number, position in sorted(_positions(draft, job)):
        if best is not None and added >= best.cost:
            break
        found = _tried(draft, number, position, job, draft.fixed)
        if found is not None and (best is None or found[0] < best.cost):
            best = Insertion(found[0], [(number, position, found[1])])
    return best


def _tried(
    draft: Draft, number: int, position: int, job: int, fixed: dict[int, int]
) -> tuple[float, Timing] | None:
    order = draft.orders[number]
    timing = timed(
        draft.day,
        draft.day.turns[number],
        [*order[:position], job, *order[position:]],
        fixed,
    )
    return None if timing is None else (timing.cost - draft.timings[number].cost, timing)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Between which instants the visit may begin."""

    opens_s: int
    last_s: int


def _positions(draft: Draft, job: int, at_s: int | None = None) -> list[tuple[float, int, int]]:
    """Added way and surcharge of every position that is not out of the question."""
    day = draft.day
    bounds = _Bounds(day.opens[job], day.last[job]) if at_s is None else _Bounds(at_s, at_s)
    found: list[tuple[float, int, int]] = []
    for turn in day.turns:
        if turn.may[job] and turn.ready_s < turn.shift.ends_s:
            _positions_on(draft, turn, job, bounds, found)
    return found


def _positions_on(
    draft: Draft, turn: Turn, job: int, bounds: _Bounds, found: list[tuple[float, int, int]]
) -> None:
    number, rows = turn.number, turn.rows
    order, ends, fixed = draft.orders[number], draft.timings[number].ends, draft.fixed
    opens_s, last_s, duration_s = bounds.opens_s, bounds.last_s, draft.day.duration[job]
    surcharge, from_job, last = turn.surcharge[job], rows[job], draft.day.last
    at, free_s = turn.ready_at, turn.ready_s
    for position, after in enumerate(order):
        if free_s > last_s:
            return
        way_s = rows[at][job]
        start_s = max(free_s + way_s, opens_s)
        way_on_s = from_job[after]
        if start_s <= last_s and start_s + duration_s + way_on_s <= fixed.get(after, last[after]):
            found.append((way_s + way_on_s - rows[at][after] + surcharge, number, position))
        at, free_s = after, ends[position]
    start_s = max(free_s + rows[at][job], opens_s)
    if start_s <= last_s and start_s + duration_s <= turn.shift.ends_s:
        added = rows[at][job]
        if turn.end_at is not None:
            added += from_job[turn.end_at] - (rows[at][turn.end_at] if order else 0)
        found.append((added + surcharge, number, len(order)))


def _best_for_two(draft: Draft, job: int) -> Insertion | None:
    best: Insertion | None = None
    for start_s in _starts(draft, job):
        found = _pair_at(draft, job, start_s, below=math.inf if best is None else best.cost)
        if found is not None and (best is None or found.cost < best.cost):
            best = found
    return best


def _starts(draft: Draft, job: int) -> list[int]:
    """Instants at which two could begin: when it opens, as promised, when somebody is free."""
    day = draft.day
    opens_s, last_s = day.opens[job], day.last[job]
    found = {opens_s, last_s, min(max(day.closes[job], opens_s), last_s)}
    for _, number, position in _positions(draft, job):
        turn, order = day.turns[number], draft.orders[number]
        at = order[position - 1] if position else turn.ready_at
        free_s = draft.timings[number].ends[position - 1] if position else turn.ready_s
        found.add(max(free_s + turn.rows[at][job], opens_s))
    starts = sorted(start_s for start_s in found if start_s <= last_s)
    if len(starts) > STARTS_TRIED:
        step = (len(starts) - 1) / (STARTS_TRIED - 1)
        starts = [starts[round(step * number)] for number in range(STARTS_TRIED)]
    promised_s = day.promised_s[job]
    if promised_s is not None and opens_s <= promised_s <= last_s and promised_s not in starts:
        starts.append(promised_s)
    return starts


def _pair_at(draft: Draft, job: int, start_s: int, *, below: float) -> Insertion | None:
    """The two cheapest carers who can both begin then, with those who are pinned."""
    turns = draft.day.turns
    pinned = frozenset(draft.day.jobs[job].pinned_carers)
    fixed = draft.fixed | {job: start_s}
    by_carer: dict[str, tuple[float, tuple[int, int, Timing]]] = {}
    pair: tuple[str, ...] = ()
    positions = sorted(_positions(draft, job, start_s))
    if len(positions) < 2 or positions[0][0] + positions[1][0] >= below:
        return None
    for added, number, position in positions:
        if pair and added >= max(by_carer[key][0] for key in pair):
            break
        carer = turns[number].carer.key
        found = _tried(draft, number, position, job, fixed)
        if found is not None and (carer not in by_carer or found[0] < by_carer[carer][0]):
            by_carer[carer] = (found[0], (number, position, found[1]))
            pair = _cheapest_pair({key: cost for key, (cost, _) in by_carer.items()}, pinned)
    if not pair:
        return None
    cost = sum(by_carer[key][0] for key in pair)
    return Insertion(cost, [by_carer[key][1] for key in pair], start_s)


def _cheapest_pair(cost_of: dict[str, float], pinned: frozenset[str]) -> tuple[str, ...]:
    ordered = sorted(cost_of, key=lambda key: (key not in pinned, cost_of[key]))
    complete = len(ordered) >= 2 and pinned <= set(ordered[:2])
    return tuple(ordered[:2]) if complete else ()


def restored(day: Day, current: Plan) -> Draft:
    """The current plan as a draft, without what can no longer be as it was."""
    draft = Draft(day)
    assigned: dict[int, list[tuple[int, int]]] = {}
    orders: list[list[int]] = [[] for _ in day.turns]
    for route in current.routes:
        for stop in route.stops:
            job = day.number_of.get(stop.job)
            number = _turn_for(day, route.carer, stop.start_s)
            if job is None or number is None or day.jobs[job].frozen:
                continue
            if day.turns[number].may[job]:
                assigned.setdefault(job, []).append((number, stop.start_s))
    for job, places in assigned.items():
        if len(places) == day.jobs[job].carers_needed:
            for number, _ in places:
                orders[number].append(job)
    starts = {job: places[0][1] for job, places in assigned.items()}
    for order in orders:
        order.sort(key=lambda job: starts[job])
    fill(draft, orders, starts)
    return draft


def fill(draft: Draft, orders: list[list[int]], starts: dict[int, int]) -> None:
    """Take over orders as far as they can be timed; `starts` are those of visits for two."""
    day = draft.day
    fixed = {
        job: starts[job] for order in orders for job in order if day.jobs[job].carers_needed == 2
    }
    made: dict[int, list[int]] = {}
    for turn in day.turns:
        order, timing = _longest(day, turn, orders[turn.number], fixed)
        draft.set_order(turn.number, order, timing)
        for job in order:
            made.setdefault(job, []).append(turn.number)
    draft.turns_of = made
    draft.fixed = {job: start_s for job, start_s in fixed.items() if job in made}
    draft.unserved = set(day.free) - made.keys()
    draft.take_out([job for job, numbers in made.items() if not _complete(day, job, numbers)])


def _complete(day: Day, job: int, numbers: list[int]) -> bool:
    carers = {day.turns[number].carer.key for number in numbers}
    wanted = day.jobs[job]
    return len(carers) == wanted.carers_needed and carers.issuperset(wanted.pinned_carers)


def _longest(
    day: Day, turn: Turn, order: list[int], fixed: dict[int, int]
) -> tuple[list[int], Timing]:
    whole = timed(day, turn, order, fixed)
    if whole is not None:
        return order, whole
    kept: list[int] = []
    timing = Timing([], [], [], 0.0)
    for job in order:
        longer = timed(day, turn, [*kept, job], fixed)
        if longer is not None:
            kept, timing = [*kept, job], longer
    return kept, timing


def _turn_for(day: Day, carer: str, start_s: int) -> int | None:
    for turn in day.turns:
        if turn.carer.key == carer and turn.shift.starts_s <= start_s < turn.shift.ends_s:
            return turn.number
    return None


class InsertionPlanner:
    """Plans in milliseconds, in plain Python; good enough to begin with, and always there."""

    def __init__(self, travel: Travel | None = None, costs: Costs | None = None) -> None:
        """The formula's ways and our own costs unless told otherwise."""
        self._travel = travel or FormulaTravel()
        self._costs = costs or Costs()

    def plan(
        self,
        problem: Problem,
        *,
        time_limit_s: float,
        seed: int = 0,  # noqa: ARG002 (nothing here is left to chance)
    ) -> Plan:
        """Every visit put in where it then costs least, the important first."""
        deadline = time.monotonic() + time_limit_s
        day = Day(problem, self._travel, self._costs)
        return self._completed(Draft(day), deadline)

    def replan(
        self,
        problem: Problem,
        current: Plan,
        changes: Changes,
        *,
        time_limit_s: float,
        seed: int = 0,  # noqa: ARG002
    ) -> Plan:
        """The current plan with what fell out of it put back elsewhere; nothing else moves over."""
        deadline = time.monotonic() + time_limit_s
        day = Day(changes.applied_to(problem, current), self._travel, self._costs)
        return self._completed(restored(day, current), deadline)

    def _completed(self, draft: Draft, deadline: float) -> Plan:
        insert_all(draft, urgent_first(draft.day, sorted(draft.unserved)), deadline=deadline)
        return soundest([draft], self._travel, cut_short=bool(draft.not_tried))
