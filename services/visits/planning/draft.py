"""A plan while it is being made: who goes in which order, and the timing that follows from it.

A visit of two carers has its start fixed the moment it is put in, so that each turn can be timed
alone. The timing is the earliest; breaks are taken before setting out, where they cost least.
"""

from dataclasses import dataclass
from typing import NamedTuple

from services.visits.planning.day import Day, Owed, Turn
from services.visits.planning.port import Plan, Rest, Route, Stop, Unserved


@dataclass(slots=True)
class Timing:
    """When a turn's visits begin and end, and what that costs."""

    starts: list[int]
    ends: list[int]
    rests: list[Rest]
    cost: float


IDLE = Timing([], [], [], 0.0)


class _Label(NamedTuple):
    """A way to have got so far, with as many breaks taken as its index says."""

    now_s: int
    cost: float
    start_s: int
    rest_s: int
    before: "_Label | None"


NO_REST = -1


def timed(day: Day, turn: Turn, order: list[int], fixed: dict[int, int]) -> Timing | None:
    """The earliest timing of an order of visits; None if it cannot be done."""
    if not order:
        return IDLE
    rows, opens, last, duration, owed = turn.rows, day.opens, day.last, day.duration, turn.owed
    labels: list[_Label | None] = [_Label(turn.ready_s, 0.0, 0, NO_REST, None)]
    labels.extend(None for _ in owed)
    at = turn.ready_at
    for job in order:
        not_before_s = opens[job]
        last_s = last[job]
        if job in fixed:
            not_before_s = last_s = fixed[job]
        way_s, takes_s, surcharge = rows[at][job], duration[job], turn.surcharge[job]
        if len(labels) == 1:
            label = labels[0]
            if label is None:
                return None
            start_s = max(label[0] + way_s, not_before_s)
            if start_s > last_s:
                return None
            cost = label[1] + way_s + surcharge + day.start_cost(job, start_s)
            labels[0] = _Label(start_s + takes_s, cost, start_s, NO_REST, label)
        else:
            labels = _further(
                labels, owed, (way_s, takes_s, not_before_s, last_s), (day, job, surcharge)
            )
        at = job
    back_s = rows[at][turn.end_at] if turn.end_at is not None else 0
    found = [label for label in labels if label and label.now_s + back_s <= turn.shift.ends_s]
    if not found:
        return None
    return _traced(min(found, key=lambda label: label[1]), day, turn, order, back_s)


def _further(
    labels: list[_Label | None],
    owed: tuple[Owed, ...],
    times: tuple[int, int, int, int],
    visit: tuple[Day, int, int],
) -> list[_Label | None]:
    """One visit on, with a break before it or not; the earlier of two ways is the better."""
    way_s, takes_s, not_before_s, last_s = times
    day, job, surcharge = visit
    count = len(owed)
    longer: list[_Label | None] = [None] * (count + 1)
    for taken, label in enumerate(labels):
        if label is None:
            continue
        now_s, cost = label[0], label[1] + way_s + surcharge
        start_s = max(now_s + way_s, not_before_s)
        if start_s > last_s:
            continue
        end_s = start_s + takes_s
        if taken == count or end_s <= owed[taken].latest_s:
            known = longer[taken]
            if known is None or end_s <= known[0]:
                cost_now = cost + day.start_cost(job, start_s)
                if known is None or (end_s, cost_now) < (known[0], known[1]):
                    longer[taken] = _Label(end_s, cost_now, start_s, NO_REST, label)
        if taken < count:
            rest = owed[taken]
            rest_s = max(now_s, rest.earliest_s)
            start_s = max(rest_s + rest.duration_s + way_s, not_before_s)
            end_s = start_s + takes_s
            in_time = rest_s <= rest.latest_s and start_s <= last_s
            if in_time and (taken + 1 == count or end_s <= owed[taken + 1].latest_s):
                cost += day.start_cost(job, start_s)
                longer[taken + 1] = _Label(end_s, cost, start_s, rest_s, label)
    return longer


def _traced(end: _Label, day: Day, turn: Turn, order: list[int], back_s: int) -> Timing:
    starts: list[int] = []
    rests: list[int] = []
    label = end
    while label.before is not None:
        starts.append(label.start_s)
        if label.rest_s != NO_REST:
            rests.append(label.rest_s)
        label = label.before
    starts.reverse()
    ends = [start_s + day.duration[job] for start_s, job in zip(starts, order, strict=True)]
    breaks = zip(reversed(rests), turn.owed, strict=False)
    planned = [Rest(rest_s, rest_s + owed.duration_s) for rest_s, owed in breaks]
    return Timing(starts, ends, planned, end.cost + back_s)


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
        self.not_tried: set[int] = set()
        """Of the unserved those that time did not suffice for."""

    def copy(self) -> "Draft":
        """Another one that can be changed alone."""
        other = Draft.__new__(Draft)
        other.day = self.day
        other.orders = list(self.orders)
        other.timings = list(self.timings)
        other.fixed = dict(self.fixed)
        other.turns_of = dict(self.turns_of)
        other.unserved = set(self.unserved)
        other.not_tried = set(self.not_tried)
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
