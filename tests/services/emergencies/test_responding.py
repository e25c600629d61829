"""The first who is going has the call; everybody else learns so."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from backend.core.models import JournalEvent
from notifications.models import Delivery
from services.emergencies import ladder
from services.emergencies.actions import (
    Responder,
    accept_call,
    arrive,
    hand_over,
    open_call,
    reopen_call,
    resolve_call,
    set_on_the_way,
)
from services.emergencies.errors import CallClosed, CallOpen, CallTaken, NotYours
from services.emergencies.models import EmergencyCall
from tests.builders import (
    NOON,
    a_caregiver_on_shift,
    a_contact,
    a_phone,
    a_press,
    a_resident,
    a_ringing_call,
    reloaded,
)

pytestmark = pytest.mark.django_db


def test_the_first_responder_gets_the_call_and_the_second_is_told() -> None:
    call = a_ringing_call()
    first, second = (a_caregiver_on_shift(near=call.resident) for _ in range(2))

    accept_call(call, responder=Responder.of_caregiver(first), now=NOON)
    with pytest.raises(CallTaken) as refused:
        accept_call(call, responder=Responder.of_caregiver(second), now=NOON)

    assert refused.value.data["accepted_by"] == f"caregiver:{first.pk}"
    assert reloaded(call).accepted_by_caregiver == first


def test_accepting_ones_own_call_again_changes_nothing() -> None:
    call = a_ringing_call()
    caregiver = Responder.of_caregiver(a_caregiver_on_shift(near=call.resident))
    accept_call(call, responder=caregiver, now=NOON)
    events = JournalEvent.objects.count()

    accept_call(call, responder=caregiver, now=NOON + timedelta(seconds=5))

    assert reloaded(call).accepted_at == NOON
    assert JournalEvent.objects.count() == events


def test_accepting_from_afar_is_recorded_and_stops_nothing() -> None:
    call = a_ringing_call()
    son = a_contact(resident=call.resident, minutes_to_door=90)

    accept_call(call, responder=Responder.of_contact(son), now=NOON)

    assert reloaded(call).state == "ringing"
    assert reloaded(call).due_at is not None
    assert call.offers.get(contact=son).answer == "too_far"


def test_the_family_that_was_asked_and_the_resident_are_told_who_comes() -> None:
    resident = a_resident(phone="+8619000001113")
    daughter = a_contact(resident=resident, order=1)
    caregiver = a_caregiver_on_shift(near=resident)
    call = open_call(press=a_press(resident), now=NOON).call
    ladder.run_due(now=NOON + timedelta(seconds=30))

    accept_call(call, responder=Responder.of_caregiver(caregiver, minutes=8), now=NOON)

    told = Delivery.objects.filter(cause=call.reference, step_run="accepted.1")
    assert {(each.person, each.template) for each in told} == {
        (f"contact:{daughter.pk}", "call_family_accepted"),
        (f"resident:{resident.pk}", "call_someone_comes_in"),
    }
    question = Delivery.objects.get(person=f"contact:{daughter.pk}", asks=True, channel="voice")
    assert question.state == "stopped"


def test_everybody_who_was_offered_the_call_sees_the_accept() -> None:
    resident = a_resident()
    a_contact(resident=resident, order=1)
    caregiver = a_caregiver_on_shift(near=resident)
    call = open_call(press=a_press(resident), now=NOON).call
    ladder.run_due(now=NOON + timedelta(seconds=30))

    accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)

    event = JournalEvent.objects.get(type="call.accepted")
    assert set(event.audience) == set(call.offers.values_list("person", flat=True))


def test_only_the_responder_or_the_desk_says_on_the_way_and_arrived() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)

    with pytest.raises(NotYours):
        set_on_the_way(call, by="caregiver:somebody-else", now=NOON)
    set_on_the_way(call, by=f"caregiver:{caregiver.pk}", now=NOON)
    arrive(call, by="user:desk", now=NOON)

    assert reloaded(call).state == "arrived"


def test_a_call_given_on_rings_again_and_asks_the_next_one_first() -> None:
    call = a_ringing_call()
    first, second = (a_caregiver_on_shift(near=call.resident) for _ in range(2))
    accept_call(call, responder=Responder.of_caregiver(first), now=NOON)

    hand_over(call, by=f"caregiver:{first.pk}", to=Responder.of_caregiver(second), now=NOON)

    assert reloaded(call).state == "ringing"
    question = Delivery.objects.filter(person=f"caregiver:{second.pk}", asks=True)
    assert question.filter(state="owed").exists()


def test_a_closed_call_can_be_opened_again_unless_a_newer_one_is_open() -> None:
    call = a_ringing_call()
    resolve_call(call, by="user:x", outcome="false_alarm", now=NOON)
    with pytest.raises(CallClosed):
        resolve_call(call, by="user:x", outcome="helped", now=NOON)

    reopened = reopen_call(call, by="user:x", now=NOON)
    assert reopened.state == "ringing"
    assert reopened.due_at == NOON

    resolve_call(reopened, by="user:x", outcome="helped", now=NOON)
    assert call.resident is not None
    open_call(press=a_press(call.resident), now=NOON)
    with pytest.raises(CallOpen):
        reopen_call(call, by="user:x", now=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_accept_at_the_same_moment_exactly_one_has_the_call() -> None:
    call = a_ringing_call()
    caregivers = [a_caregiver_on_shift(near=call.resident) for _ in range(8)]
    won: list[str] = []
    barrier = threading.Barrier(8)

    def accept(index: int) -> None:
        responder = Responder.of_caregiver(caregivers[index])
        barrier.wait()
        try:
            accept_call(EmergencyCall(pk=call.pk), responder=responder, now=NOON)
            won.append(responder.reference)
        except CallTaken:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert reloaded(call).accepted_by == won[0]


def open_notices(call: EmergencyCall) -> list[str]:
    """What the resident is still to be rung for."""
    told = Delivery.objects.filter(cause=call.reference, person__startswith="resident:")
    return list(told.filter(state__in=Delivery.OPEN).values_list("template", flat=True))


def test_a_resident_is_rung_only_for_how_it_stands_now() -> None:
    resident = a_resident(phone=a_phone())
    call = open_call(press=a_press(resident), now=NOON).call
    caregiver = a_caregiver_on_shift(near=resident)

    accept_call(call, responder=Responder.of_caregiver(caregiver, minutes=5), now=NOON)
    assert open_notices(call) == ["call_someone_comes_in"]

    for seconds in (0, 1):
        ladder.run_due(now=NOON + timedelta(minutes=3, seconds=seconds))
    assert open_notices(call) == ["call_still_looking"]

    resolve_call(reloaded(call), by="user:x", outcome="helped", now=NOON + timedelta(minutes=4))
    assert open_notices(call) == []


def test_a_person_who_has_nobody_is_called_for_round_after_round() -> None:
    resident = a_resident(phone="")
    call = open_call(press=a_press(resident), now=NOON).call

    for minute in range(30):
        ladder.run_due(now=NOON + timedelta(minutes=minute))

    assert reloaded(call).round > 3
    assert reloaded(call).due_at is not None


def test_a_contact_who_is_taken_off_the_list_while_going_leaves_the_call_on_its_clock() -> None:
    resident = a_resident()
    daughter = a_contact(resident=resident, order=1)
    call = open_call(press=a_press(resident), now=NOON).call
    going = Responder.of_contact(daughter, minutes=5, by_phone=True)
    accept_call(call, responder=going, now=NOON)

    daughter.delete()
    ladder.run_due(now=NOON + timedelta(minutes=7))

    assert reloaded(call).state == "ringing"
