"""A plan while it is being made: who goes in which order, and the timing that follows from it.

A visit of two carers has its start fixed the moment it is put in, so that each turn can be timed
alone. The timing is the earliest: a break is taken before setting out, when it costs no time or
when it could not wait any longer.
"""

from dataclasses import dataclass

from services.visits.planning.day import Day, Turn
from services.visits.planning.port import Plan, Rest, Route, Stop, Unserved


@dataclass(slots=True)
class Timing:
    """When a turn's visits begin and end, and what that costs."""

    starts: list[int]
    ends: list[int]
    rests: list[Rest]
    cost: float


IDLE = Timing([], [], [], 0.0)


def timed(day: Day, turn: Turn, order: list[int], fixed: dict[int, int]) -> Timing | None:
    """The earliest timing of an order of visits; None if it cannot be done."""
    rows, opens, last, duration = turn.rows, day.opens, day.last, day.duration
    at, now_s, cost, owed, taken = turn.ready_at, turn.ready_s, 0.0, turn.owed, 0
    starts: list[int] = []
    ends: list[int] = []
    rests: list[Rest] = []
    for job in order:
        way_s = rows[at][job]
        not_before_s = fixed.get(job, opens[job])
        start_s = max(now_s + way_s, not_before_s)
        while taken < len(owed):
            rest = owed[taken]
            rest_s = max(now_s, rest.earliest_s)
            after_s = max(rest_s + rest.duration_s + way_s, not_before_s)
            can_wait = start_s + duration[job] <= rest.latest_s
            if rest_s > rest.latest_s:
                return None
            if can_wait and after_s > start_s:
                break
            now_s, start_s, taken = rest_s + rest.duration_s, after_s, taken + 1
            rests.append(Rest(rest_s, now_s))
        if start_s > (not_before_s if job in fixed else last[job]):
            return None
        cost += way_s + turn.surcharge[job] + day.start_cost(job, start_s)
        now_s = start_s + duration[job]
        starts.append(start_s)
        ends.append(now_s)
        at = job
    if order and turn.end_at is not None:
        cost += rows[at][turn.end_at]
        now_s += rows[at][turn.end_at]
    return Timing(starts, ends, rests, cost) if now_s <= turn.shift.ends_s or not order else None


class Draft:
    """Orders of all turns with their timings; what is on none of them is unserved."""

    def __init__(self, day: Day) -> None:
        """Nobody goes anywhere yet."""
        self.day = day
        self.orders: list[list[int]] = [[] for _ in day.turns]
        self.timings: list[Timing] = [IDLE for _ in day.turns]
        self.fixed: dict[int, int] = {}
        self.turns_of: dict[int, list[int]] = {}
        self.unserved: set[int] = set(day.free)

    def copy(self) -> "Draft":
        """Another one that can be changed alone."""
        other = Draft.__new__(Draft)
        other.day = self.day
        other.orders = list(self.orders)
        other.timings = list(self.timings)
        other.fixed = dict(self.fixed)
        other.turns_of = dict(self.turns_of)
        other.unserved = set(self.unserved)
        return other

    @property
    def cost(self) -> float:
        """What the plan costs, with what nobody does."""
        made = sum(timing.cost for timing in self.timings)
        return made + sum(self.day.unserved[job] for job in self.unserved)

    def start_of(self, job: int) -> int:
        """When a visit on some turn begins."""
        number = self.turns_of[job][0]
        return self.timings[number].starts[self.orders[number].index(job)]

    def set_order(self, number: int, order: list[int], timing: Timing) -> None:
        """Replace a turn's order; the caller keeps the rest in step."""
        self.orders[number] = order
        self.timings[number] = timing

    def put(self, job: int, places: list[tuple[int, int, Timing]], start_s: int | None) -> None:
        """Put a visit into (turn, position, timing with it); with a start if two go."""
        if start_s is not None:
            self.fixed[job] = start_s
        for number, position, timing in places:
            order = self.orders[number]
            self.set_order(number, [*order[:position], job, *order[position:]], timing)
        self.turns_of[job] = [number for number, _, _ in places]
        self.unserved.discard(job)

    def take_out(self, jobs: list[int]) -> None:
        """Take visits out of their turns. Without them nothing becomes impossible or later.

        That a break then falls elsewhere can push what follows; such visits are taken out too.
        """
        gone = set(jobs)
        touched = {number for job in jobs for number in self.turns_of.get(job, ())}
        while touched:
            number = min(touched)
            touched.discard(number)
            order = [job for job in self.orders[number] if job not in gone]
            timing = timed(self.day, self.day.turns[number], order, self.fixed) if order else IDLE
            if timing is None:
                gone.update(order)
                touched.update(n for job in order for n in self.turns_of[job])
            else:
                self.set_order(number, order, timing)
        for job in gone:
            self.turns_of.pop(job, None)
            self.fixed.pop(job, None)
            self.unserved.add(job)

    def to_plan(self, unserved: tuple[Unserved, ...], *, cut_short: bool) -> Plan:
        """The plan in the port's words, with what has begun in front."""
        routes = [
            _route(self.day, turn, self.orders[turn.number], self.timings[turn.number])
            for turn in self.day.turns
            if turn.begun or self.orders[turn.number]
        ]
        return Plan(tuple(routes), unserved, cut_short)


def _route(day: Day, turn: Turn, order: list[int], timing: Timing) -> Route:
    index = day.problem.carers.index(turn.carer)
    at, now_s = len(day.jobs) + index, turn.shift.starts_s
    stops: list[Stop] = []
    estimated = day.estimated[turn.carer.mode]
    begun = [(job, day.opens[job]) for job in turn.begun]
    for job, start_s in [*begun, *zip(order, timing.starts, strict=True)]:
        if len(stops) == len(begun):
            now_s = max(now_s, turn.ready_s)
        way_s = turn.rows[at][job]
        leave_s = max([now_s, *(r.end_s for r in timing.rests if r.start_s < start_s)])
        arrival_s = min(leave_s + way_s, start_s)
        now_s = start_s + day.duration[job]
        stops.append(
            Stop(day.jobs[job].key, way_s, arrival_s, start_s, now_s, bool(estimated[at, job]))
        )
        at = job
    back_s = turn.rows[at][turn.end_at] if order and turn.end_at is not None else 0
    return Route(
        turn.carer.key, turn.shift, tuple(stops), (*turn.rested, *timing.rests), int(back_s)
    )
