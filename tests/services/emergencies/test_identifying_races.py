"""What people do while the desk finds out who called leaves one call, whole."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from notifications.models import Delivery
from services.emergencies.actions import Responder, accept_call, identify_call, open_call
from services.emergencies.errors import CallIdentified
from services.emergencies.models import EmergencyCall
from tests.builders import (
    NOON,
    a_caregiver_on_shift,
    a_contact,
    a_phone,
    a_press,
    a_resident,
    a_strangers_call,
    reloaded,
)
from tests.threads import Held, at_once, on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(seconds=30)
TIMES = 8
WAITS_S = 0.2


def identified(call: EmergencyCall, resident: Any) -> EmergencyCall:
    return identify_call(reloaded(call), resident=resident, by="user:operator", now=LATER)


def refused(work: Callable[[], object]) -> Callable[[], bool]:
    """The same; whether it was refused."""

    def act() -> bool:
        try:
            work()
        except CallIdentified:
            return True
        return False

    return act


@pytest.mark.parametrize("_", range(TIMES))
def test_an_accept_and_the_finding_out_leave_it_accepted_and_theirs(_: int) -> None:
    resident = a_resident(phone=a_phone())
    a_contact(resident=resident, order=1)
    call = a_strangers_call()
    going = Responder.of_caregiver(a_caregiver_on_shift(near=resident), minutes=6)

    at_once(
        lambda: accept_call(reloaded(call), responder=going, now=LATER),
        lambda: identified(call, resident),
    )

    after = reloaded(call)
    assert (after.state, after.accepted_by) == ("accepted", going.reference)
    assert (after.verified, after.resident) == (True, resident)
    asked = Delivery.objects.filter(cause=call.reference, asks=True, final_at=None)
    assert not asked.exists()


@pytest.mark.parametrize("_", range(TIMES))
def test_a_press_of_the_same_resident_leaves_one_open_call_with_both_presses(
    _: int,
) -> None:
    resident, call = a_resident(), a_strangers_call()

    at_once(
        lambda: open_call(press=a_press(resident), now=LATER),
        lambda: identified(call, resident),
    )

    running = EmergencyCall.objects.exclude(state="resolved").get(resident=resident)
    assert running.presses == 2
    assert running.due_at is not None


def test_a_press_that_is_being_committed_is_found_and_not_left_beside() -> None:
    resident, call = a_resident(), a_strangers_call()

    with (
        Held(lambda: open_call(press=a_press(resident), now=LATER)) as pressing,
        ThreadPoolExecutor(1) as pool,
    ):
        finding = pool.submit(on_own_connection, lambda: identified(call, resident).pk)
        time.sleep(WAITS_S)
        pressing.commit()
        goes_on = finding.result()

    running = EmergencyCall.objects.exclude(state="resolved").get(resident=resident)
    assert (running.pk, running.presses) == (goes_on, 2)
    assert reloaded(call).duplicate_of_id == running.pk


@pytest.mark.parametrize("_", range(TIMES))
def test_two_operators_who_find_different_people_are_not_both_right(_: int) -> None:
    one, other, call = a_resident(), a_resident(), a_strangers_call()

    answers = at_once(
        refused(lambda: identified(call, one)), refused(lambda: identified(call, other))
    )

    assert sorted(answers) == [False, True]


@pytest.mark.parametrize("_", range(TIMES))
def test_two_calls_of_one_person_become_one(_: int) -> None:
    resident = a_resident()
    calls = [a_strangers_call() for _ in range(2)]

    at_once(*[lambda each=each: identified(each, resident).pk for each in calls])

    running = EmergencyCall.objects.exclude(state="resolved").get(resident=resident)
    assert running.presses == 2
