"""The planner of the day: insertion, PyVRP, and local search on what PyVRP does not know."""

import time
from dataclasses import dataclass

from services.visits.planning.costs import Costs
from services.visits.planning.day import Day
from services.visits.planning.draft import Draft
from services.visits.planning.improving import improved
from services.visits.planning.insertion import insert_all, restored, urgent_first
from services.visits.planning.port import Changes, Plan, Problem, Travel
from services.visits.planning.solver import polished
from services.visits.planning.sound import soundest
from services.visits.planning.stopping import Budget
from services.visits.planning.travel import FormulaTravel

GRACE_S = 0.1
"""Beyond its share the solver's plan has this long to be completed by insertion."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How many moves are made, whatever the clock says; time only cuts them short.

    Moves of a large day take longer, and there are fewer of them.
    """

    solver_visits: int = 12_000
    search_visits: int = 60_000
    solver_share: float = 0.55
    """Of the time that is left after the first proposal."""


class PyvrpPlanner:
    """Two stages: couples of carers and breaks by our own search, routes by PyVRP between."""

    def __init__(
        self,
        travel: Travel | None = None,
        costs: Costs | None = None,
        effort: Effort | None = None,
    ) -> None:
        """The formula's ways, our own costs and effort unless told otherwise."""
        self._travel = travel or FormulaTravel()
        self._costs = costs or Costs()
        self._effort = effort or Effort()

    def plan(self, problem: Problem, *, time_limit_s: float, seed: int = 0) -> Plan:
        """A plan from nothing."""
        began = time.monotonic()
        draft = Draft(Day(problem, self._travel, self._costs))
        return self._best(draft, seed=seed, deadline=began + time_limit_s)

    def replan(
        self,
        problem: Problem,
        current: Plan,
        changes: Changes,
        *,
        time_limit_s: float,
        seed: int = 0,
    ) -> Plan:
        """A plan from the current one; who changes carer costs as much as a long way."""
        began = time.monotonic()
        day = Day(changes.applied_to(problem, current), self._travel, self._costs)
        return self._best(restored(day, current), seed=seed, deadline=began + time_limit_s)

    def _best(self, first: Draft, *, seed: int, deadline: float) -> Plan:
        insert_all(first, urgent_first(first.day, sorted(first.unserved)), deadline=deadline)
        began = time.monotonic()
        solver_ends = began + max(0.0, deadline - began) * self._effort.solver_share
        routed = self._routed(first, seed=seed, deadline=solver_ends)
        cut_short = bool(first.not_tried) or time.monotonic() >= solver_ends
        budget = Budget(moves=_moves(self._effort.search_visits, routed), deadline=deadline)
        best = improved(routed, seed=seed, budget=budget)
        return soundest([best, first], self._travel, cut_short=cut_short or budget.cut_short)

    def _routed(self, first: Draft, *, seed: int, deadline: float) -> Draft:
        """What PyVRP makes of the first proposal, if that is better."""
        moves = _moves(self._effort.solver_visits, first)
        other = polished(first, moves=moves, deadline=deadline, seed=seed)
        if other is None:
            return first
        insert_all(
            other, urgent_first(first.day, sorted(other.unserved)), deadline=deadline + GRACE_S
        )
        return min(first, other, key=lambda one: one.cost)


def _moves(visits: int, draft: Draft) -> int:
    return max(50, visits // max(20, len(draft.day.free)))
