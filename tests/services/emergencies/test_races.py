"""What several people and processes do to a call at the same moment leaves it whole."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.core.errors import DomainError
from notifications.models import Delivery
from services.emergencies import ladder, watching
from services.emergencies.actions import (
    Responder,
    accept_call,
    decline_call,
    hand_over,
    open_call,
    reopen_call,
    resolve_call,
)
from services.emergencies.models import EmergencyCall, StepRun
from tests.builders import (
    NOON,
    a_caregiver,
    a_caregiver_on_shift,
    a_contact,
    a_duty_phone,
    a_press,
    a_resident,
    reloaded,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 8
LATER = NOON + timedelta(seconds=30)


def tried(work: Callable[[], object]) -> Callable[[], bool]:
    """The same; a refusal is an answer."""

    def act() -> bool:
        try:
            work()
        except DomainError:
            return False
        return True

    return act


def open_questions(call: EmergencyCall, *, without: str = "") -> list[str]:
    """Who is still asked to go."""
    asked = Delivery.objects.filter(cause=call.reference, asks=True, state__in=Delivery.OPEN)
    return list(
        asked.filter(final_at=None).exclude(person=without).values_list("person", flat=True)
    )


def test_two_ticks_run_each_step_and_ring_each_duty_phone_once() -> None:
    for _ in range(TIMES):
        resident = a_resident()
        assert resident.area is not None
        a_contact(resident=resident, order=1)
        a_duty_phone(area=resident.area)
        open_call(press=a_press(resident), now=NOON)

    def tick() -> None:
        ladder.run_due(now=LATER)
        watching.ring_for_untaken(now=LATER)

    at_once(tick, tick, tick)

    assert StepRun.objects.filter(step=1).count() == TIMES
    assert Delivery.objects.filter(template="call_ask_contact").count() == TIMES
    assert Delivery.objects.filter(template="call_ask_duty").count() == TIMES


@pytest.mark.parametrize("_", range(TIMES))
def test_who_accepts_while_a_step_is_run_is_the_only_one_still_concerned(_: int) -> None:
    resident = a_resident()
    daughter = a_contact(resident=resident, order=1)
    a_caregiver_on_shift(near=resident)
    call = open_call(press=a_press(resident), now=NOON).call
    going = Responder.of_contact(daughter, by_phone=True)

    at_once(
        lambda: ladder.run_due(now=LATER),
        lambda: accept_call(reloaded(call), responder=going, now=LATER),
    )

    after = reloaded(call)
    assert (after.state, after.accepted_by) == ("accepted", going.reference)
    assert after.due_at is not None
    assert after.due_at > LATER
    assert open_questions(call, without=going.reference) == []


@pytest.mark.parametrize("_", range(TIMES))
def test_an_accept_and_the_end_of_a_call_at_once_leave_it_over(_: int) -> None:
    resident = a_resident()
    daughter = a_contact(resident=resident, order=1)
    a_contact(resident=resident, order=2)
    call = open_call(press=a_press(resident), now=NOON).call
    ladder.run_due(now=LATER)
    going = Responder.of_contact(daughter)

    at_once(
        tried(lambda: accept_call(reloaded(call), responder=going, now=LATER)),
        tried(lambda: resolve_call(reloaded(call), by="user:x", outcome="helped", now=LATER)),
    )

    after = reloaded(call)
    assert (after.state, after.due_at, after.duty_due_at) == ("resolved", None, None)
    assert open_questions(call) == []


@pytest.mark.parametrize("_", range(TIMES))
def test_a_press_while_the_call_is_closed_is_counted_on_it_or_opens_another(_: int) -> None:
    resident = a_resident()
    call = open_call(press=a_press(resident), now=NOON).call

    at_once(
        tried(lambda: open_call(press=a_press(resident), now=LATER)),
        tried(lambda: resolve_call(reloaded(call), by="user:x", outcome="helped", now=LATER)),
    )

    open_ones = EmergencyCall.objects.filter(resident=resident).exclude(state="resolved").count()
    counted = reloaded(call).presses - 1
    assert open_ones + counted == 1


@pytest.mark.parametrize("_", range(TIMES))
def test_a_reopening_and_a_new_press_at_once_leave_one_open_call(_: int) -> None:
    resident = a_resident()
    call = open_call(press=a_press(resident), now=NOON).call
    resolve_call(call, by="user:x", outcome="helped", now=NOON)

    at_once(
        tried(lambda: open_call(press=a_press(resident), now=LATER)),
        tried(lambda: reopen_call(reloaded(call), by="user:x", now=LATER)),
    )

    running = EmergencyCall.objects.exclude(state="resolved").get(resident=resident)
    assert running.due_at is not None


@pytest.mark.parametrize("_", range(TIMES))
def test_a_call_given_on_by_somebody_while_another_takes_it_stays_taken(_: int) -> None:
    resident = a_resident()
    daughter = a_contact(resident=resident, order=1)
    son = a_contact(resident=resident, order=2)
    caregiver = a_caregiver(area=resident.area)
    call = open_call(press=a_press(resident), now=NOON).call
    giver, taker = f"contact:{daughter.pk}", Responder.of_caregiver(caregiver)

    at_once(
        tried(lambda: hand_over(reloaded(call), by=giver, to=Responder.of_contact(son), now=LATER)),
        tried(lambda: accept_call(reloaded(call), responder=taker, now=LATER)),
    )

    after = reloaded(call)
    assert (after.state, after.accepted_by) == ("accepted", taker.reference)
    assert open_questions(call) == []


@pytest.mark.parametrize("_", range(TIMES))
def test_of_two_who_change_their_minds_at_once_somebody_goes_or_the_ladder_does(_: int) -> None:
    resident = a_resident()
    one, other = (a_contact(resident=resident, order=order) for order in (1, 2))
    call = open_call(press=a_press(resident), now=NOON).call
    ladder.run_due(now=LATER)
    accept_call(call, responder=Responder.of_contact(one), now=LATER)

    at_once(
        tried(lambda: decline_call(call, responder=Responder.of_contact(one), now=LATER)),
        tried(
            lambda: accept_call(reloaded(call), responder=Responder.of_contact(other), now=LATER)
        ),
    )

    after = reloaded(call)
    assert after.state in {"ringing", "accepted"}
    assert after.accepted_by == ("" if after.state == "ringing" else f"contact:{other.pk}")
    assert after.due_at is not None
