"""A plan with a fault is set aside, whichever planner made it."""

import logging
import time

import pytest

from services.visits.planning.costs import Costs
from services.visits.planning.day import Day
from services.visits.planning.draft import Draft, Timing
from services.visits.planning.insertion import insert_all
from services.visits.planning.invented import a_district_day
from services.visits.planning.port import Planner, Reason
from services.visits.planning.pyvrp_planner import PyvrpPlanner
from services.visits.planning.sound import soundest
from services.visits.planning.travel import FormulaTravel
from tests.services.visits.planning.days import HOUR, a_carer, a_job, a_problem, faults

TRAVEL = FormulaTravel()
OVERRUN, GRACE_S = 0.1, 0.2
"""By how much a limit may be overrun; our choice."""


def a_draft() -> Draft:
    return Draft(Day(a_problem([a_job()], [a_carer()]), TRAVEL, Costs()))


def a_faulty_draft() -> Draft:
    """Begins at six, two hours before the shift."""
    draft = a_draft()
    draft.put(0, [(0, 0, Timing([6 * HOUR], [6 * HOUR + HOUR // 2], [], 0.0))], None)
    return draft


def test_the_next_best_plan_stands_in_for_one_with_a_fault(
    caplog: pytest.LogCaptureFixture,
) -> None:
    good = a_draft()
    insert_all(good, [0], deadline=time.monotonic() + 5)

    with caplog.at_level(logging.ERROR):
        plan = soundest([a_faulty_draft(), good], TRAVEL, cut_short=False)

    assert set(plan.assignments()) == {"a"}
    assert faults(good.day.problem, plan) == set()
    assert "window" in caplog.text


def test_if_no_plan_holds_every_visit_is_listed() -> None:
    faulty = a_faulty_draft()

    plan = soundest([faulty], TRAVEL, cut_short=False)

    assert [entry.job for entry in plan.unserved] == ["a"]
    assert faults(faulty.day.problem, plan) == set()


def test_what_time_did_not_suffice_for_is_listed_as_that() -> None:
    draft = a_draft()
    insert_all(draft, [0], deadline=time.monotonic() - 1)

    plan = soundest([draft], TRAVEL, cut_short=True)

    assert [(entry.job, entry.reason) for entry in plan.unserved] == [("a", Reason.NOT_TRIED)]


@pytest.mark.parametrize("limit_s", [0.5, 1.5])
def test_a_plan_is_there_when_the_time_is_over(limit_s: float) -> None:
    problem = a_district_day(visits=120, seed=8)
    planner: Planner = PyvrpPlanner()

    began = time.process_time()
    plan = planner.plan(problem, time_limit_s=limit_s)
    taken_s = time.process_time() - began

    assert taken_s <= limit_s * (1 + OVERRUN) + GRACE_S
    assert faults(problem, plan) == set()
