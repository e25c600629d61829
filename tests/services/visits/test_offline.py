"""What an offline telephone sends, again and in any order, comes to the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.visits import actions
from services.visits.models import Visit
from tests.builders import NOON, a_caregiver, a_resident
from tests.services.visits.builders import BY_HAND, a_visit, an_act

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=3)
"""When the telephone has a network again."""

ACTS = ["in 0", "in 1", "out 0", "out 1", "wash done", "wash not", "dress done", "note"]


class Rollback(Exception):
    """Ends one example."""


def send(visit: Visit, carers: list[Any], what: str) -> None:
    """One thing of the queue, as it was done at its minute."""
    minute = ACTS.index(what) * MINUTE
    verb, _, rest = what.partition(" ")
    carer = carers[int(rest)] if rest.isdecimal() else carers[0]
    act = an_act(carer, at=NOON + minute, key=what, offline=True)
    if verb == "in":
        actions.check_in(visit, act=act, proof=BY_HAND, now=LATER)
    elif verb == "out":
        actions.check_out(visit, act=act, proof=BY_HAND, now=LATER)
    elif verb == "note":
        actions.add_note(
            visit, text="well", by=act.by, at=act.at, client_key=what, caregiver=carer, now=LATER
        )
    else:
        outcome, reason = ("done", "") if rest == "done" else ("not_done", "refused")
        actions.set_task(visit, task=verb, outcome=outcome, reason=reason, act=act, now=LATER)


def outcome(visit: Visit) -> dict[str, Any]:
    """What stands at the end."""
    visit.refresh_from_db()
    return {
        "visit": (visit.state, visit.started_at, visit.ended_at),
        "tasks": set(visit.task_outcomes.values_list("task", "outcome", "reason", "at")),
        "notes": [(note.text, note.at) for note in visit.notes.all()],
        "checks": set(visit.checks.values_list("kind", "caregiver", "device_at")),
    }


def after(order: list[str]) -> dict[str, Any]:
    """What stands after a queue was sent in an order; nothing is kept."""
    found: dict[str, Any] = {}
    try:
        with transaction.atomic():
            for what in order:
                send(VISIT, CARERS, what)
            found = outcome(VISIT)
            raise Rollback
    except Rollback:
        return found


VISIT: Visit
CARERS: list[Any]


@pytest.fixture(autouse=True)
def a_visit_of_two() -> None:
    """Two go together."""
    global VISIT, CARERS  # noqa: PLW0603 - hypothesis runs many examples on one visit
    resident = a_resident()
    CARERS = [a_caregiver(area=resident.area) for _ in range(2)]
    VISIT = a_visit(to=resident, carers=tuple(CARERS), carers_needed=2)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(ACTS),
    again=st.lists(st.sampled_from(ACTS), max_size=6),
)
def test_repeated_and_in_any_order_it_is_the_same(order: list[str], again: list[str]) -> None:
    in_order = after(ACTS)

    assert after([*order, *again]) == in_order
    assert in_order["visit"] == ("done", NOON, NOON + 3 * MINUTE)
    assert ("wash", "not_done", "refused", NOON + 5 * MINUTE) in in_order["tasks"]


def test_a_visit_that_somebody_cancelled_meanwhile_was_made_all_the_same() -> None:
    actions.cancel_visit(VISIT, reason="asked", by="user:lead", now=NOON)

    for what in ("in 0", "out 0"):
        send(VISIT, CARERS, what)

    VISIT.refresh_from_db()
    assert (VISIT.state, VISIT.cancel_reason) == ("done", "")
