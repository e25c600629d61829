"""A press becomes one call, with everything it owes, or is counted on the open one."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from backend.core import hints, journal
from backend.core.models import JournalEvent
from notifications.models import Delivery
from services.emergencies.actions import (
    Press,
    Responder,
    accept_call,
    arrive,
    open_call,
    resolve_call,
)
from services.emergencies.models import EmergencyCall, EscalationPolicy, StepRun
from tests.builders import (
    NOON,
    a_caregiver_on_shift,
    a_press,
    a_resident,
    a_ringing_call,
    an_area,
    reloaded,
)

pytestmark = pytest.mark.django_db


def test_a_press_opens_a_ringing_call_with_its_place_first_step_and_first_delivery() -> None:
    resident = a_resident(phone="+8619000001111")

    opened = open_call(press=a_press(resident), now=NOON)

    call = reloaded(opened.call)
    assert opened.created
    assert call.state == "ringing"
    assert call.place_text == resident.household.address.text
    assert call.place_source == "home"
    assert StepRun.objects.get(call=call).step == 0
    heard = Delivery.objects.get(cause=call.reference)
    assert (heard.template, heard.person) == ("call_heard", f"resident:{resident.pk}")
    assert call.due_at == NOON + timedelta(seconds=30)


def test_a_second_press_is_shown_on_the_open_call_and_brings_the_next_step_forward() -> None:
    resident = a_resident()
    first = open_call(press=a_press(resident), now=NOON).call

    again = open_call(press=a_press(resident), now=NOON + timedelta(seconds=12))

    assert not again.created
    assert again.call.pk == first.pk
    assert reloaded(first).presses == 2
    assert reloaded(first).due_at == NOON + timedelta(seconds=12)
    types = JournalEvent.objects.filter(subject=first.reference).values_list("type", flat=True)
    assert "call.pressed_again" in types


def test_a_stuck_button_counts_but_does_not_race_through_the_ladder() -> None:
    resident = a_resident()
    first = open_call(press=a_press(resident), now=NOON).call

    for second in range(1, 6):
        open_call(press=a_press(resident), now=NOON + timedelta(seconds=second))

    assert reloaded(first).presses == 6
    assert reloaded(first).due_at == NOON + timedelta(seconds=30)


def test_smoke_calls_contacts_and_caregivers_without_the_first_wait() -> None:
    call = open_call(press=a_press(a_resident(), metric="smoke"), now=NOON).call

    assert reloaded(call).due_at == NOON


def test_a_press_after_the_call_is_resolved_is_a_new_call() -> None:
    resident = a_resident()
    first = open_call(press=a_press(resident), now=NOON).call
    resolve_call(first, by="user:x", outcome="helped", now=NOON)

    again = open_call(press=a_press(resident), now=NOON)

    assert again.created


def test_unknown_callers_are_unverified_and_collapsed_by_their_source() -> None:
    area = an_area()
    one = Press(metric="sos", verified=False, sender_key="198.51.100.7", claimed_name="A")

    first = open_call(press=one, now=NOON)
    second = open_call(press=one, now=NOON)

    assert first.created
    assert not second.created
    assert not first.call.verified
    assert first.call.area_path == area.path
    assert first.call.place_source == "unknown"
    assert first.call.policy["steps"][0]["to"] == ["operators"]


def test_an_emergency_on_an_open_service_call_starts_the_emergency_ladder() -> None:
    resident = a_resident(phone="+8619000001112")
    service = open_call(press=a_press(resident, metric="press", kind="service"), now=NOON).call

    open_call(press=a_press(resident), now=NOON)

    call = reloaded(service)
    assert call.kind == "emergency"
    assert call.source_metric == "sos"
    assert call.due_at == NOON + timedelta(seconds=30)
    heard = Delivery.objects.get(cause=call.reference)
    assert heard.template == "call_heard"


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_call() -> None:
    resident = a_resident()
    results: list[bool] = []
    barrier = threading.Barrier(8)

    def press() -> None:
        barrier.wait()
        results.append(open_call(press=a_press(resident), now=NOON).created)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [False] * 7 + [True]
    assert EmergencyCall.objects.get().presses == 8


def test_a_first_step_that_cannot_be_run_does_not_lose_the_call() -> None:
    resident = a_resident()
    assert resident.area is not None
    EscalationPolicy.objects.create(
        area=resident.area, steps=[{"to": ["nobody we know"], "wait_s": 0}], changed_at=NOON
    )

    call = open_call(press=a_press(resident), now=NOON).call

    assert reloaded(call).state == "ringing"
    assert reloaded(call).due_at is not None


def test_a_press_long_after_somebody_arrived_calls_people_again() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)
    arrive(call, by=f"caregiver:{caregiver.pk}", now=NOON)
    assert call.resident is not None

    soon, much_later = NOON + timedelta(minutes=10), NOON + timedelta(hours=20)
    open_call(press=a_press(call.resident), now=soon)
    assert reloaded(call).state == "arrived"
    open_call(press=a_press(call.resident), now=much_later)

    assert reloaded(call).state == "ringing"
    assert reloaded(call).due_at == much_later + timedelta(seconds=30)


def test_an_emergency_on_a_service_call_whose_helper_is_there_calls_people() -> None:
    resident = a_resident()
    service = open_call(press=a_press(resident, metric="press", kind="service"), now=NOON).call
    caregiver = a_caregiver_on_shift(near=resident)
    accept_call(service, responder=Responder.of_caregiver(caregiver), now=NOON)
    arrive(service, by=f"caregiver:{caregiver.pk}", now=NOON)

    open_call(press=a_press(resident), now=NOON)

    assert reloaded(service).state == "ringing"
    assert StepRun.objects.filter(call=service, round=2, step=0).exists()


def test_smoke_after_a_press_is_what_the_board_shows() -> None:
    resident = a_resident()
    call = open_call(press=a_press(resident), now=NOON).call

    open_call(press=a_press(resident, metric="smoke"), now=NOON)
    assert reloaded(call).source_metric == "smoke"
    open_call(press=a_press(resident), now=NOON)

    assert reloaded(call).source_metric == "smoke"


@pytest.mark.django_db(transaction=True)
def test_screens_are_to_be_told_of_a_press_at_once() -> None:
    resident = a_resident()
    with hints.listening(hints.JOURNAL_NUMBERED) as own:
        for _ in range(2):
            open_call(press=a_press(resident), now=NOON)
            while journal.number_committed():
                pass
            assert journal.AT_ONCE in hints.wait_for_words(own, at_most_s=1)
