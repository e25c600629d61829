"""The planner of the day: insertion, PyVRP, and local search on what PyVRP does not know."""

import time
from dataclasses import dataclass

from services.visits.planning.costs import Costs
from services.visits.planning.day import Day
from services.visits.planning.draft import Draft
from services.visits.planning.improving import improved
from services.visits.planning.insertion import insert_all, restored, urgent_first
from services.visits.planning.port import Changes, Plan, Problem, Travel
from services.visits.planning.reasons import explain
from services.visits.planning.solver import polished
from services.visits.planning.stopping import Budget
from services.visits.planning.travel import FormulaTravel


@dataclass(frozen=True, slots=True)
class Effort:
    """How many moves are made, whatever the clock says; time only cuts them short."""

    solver_moves: int = 2_500
    search_moves: int = 300
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

    def _best(self, draft: Draft, *, seed: int, deadline: float) -> Plan:
        insert_all(draft, urgent_first(draft.day, sorted(draft.unserved)))
        left_s = deadline - time.monotonic()
        solver_s = max(0.0, left_s * self._effort.solver_share)
        cut_short = False
        if solver_s > 0:
            began = time.monotonic()
            other = polished(
                draft, moves=self._effort.solver_moves, time_limit_s=solver_s, seed=seed
            )
            cut_short = time.monotonic() - began >= solver_s
            if other is not None:
                insert_all(other, urgent_first(draft.day, sorted(other.unserved)))
                draft = min(draft, other, key=lambda one: one.cost)
        budget = Budget(moves=self._effort.search_moves, deadline=deadline)
        draft = improved(draft, seed=seed, budget=budget)
        cut_short = cut_short or budget.cut_short
        return draft.to_plan(explain(draft), cut_short=cut_short)
