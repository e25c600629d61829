from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.visits.planning.insertion import InsertionPlanner
from services.visits.planning.invented import a_district_day
from services.visits.planning.port import (
    Break,
    Carer,
    Changes,
    Job,
    Place,
    Plan,
    Planner,
    Priority,
    Problem,
    Reason,
    Shift,
)
from services.visits.planning.pyvrp_planner import Effort, PyvrpPlanner
from tests.services.visits.planning.days import (
    FAR,
    HOUR,
    NEAR,
    a_carer,
    a_job,
    a_problem,
    carers_of,
    faults,
    problems,
)

LIMIT_S = 20.0
"""Far more than needed, so that moves decide and not a busy machine."""
SHORT = Effort(solver_visits=1, search_visits=1)
PLANNERS: list[Planner] = [InsertionPlanner(), PyvrpPlanner(effort=SHORT)]
both = pytest.mark.parametrize("planner", PLANNERS, ids=["insertion", "pyvrp"])
few = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@both
@few
@given(problem=problems())
def test_any_day_is_planned_without_a_fault(planner: Planner, problem: Problem) -> None:
    plan = planner.plan(problem, time_limit_s=LIMIT_S)

    assert faults(problem, plan) == set()


@both
@few
@given(problem=problems(), gone=st.sampled_from(["c0", "c1"]), now=st.integers(8, 15))
def test_any_day_is_planned_anew_without_a_fault(
    planner: Planner, problem: Problem, gone: str, now: int
) -> None:
    plan = planner.plan(problem, time_limit_s=LIMIT_S)
    changes = Changes(
        now_s=max(problem.now_s, now * HOUR),
        carers_gone=frozenset({gone}),
        jobs=[a_job("new", opens=now, closes=now + 2)],
    )

    again = planner.replan(problem, plan, changes, time_limit_s=LIMIT_S)

    assert faults(changes.applied_to(problem, plan), again) == set()


@both
@few
@given(problem=problems(most_jobs=8), more=carers_of("more"))
def test_one_carer_more_never_serves_fewer(planner: Planner, problem: Problem, more: Carer) -> None:
    plan = planner.plan(problem, time_limit_s=LIMIT_S)
    changes = Changes(now_s=problem.now_s, carers=[more])

    again = planner.replan(problem, plan, changes, time_limit_s=LIMIT_S)

    assert worth(problem, unserved(again)) <= worth(problem, unserved(plan))


def unserved(plan: Plan) -> set[str]:
    return {entry.job for entry in plan.unserved}


def worth(problem: Problem, jobs: set[str]) -> int:
    by_priority = {Priority.LOW: 1, Priority.ORDINARY: 2, Priority.HIGH: 8, Priority.CRITICAL: 32}
    return sum(
        by_priority[job.priority] * job.carers_needed for job in problem.jobs if job.key in jobs
    )


@both
@few
@given(problem=problems(most_jobs=8))
def test_a_mirrored_town_costs_the_same(planner: Planner, problem: Problem) -> None:
    def mirrored(place: Place) -> Place:
        return Place(place.lat, 240 - place.lon)

    mirror = replace(
        problem,
        jobs=tuple(replace(job, place=mirrored(job.place)) for job in problem.jobs),
        carers=tuple(
            replace(
                carer,
                start=mirrored(carer.start),
                end=carer.end and mirrored(carer.end),
            )
            for carer in problem.carers
        ),
    )

    plan = planner.plan(problem, time_limit_s=LIMIT_S)
    other = planner.plan(mirror, time_limit_s=LIMIT_S)

    assert len(other.unserved) == len(plan.unserved)
    assert other.travel_s == pytest.approx(plan.travel_s, rel=0.02, abs=5)


@both
@pytest.mark.parametrize(
    ("job", "carers", "reason"),
    [
        (a_job(skills=frozenset({"nursing"})), [a_carer()], Reason.NO_SKILL),
        (a_job(refused=frozenset({"li"})), [a_carer()], Reason.REFUSED),
        (a_job(pinned_carers=("wang",)), [a_carer()], Reason.PINNED),
        (a_job(opens=18, closes=19), [a_carer()], Reason.NO_SHIFT),
        (a_job(place=FAR, closes=9.1), [a_carer()], Reason.TOO_FAR),
        (a_job(carers_needed=2), [a_carer()], Reason.NO_SECOND_CARER),
        (a_job(), [], Reason.NO_SKILL),
    ],
)
def test_what_nobody_can_make_is_listed_with_its_reason(
    planner: Planner, job: Job, carers: list[Carer], reason: Reason
) -> None:
    plan = planner.plan(a_problem([job], carers), time_limit_s=LIMIT_S)

    assert [(entry.job, entry.reason) for entry in plan.unserved] == [("a", reason)]


@both
def test_when_all_are_busy_the_important_visit_is_made(planner: Planner) -> None:
    at_nine = {"opens": 9.0, "closes": 9.2, "duration_s": HOUR}
    jobs = [
        a_job("low", priority=Priority.LOW, **at_nine),
        a_job("high", priority=Priority.HIGH, **at_nine),
        a_job("ordinary", **at_nine),
    ]

    plan = planner.plan(a_problem(jobs, [a_carer()]), time_limit_s=LIMIT_S)

    assert set(plan.assignments()) == {"high"}
    assert {entry.reason for entry in plan.unserved} == {Reason.ALL_BUSY}
    assert plan.unserved[0].next_best == ("li",)


