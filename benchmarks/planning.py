"""A day of 200 visits planned, and planned anew when the busiest carer falls ill.

Every plan is judged by the checker, which has no part in making it; beside ours stands a planner
that gives each visit to the first who is free. A plan counts from the problem to the plan as data.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks.figures import Figures, run, say
from benchmarks.naive_planner import FirstFreePlanner
from services.visits.planning.checker import violations
from services.visits.planning.invented import a_district_day
from services.visits.planning.port import Changes, Plan, Planner, Problem
from services.visits.planning.pyvrp_planner import PyvrpPlanner
from services.visits.planning.travel import FormulaTravel

PLAN_LIMIT_S = 4.0
REPLAN_LIMIT_S = 2.0
"""What the planner is told; the bars allow for what a busy machine adds."""
ILL_AT_S = 10 * 3600
"""After midnight: two hours into the shifts."""


def measure(arguments: argparse.Namespace) -> Figures:
    """Ours and the naive peer over the same days, by seed."""
    ours = list(_days(PyvrpPlanner(), arguments))
    naive = list(_days(FirstFreePlanner(), arguments))
    say(f"{arguments.days} days of {arguments.visits} visits")
    return {
        "visits": arguments.visits,
        "days": arguments.days,
        **_summed(ours),
        **{f"naive_{figure}": value for figure, value in _summed(naive).items()},
    }


def _summed(days: list[Figures]) -> Figures:
    """Times and shares the worst of all days, the rest added up."""
    worst = ("plan_s", "replan_s", "others_changed_share")
    return {
        figure: max(day[figure] for day in days)
        if figure in worst
        else sum(day[figure] for day in days)
        for figure in days[0]
    }


def _days(planner: Planner, arguments: argparse.Namespace) -> Iterator[Figures]:
    for seed in range(arguments.days):
        yield a_planned_day(planner, visits=arguments.visits, seed=seed)


def a_planned_day(planner: Planner, *, visits: int, seed: int) -> Figures:
    """A day planned, its busiest carer ill after two hours, and planned again."""
    problem = a_district_day(visits=visits, seed=seed)
    plan, plan_s = _timed(lambda: planner.plan(problem, time_limit_s=PLAN_LIMIT_S))
    ill = max(plan.routes, key=lambda route: len(route.stops)).carer
    changes = Changes(now_s=ILL_AT_S, carers_gone=frozenset({ill}))
    again, replan_s = _timed(
        lambda: planner.replan(problem, plan, changes, time_limit_s=REPLAN_LIMIT_S)
    )
    changed = changes.applied_to(problem, plan)
    return {
        "plan_s": round(plan_s, 2),
        "replan_s": round(replan_s, 2),
        "violations": _faults(problem, plan) + _faults(changed, again),
        "unserved": len(plan.unserved) + len(again.unserved),
        "travel_h": round(_with_true_ways(problem, plan).travel_s / 3600),
        "others_changed_share": _others_changed(plan, again, ill),
    }


def _timed(make: Callable[[], Plan]) -> tuple[Plan, float]:
    began = time.perf_counter()
    plan = make()
    return plan, time.perf_counter() - began


def _faults(problem: Problem, plan: Plan) -> int:
    return len(violations(problem, _with_true_ways(problem, plan), FormulaTravel()))


def _with_true_ways(problem: Problem, plan: Plan) -> Plan:
    """The plan with how long each way is, whatever its planner took it for."""
    places = {job.key: job.place for job in problem.jobs}
    carers = {carer.key: carer for carer in problem.carers}
    routes = []
    for route in plan.routes:
        carer = carers[route.carer]
        chain = [carer.start, *(places[stop.job] for stop in route.stops)]
        seconds = FormulaTravel().seconds(chain, carer.mode)
        stops = tuple(
            replace(stop, travel_s=int(seconds[n, n + 1])) for n, stop in enumerate(route.stops)
        )
        routes.append(replace(route, stops=stops))
    return replace(plan, routes=tuple(routes))


def _others_changed(plan: Plan, again: Plan, ill: str) -> float:
    """The share of visits the ill carer has no part in that others make than before, or nobody."""
    was, becomes = plan.assignments(), again.assignments()
    others = [key for key, promise in was.items() if ill not in promise.carers]
    changed = [
        key for key in others if key not in becomes or becomes[key].carers != was[key].carers
    ]
    return round(len(changed) / len(others), 3)


if __name__ == "__main__":
    run("planning", measure, visits=200, days=3)
