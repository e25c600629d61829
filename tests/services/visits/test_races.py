"""Two workers, and one that dies, make each visit once; a plan changed meanwhile is heeded."""

import time as clock_time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from backend.core import due
from services.visits import actions
from services.visits.actions import making
from services.visits.actions.making import occurrences, visit_of
from services.visits.models import CarePlan, Visit
from tests.builders import NOON
from tests.services.visits.builders import BY, BY_HAND, a_care_plan, an_act, an_assigned_visit
from tests.threads import Held, at_once, on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
WAITS_S = 0.3


def owed(count: int) -> None:
    """So many plans whose visits are all to be made."""
    for _ in range(count):
        a_care_plan()
    Visit.objects.all().delete()
    CarePlan.objects.update(made_until=None, due_at=NOON)


def test_without_the_constraint_two_workers_would_make_visits_twice() -> None:
    plan = a_care_plan()
    days = list(occurrences(plan, after=NOON.date() - DAY, now=NOON))

    again = [visit_of(plan, day, now=NOON) for day in days]

    assert {(v.plan_id, v.occurs_on) for v in again} == set(
        Visit.objects.values_list("plan_id", "occurs_on")
    )


def test_two_workers_at_once_make_each_visit_once() -> None:
    owed(12)

    made = at_once(*[lambda: making.make_due(now=NOON, portion=2)] * 3)

    assert sum(made) == 12 * 29
    assert Visit.objects.count() == 12 * 29


def test_what_a_dead_worker_had_claimed_is_made_when_its_lease_ends() -> None:
    owed(4)
    due.claim(CarePlan.objects.all(), now=NOON, lease_s=making.LEASE_S, limit=3)

    assert making.make_due(now=NOON) == 29
    assert making.make_due(now=NOON + timedelta(seconds=making.LEASE_S + 1)) == 3 * 29


def test_what_a_worker_made_and_did_not_commit_is_made_by_another() -> None:
    owed(2)

    with Held(lambda: making.make_due(now=NOON)) as dying:
        dying.roll_back()

    assert making.make_due(now=NOON) == 2 * 29


def test_a_change_made_while_a_worker_makes_is_what_holds() -> None:
    plan = a_care_plan()
    Visit.objects.all().delete()
    CarePlan.objects.update(made_until=None, due_at=NOON)

    with (
        Held(
            lambda: actions.change_plan(
                plan, changes={"rule": "FREQ=WEEKLY;BYDAY=MO"}, by=BY, now=NOON
            )
        ) as changing,
        ThreadPoolExecutor(1) as pool,
    ):
        making_it = pool.submit(on_own_connection, lambda: making.make_due(now=NOON))
        clock_time.sleep(WAITS_S)
        changing.commit()
        making_it.result()

    assert {visit.day.weekday() for visit in Visit.objects.all()} == {0}


def test_the_same_arrival_sent_twice_at_once_is_one() -> None:
    visit, carer = an_assigned_visit()
    act = an_act(carer, key="one")

    at_once(*[lambda: actions.check_in(visit, act=act, proof=BY_HAND, now=NOON).state] * 4)

    assert visit.checks.count() == 1