@both
def test_priority_decides_who_waits(planner: Planner) -> None:
    jobs = [
        a_job("low", opens=9, closes=9.2, late=3, duration_s=HOUR, priority=Priority.LOW),
        a_job("high", opens=9, closes=9.2, late=3, duration_s=HOUR, priority=Priority.HIGH),
    ]

    starts = planner.plan(a_problem(jobs, [a_carer()]), time_limit_s=LIMIT_S).assignments()

    assert starts["high"].start_s == 9 * HOUR
    assert starts["low"].start_s >= 10 * HOUR


@both
def test_two_carers_come_together_after_other_visits(planner: Planner) -> None:
    jobs = [
        a_job("first", opens=9, closes=9.1, pinned_carers=("li",)),
        a_job("both", opens=9, closes=12, carers_needed=2),
    ]
    problem = a_problem(jobs, [a_carer(), a_carer("wang")])

    plan = planner.plan(problem, time_limit_s=LIMIT_S)

    assert plan.assignments()["both"].carers == ("li", "wang")
    assert faults(problem, plan) == set()


@both
def test_the_preferred_carer_goes_when_the_other_is_no_nearer(planner: Planner) -> None:
    job = a_job(preferred=frozenset({"wang"}))

    plan = planner.plan(a_problem([job], [a_carer(), a_carer("wang")]), time_limit_s=LIMIT_S)

    assert plan.assignments()["a"].carers == ("wang",)


@both
def test_a_break_is_taken_between_visits(planner: Planner) -> None:
    jobs = [a_job(str(hour), opens=hour, closes=hour + 1) for hour in (9, 10, 11, 12, 13)]
    carer = a_carer(breaks=(Break(11 * HOUR, 13 * HOUR, HOUR // 2),))
    problem = a_problem(jobs, [carer])

    plan = planner.plan(problem, time_limit_s=LIMIT_S)

    assert [len(route.rests) for route in plan.routes] == [1]
    assert faults(problem, plan) == set()
    assert not plan.unserved


@both
def test_when_one_of_many_is_ill_only_their_visits_change_hands(planner: Planner) -> None:
    problem = a_district_day(visits=60, seed=3, carers=12)
    plan = planner.plan(problem, time_limit_s=LIMIT_S)
    ill = max(plan.routes, key=lambda route: len(route.stops)).carer
    changes = Changes(now_s=10 * HOUR, carers_gone=frozenset({ill}))

    again = planner.replan(problem, plan, changes, time_limit_s=LIMIT_S)

    was, becomes = plan.assignments(), again.assignments()
    others = [key for key in was if ill not in was[key].carers]
    changed = [
        key for key in others if key not in becomes or becomes[key].carers != was[key].carers
    ]
    assert len(changed) <= 0.15 * len(others)
    assert faults(changes.applied_to(problem, plan), again) == set()


@both
def test_planned_anew_without_a_change_all_stays_as_it_is(planner: Planner) -> None:
    problem = a_district_day(visits=30, seed=4)
    plan = InsertionPlanner().plan(problem, time_limit_s=LIMIT_S)

    again = InsertionPlanner().replan(problem, plan, Changes(now_s=0), time_limit_s=LIMIT_S)

    assert again.assignments() == plan.assignments()


@both
def test_whoever_is_ill_keeps_what_they_have_done(planner: Planner) -> None:
    jobs = [a_job("done", opens=9, closes=9), a_job("owed", opens=13, closes=15)]
    problem = a_problem(jobs, [a_carer()])
    plan = planner.plan(problem, time_limit_s=LIMIT_S)
    changes = Changes(
        now_s=10 * HOUR, carers_gone=frozenset({"li"}), carers=[a_carer("wang", start=NEAR)]
    )

    again = planner.replan(problem, plan, changes, time_limit_s=LIMIT_S)

    assert again.assignments()["done"] == plan.assignments()["done"]
    assert again.assignments()["owed"].carers == ("wang",)


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = a_district_day(visits=40, seed=5)
    planner = PyvrpPlanner(effort=Effort(solver_visits=2_000, search_visits=2_000))

    plans = [planner.plan(problem, time_limit_s=60, seed=7) for _ in range(2)]

    assert not plans[0].cut_short
    assert plans[0] == plans[1]


def test_search_makes_the_first_proposal_better() -> None:
    problem = a_district_day(visits=60, seed=6)

    first = InsertionPlanner().plan(problem, time_limit_s=LIMIT_S)
    better = PyvrpPlanner().plan(problem, time_limit_s=LIMIT_S)

    assert better.travel_s < first.travel_s


@both
def test_a_day_of_nobody_and_nothing_is_planned(planner: Planner) -> None:
    assert planner.plan(Problem((), ()), time_limit_s=1).routes == ()


def test_what_no_plan_could_mean_is_refused() -> None:
    with pytest.raises(ValueError, match="one or two"):
        a_job(carers_needed=3)
    with pytest.raises(ValueError, match="frozen"):
        a_job(frozen=True)
    with pytest.raises(ValueError, match="twice"):
        a_problem([a_job(), a_job()], [])
    with pytest.raises(ValueError, match="follow"):
        a_carer(shifts=(Shift(0, 2), Shift(1, 3)))
