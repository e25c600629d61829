"""Visits are made four weeks ahead, each once, and what a person touched stays."""

from datetime import timedelta

import pytest

from services.visits import actions
from services.visits.actions import making
from services.visits.models import CarePlan, Visit
from tests.builders import NOON, a_caregiver, reloaded
from tests.services.visits.builders import BY, TODAY, a_care_plan

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def days(plan: CarePlan) -> list[int]:
    """How many days from today the visits of a plan are."""
    return [(v.day - TODAY).days for v in plan.visits.order_by("day")]


def test_a_new_plan_has_its_visits_for_four_weeks() -> None:
    plan = a_care_plan()

    assert days(plan) == list(range(29))
    assert reloaded(plan).made_until == TODAY + 28 * DAY


def test_a_day_later_one_more_day_is_made_and_nothing_twice() -> None:
    plan = a_care_plan()

    assert actions.make_due(now=NOON) == 0
    assert actions.make_due(now=NOON + DAY) == 1
    assert actions.make_due(now=NOON + DAY) == 0
    assert days(plan) == list(range(30))


def test_exceptions_and_the_last_day_are_kept() -> None:
    plan = a_care_plan(except_on=[TODAY + 2 * DAY], ends_on=TODAY + 4 * DAY)

    assert days(plan) == [0, 1, 3, 4]
    assert plan.due_at is None


def test_a_changed_plan_moves_what_nobody_touched() -> None:
    plan = a_care_plan(ends_on=TODAY + 3 * DAY)
    touched = plan.visits.get(day=TODAY + DAY)
    actions.assign_visit(touched, caregivers=[a_caregiver()], by=BY, now=NOON)

    actions.change_plan(plan, changes={"window_min": 60, "duration_min": 45}, by=BY, now=NOON)

    lengths = {(v.day - TODAY).days: v.duration_min for v in plan.visits.all()}
    assert lengths == {0: 45, 1: 30, 2: 45, 3: 45}
    assert reloaded(touched).state == Visit.State.ASSIGNED


def test_days_that_the_changed_rule_does_not_name_are_gone() -> None:
    plan = a_care_plan()

    actions.change_plan(plan, changes={"rule": "FREQ=WEEKLY;BYDAY=MO"}, by=BY, now=NOON)

    assert days(plan) == [0, 7, 14, 21, 28]


def test_a_plan_of_eight_weeks_ago_makes_nothing_in_the_past() -> None:
    plan = a_care_plan(starts_on=TODAY - 56 * DAY)

    assert plan.visits.order_by("day").first() == plan.visits.get(day=TODAY)


def test_what_was_made_before_a_worker_died_is_not_made_again() -> None:
    plan = a_care_plan()
    CarePlan.objects.update(made_until=None, due_at=NOON)

    assert making.make_due(now=NOON) == 0
    assert days(plan) == list(range(29))
