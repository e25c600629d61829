"""The ladder climbs on the database's clock and has no end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from backend.core.models import JournalEvent
from notifications.models import Delivery
from services.emergencies import ladder
from services.emergencies.actions import (
    Press,
    Responder,
    accept_call,
    arrive,
    decline_call,
    mark_spoken,
    open_call,
    resolve_call,
    set_on_the_way,
    set_policy,
)
from services.emergencies.models import EmergencyCall
from tests.builders import (
    NOON,
    a_caregiver,
    a_caregiver_on_shift,
    a_contact,
    a_press,
    a_resident,
    a_ringing_call,
    an_area,
    reloaded,
)

pytestmark = pytest.mark.django_db


def asked(call: EmergencyCall) -> list[str]:
    """Who was asked by voice, in order."""
    asking = Delivery.objects.filter(cause=call.reference, asks=True, channel="voice")
    return list(asking.order_by("created_at").values_list("person", flat=True))


def test_after_thirty_seconds_the_first_contact_and_the_nearest_caregiver_are_asked() -> None:
    resident = a_resident()
    daughter = a_contact(resident=resident, order=1)
    a_contact(resident=resident, order=2)
    caregiver = a_caregiver_on_shift(near=resident)
    call = open_call(press=a_press(resident), now=NOON).call

    ladder.run_due(now=NOON + timedelta(seconds=29))
    assert asked(call) == []
    ladder.run_due(now=NOON + timedelta(seconds=30))

    assert set(asked(call)) == {f"contact:{daughter.pk}", f"caregiver:{caregiver.pk}"}


def test_an_unanswered_call_comes_round_again_and_again() -> None:
    resident = a_resident()
    daughter = a_contact(resident=resident, order=1)
    call = open_call(press=a_press(resident), now=NOON).call

    for minute in range(20):
        for second in range(0, 60, 5):
            ladder.run_due(now=NOON + timedelta(minutes=minute, seconds=second))

    rounds = [person for person in asked(call) if person == f"contact:{daughter.pk}"]
    assert len(rounds) >= 4
    assert reloaded(call).due_at is not None


def test_talking_with_the_resident_holds_the_family_back_but_not_for_ever() -> None:
    resident = a_resident()
    a_contact(resident=resident, order=1)
    call = open_call(press=a_press(resident), now=NOON).call
    mark_spoken(call, by="user:x", now=NOON + timedelta(seconds=20))

    ladder.run_due(now=NOON + timedelta(seconds=31))
    assert asked(call) == []
    ladder.run_due(now=NOON + timedelta(seconds=81))

    assert len(asked(call)) == 1


def test_a_step_that_is_run_twice_asks_once() -> None:
    resident = a_resident()
    a_contact(resident=resident, order=1)
    call = open_call(press=a_press(resident), now=NOON).call
    ladder.run_due(now=NOON + timedelta(seconds=30))

    again = reloaded(call)
    EmergencyCall.objects.filter(pk=call.pk).update(step=1, due_at=again.opened_at)
    ladder.run_due(now=NOON + timedelta(seconds=31))

    assert len(asked(call)) == 1


def test_nobody_on_the_way_within_three_minutes_arms_the_ladder_again() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)

    ladder.run_due(now=NOON + timedelta(seconds=179))
    assert reloaded(call).state == "accepted"
    ladder.run_due(now=NOON + timedelta(seconds=180))

    assert reloaded(call).state == "ringing"
    assert reloaded(call).accepted_by == ""


def test_no_arrival_in_the_stated_time_arms_the_ladder_again() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    accept_call(call, responder=Responder.of_caregiver(caregiver, minutes=8), now=NOON)
    by = f"caregiver:{caregiver.pk}"
    set_on_the_way(call, by=by, now=NOON + timedelta(minutes=1))

    ladder.run_due(now=NOON + timedelta(minutes=9, seconds=59))
    assert reloaded(call).state == "on_the_way"
    ladder.run_due(now=NOON + timedelta(minutes=10))

    assert reloaded(call).state == "ringing"


def test_after_arrival_nobody_is_called_any_more() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)
    arrive(call, by=f"caregiver:{caregiver.pk}", now=NOON + timedelta(minutes=2))

    assert ladder.run_due(now=NOON + timedelta(minutes=61)) == 0
    assert asked(call) == []
    assert reloaded(call).escalate_at is None


def a_call_with_somebody_there(*, by_contact: bool = False) -> EmergencyCall:
    """Somebody came two minutes after noon."""
    call = a_ringing_call()
    who = (
        Responder.of_contact(a_contact(resident=call.resident, minutes_to_door=1))
        if by_contact
        else Responder.of_caregiver(a_caregiver_on_shift(near=call.resident))
    )
    accept_call(call, responder=who, now=NOON)
    return arrive(call, by=who.reference, now=NOON + timedelta(minutes=2))


@pytest.mark.parametrize("by_contact", [False, True])
def test_who_has_arrived_is_asked_after_an_hour_whether_it_is_over(by_contact: bool) -> None:
    call = a_call_with_somebody_there(by_contact=by_contact)

    ladder.run_due(now=NOON + timedelta(minutes=61))
    assert asked_to_close(call) == []
    for minutes in (62, 62, 91, 92):
        ladder.run_due(now=NOON + timedelta(minutes=minutes))

    assert asked_to_close(call) == [call.accepted_by] * 2
    assert reloaded(call).state == "arrived"


def asked_to_close(call: EmergencyCall) -> list[str]:
    """Who was asked by text whether it is over."""
    texts = Delivery.objects.filter(cause=call.reference, template__startswith="call_close_")
    return list(texts.values_list("person", flat=True))


def test_the_desk_is_told_of_a_call_that_nobody_closes_also_when_nobody_can_be_asked() -> None:
    call = a_call_with_somebody_there()
    EmergencyCall.objects.filter(pk=call.pk).update(accepted_by_caregiver=None)

    ladder.run_due(now=NOON + timedelta(minutes=62))

    event = JournalEvent.objects.get(subject=call.reference, type="call.close_asked")
    assert event.data["asked"] is False
    assert asked_to_close(call) == []


def test_a_call_that_was_closed_asks_nobody() -> None:
    call = a_call_with_somebody_there()
    resolve_call(call, by="user:1", outcome="helped", now=NOON + timedelta(minutes=30))

    assert ladder.run_due(now=NOON + timedelta(hours=3)) == 0
    assert asked_to_close(call) == []


def test_when_all_who_were_asked_cannot_go_the_next_step_comes_at_once() -> None:
    resident = a_resident()
    daughter = a_contact(resident=resident, order=1)
    call = open_call(press=a_press(resident), now=NOON).call
    ladder.run_due(now=NOON + timedelta(seconds=30))

    decline_call(call, responder=Responder.of_contact(daughter), now=NOON + timedelta(seconds=40))

    assert reloaded(call).due_at == NOON + timedelta(seconds=40)


def test_a_running_call_keeps_the_policy_it_started_with() -> None:
    call = a_ringing_call()
    assert call.area is not None
    set_policy(
        call.area,
        steps=[{"to": "operators", "wait_s": 0}, {"to": "first_contact", "wait_s": 600}],
        by="user:x",
        now=NOON,
    )

    assert reloaded(call).policy["version"] == 0
    newer = open_call(press=a_press(a_resident(area=call.area)), now=NOON).call
    assert newer.policy["steps"][1]["wait_s"] == 600


def test_resolving_ends_the_ladder_and_every_open_question() -> None:
    resident = a_resident()
    a_contact(resident=resident, order=1)
    call = open_call(press=a_press(resident), now=NOON).call
    ladder.run_due(now=NOON + timedelta(seconds=30))

    resolve_call(call, by="user:x", outcome="helped", now=NOON + timedelta(seconds=40))

    assert ladder.run_due(now=NOON + timedelta(hours=1)) == 0
    owed = Delivery.objects.filter(cause=call.reference, asks=True)
    assert set(owed.values_list("state", flat=True)) == {"stopped"}


def test_a_call_that_cannot_go_on_does_not_hold_up_the_others() -> None:
    broken = a_ringing_call()
    EmergencyCall.objects.filter(pk=broken.pk).update(policy={"steps": [{}]}, due_at=NOON)
    EmergencyCall.objects.filter(pk=broken.pk).update(step=0)
    resident = a_resident()
    a_contact(resident=resident, order=1)
    fine = open_call(press=a_press(resident), now=NOON).call

    ladder.run_due(now=NOON + timedelta(seconds=30))

    assert len(asked(fine)) == 1
    due_at = reloaded(broken).due_at
    assert due_at is not None
    assert due_at > NOON + timedelta(seconds=30)


def test_a_step_that_cannot_be_run_is_left_out_and_the_later_ones_are_reached() -> None:
    resident = a_resident()
    daughter = a_contact(resident=resident, order=1)
    lead = a_caregiver(area=resident.area, kind="duty_lead")
    call = open_call(press=a_press(resident), now=NOON).call
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_contact SET phone = 'lost:key' WHERE id = %s", [daughter.pk])

    for second in (30, 90, 180):
        ladder.run_due(now=NOON + timedelta(seconds=second))

    assert asked(call) == [f"caregiver:{lead.pk}"]


def test_a_call_that_cannot_even_be_read_does_not_end_the_loop() -> None:
    unreadable = a_ringing_call()
    EmergencyCall.objects.filter(pk=unreadable.pk).update(due_at=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE emergencies_emergencycall SET place_text = 'lost:key' WHERE id = %s",
            [unreadable.pk],
        )
    resident = a_resident()
    a_contact(resident=resident, order=1)
    fine = open_call(press=a_press(resident), now=NOON).call

    ladder.run_due(now=NOON + timedelta(seconds=30))

    assert len(asked(fine)) == 1


def test_however_many_strangers_call_a_known_person_comes_first() -> None:
    an_area()
    strangers = [
        open_call(
            press=Press(metric="sos", verified=False, sender_key=f"198.51.100.{number}"), now=NOON
        ).call
        for number in range(3)
    ]
    EmergencyCall.objects.filter(pk__in=[each.pk for each in strangers]).update(due_at=NOON)
    resident = a_resident()
    a_contact(resident=resident, order=1)
    known = open_call(press=a_press(resident), now=NOON).call

    ladder.run_due(now=NOON + timedelta(seconds=60), limit=1)

    assert len(asked(known)) == 1


def test_the_database_itself_keeps_an_open_call_from_having_no_next_step() -> None:
    call = a_ringing_call()

    for state in ("ringing", "accepted", "on_the_way", "arrived"):
        with pytest.raises(IntegrityError), transaction.atomic():
            EmergencyCall.objects.filter(pk=call.pk).update(state=state, due_at=None)

    over = EmergencyCall.objects.filter(pk=call.pk)
    assert over.update(state="resolved", due_at=None) == 1


def test_who_sets_out_but_needs_longer_than_allowed_stops_nothing() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    accept_call(call, responder=Responder.of_caregiver(caregiver, minutes=10), now=NOON)

    later = NOON + timedelta(minutes=1)
    set_on_the_way(call, by=f"caregiver:{caregiver.pk}", minutes=240, now=later)

    assert reloaded(call).state == "ringing"
    assert reloaded(call).due_at == later
    assert call.offers.get(caregiver=caregiver).answer == "too_far"
    types = JournalEvent.objects.filter(subject=call.reference).values_list("type", flat=True)
    assert "call.accepted_from_afar" in types


def test_a_ladder_that_begins_again_rings_the_desk_again() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)
    assert reloaded(call).duty_due_at is None

    ladder.run_due(now=NOON + timedelta(minutes=3))

    assert reloaded(call).duty_due_at is not None
