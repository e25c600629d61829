from dataclasses import replace

import pytest

from services.visits.planning.checker import Fault
from services.visits.planning.port import (
    Break,
    Carer,
    Job,
    Plan,
    Problem,
    Reason,
    Rest,
    Route,
    Unserved,
)
from tests.services.visits.planning.days import (
    DAY,
    FAR,
    HOME,
    HOUR,
    a_carer,
    a_job,
    a_plan,
    a_problem,
    a_stop,
    faults,
)

LUNCH = Break(11 * HOUR, 13 * HOUR, HOUR)


def test_a_sound_plan_has_no_fault() -> None:
    assert faults(a_problem([a_job()], [a_carer()]), a_plan(a_stop())) == set()


@pytest.mark.parametrize(
    ("job", "carer", "start", "fault"),
    [
        (a_job(skills=frozenset({"nursing"})), a_carer(), 10, Fault.SKILL),
        (a_job(refused=frozenset({"li"})), a_carer(), 10, Fault.REFUSED_CARER),
        (a_job(), a_carer(), 8.9, Fault.WINDOW),
        (a_job(late=0.5), a_carer(), 12.6, Fault.WINDOW),
        (a_job(closes=18), a_carer(), 16.8, Fault.SHIFT),
        (a_job(opens=8), a_carer(), 8.01, Fault.TRAVEL),
        (a_job(), a_carer(breaks=(LUNCH,)), 10, None),
        (a_job(closes=14), a_carer(breaks=(LUNCH,)), 13.2, Fault.BREAK),
        (a_job(pinned_carers=("wang",)), a_carer(), 10, Fault.PINNED_MOVED),
        (a_job(pinned_start_s=9 * HOUR), a_carer(), 10, Fault.PINNED_MOVED),
        (a_job(carers_needed=2), a_carer(), 10, Fault.TOO_FEW_CARERS),
        (
            a_job(pinned_start_s=9 * HOUR, pinned_carers=("li",), frozen=True),
            a_carer(),
            10,
            Fault.FROZEN_MOVED,
        ),
    ],
)
def test_what_is_wrong_with_one_visit_is_named(
    job: Job, carer: Carer, start: float, fault: Fault | None
) -> None:
    problem = a_problem([job], [carer, a_carer("wang")])

    assert faults(problem, a_plan(a_stop(start=start))) == ({fault} if fault else set())


def test_before_a_shift_nobody_is_on_the_way() -> None:
    plan = a_plan(a_stop(start=7.5))

    assert faults(a_problem([a_job(opens=7)], [a_carer()]), plan) == {Fault.SHIFT, Fault.TRAVEL}


def test_a_frozen_visit_may_not_be_left_out() -> None:
    job = a_job(pinned_start_s=9 * HOUR, pinned_carers=("li",), frozen=True)
    plan = Plan((), (Unserved("a", Reason.ALL_BUSY),))

    assert faults(a_problem([job], [a_carer()]), plan) == {Fault.FROZEN_MOVED}


def test_a_visit_is_planned_or_listed_and_not_both() -> None:
    problem = a_problem([a_job()], [a_carer()])
    listed = (Unserved("a", Reason.ALL_BUSY),)

    assert faults(problem, Plan(())) == {Fault.JOB_MISSING}
    assert faults(problem, replace(a_plan(a_stop()), unserved=listed)) == {Fault.JOB_TWICE}
    assert faults(problem, a_plan(a_stop("b"))) == {Fault.JOB_MISSING, Fault.UNLISTED_JOB}
    assert Fault.JOB_TWICE in faults(problem, a_plan(a_stop(), a_stop(start=11, travel_s=0)))


def test_somebody_unlisted_or_in_a_shift_of_nobody_is_named() -> None:
    problem = a_problem([a_job()], [a_carer()])

    assert faults(problem, a_plan(a_stop(), carer="zhao")) == {Fault.UNLISTED_CARER}
    other = Plan((Route("li", replace(DAY, starts_s=7 * HOUR), (a_stop(),)),))
    assert faults(problem, other) == {Fault.UNLISTED_SHIFT}


def test_two_who_begin_apart_are_named() -> None:
    problem = a_problem([a_job(carers_needed=2)], [a_carer(), a_carer("wang")])
    apart = Plan((*a_plan(a_stop()).routes, *a_plan(a_stop(start=10.1), carer="wang").routes))

    assert faults(problem, apart) == {Fault.DOUBLE_START}


def test_three_where_two_are_wanted_are_named() -> None:
    problem = a_problem([a_job()], [a_carer(), a_carer("wang")])
    both = Plan((*a_plan(a_stop()).routes, *a_plan(a_stop(), carer="wang").routes))

    assert faults(problem, both) == {Fault.TOO_MANY_CARERS}


def test_nobody_is_in_two_places_at_once() -> None:
    problem = a_problem([a_job(), a_job("b")], [a_carer()])
    plan = a_plan(a_stop(), a_stop("b", start=10.2, travel_s=0))

    assert Fault.OVERLAP in faults(problem, plan)


def test_a_way_that_is_told_too_short_is_named() -> None:
    problem = a_problem([a_job(place=FAR)], [a_carer()])

    assert faults(problem, a_plan(a_stop())) == {Fault.TRAVEL}


def test_a_visit_shorter_than_owed_is_named() -> None:
    short = replace(a_stop(), end_s=a_stop().end_s - 60)

    assert faults(a_problem([a_job()], [a_carer()]), a_plan(short)) == {Fault.DURATION}


def test_nothing_is_planned_for_the_past() -> None:
    problem: Problem = a_problem([a_job()], [a_carer()], now_s=11 * HOUR)

    assert Fault.PAST in faults(problem, a_plan(a_stop()))


def test_a_break_in_which_somebody_works_is_none() -> None:
    problem = a_problem([a_job(opens=13, closes=15)], [a_carer(breaks=(LUNCH,))])
    stop = a_stop(start=13.5)

    def resting(start: float, end: float) -> set[Fault]:
        return faults(problem, a_plan(stop, rests=(Rest(int(start * HOUR), int(end * HOUR)),)))

    assert resting(12, 13) == set()
    assert resting(12, 12.5) == {Fault.BREAK}
    assert Fault.BREAK in resting(13, 14)


def test_the_way_back_lies_within_the_shift() -> None:
    problem = a_problem([a_job(closes=17)], [a_carer(end=HOME)])

    assert faults(problem, a_plan(a_stop(start=16))) == set()
    assert faults(problem, a_plan(a_stop(start=16.5))) == {Fault.SHIFT}
