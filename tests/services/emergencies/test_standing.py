"""How a call stands, told to the resident, the family and strangers."""

from datetime import timedelta

import pytest
from django.utils import translation

from services.emergencies import ladder, standing
from services.emergencies.actions import (
    Responder,
    accept_call,
    arrive,
    resolve_call,
    set_on_the_way,
    take_call,
)
from services.emergencies.standing import Stage, Standing
from tests.builders import NOON, a_caregiver_on_shift, a_contact, a_ringing_call, reloaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


def words(told: Standing) -> list[str]:
    return [told.headline, told.detail]


def test_a_call_is_told_from_the_press_to_the_end() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    going = Responder.of_caregiver(caregiver, minutes=8)
    told = [standing.to_resident(call, now=NOON)]

    call.due_at = NOON + timedelta(seconds=30)
    ladder.take_step(call, now=NOON + timedelta(seconds=30))
    told.append(standing.to_resident(call, now=NOON))
    call = accept_call(call, responder=going, now=NOON)
    told.append(standing.to_resident(call, now=NOON))
    call = set_on_the_way(call, by=going.reference, now=NOON)
    told.append(standing.to_resident(call, now=NOON + timedelta(minutes=3)))
    call = arrive(call, by=going.reference, now=NOON)
    told.append(standing.to_resident(call, now=NOON))
    call = resolve_call(call, by=going.reference, outcome="helped", now=NOON)
    told.append(standing.to_resident(call, now=NOON))

    assert [each.stage for each in told] == [
        Stage.HEARD,
        Stage.LOOKING,
        Stage.COMING,
        Stage.ON_THE_WAY,
        Stage.THERE,
        Stage.OVER,
    ]
    assert words(told[0]) == ["We have your call.", "The care centre will ring you at once."]
    assert words(told[2]) == ["王敏 is coming to you.", "In about 8 minutes, at 12:08."]
    assert told[3].detail == "In about 5 minutes, at 12:08."
    assert told[4].headline == "王敏 is with you."
    assert told[5].headline == "Your call is over. You were helped."


def test_a_responder_who_named_no_time_is_told_by_the_limit() -> None:
    call = a_ringing_call()
    going = Responder.of_caregiver(a_caregiver_on_shift(near=call.resident))

    call = accept_call(call, responder=going, now=NOON)

    assert standing.to_resident(call, now=NOON).detail == "By 12:30 at the latest."


def test_a_responder_who_is_late_is_told_as_due_at_any_moment() -> None:
    call = a_ringing_call()
    going = Responder.of_caregiver(a_caregiver_on_shift(near=call.resident), minutes=5)
    call = accept_call(call, responder=going, now=NOON)

    told = standing.to_resident(call, now=NOON + timedelta(minutes=6))

    assert told.detail == "It can only be moments now."


def test_a_second_round_says_that_we_go_on() -> None:
    call = a_ringing_call()
    ladder.rearm(call, why="not_arrived", now=NOON)

    told = standing.to_resident(reloaded(call), now=NOON)

    assert told.stage is Stage.STILL_LOOKING


def test_an_operator_who_took_the_call_is_told_of() -> None:
    call = take_call(a_ringing_call(), by="user:1", name="周燕", now=NOON)

    told = standing.to_resident(call, now=NOON)

    assert told.detail == "The care centre is looking after it."
    assert [step.text for step in told.steps] == [
        "Help was called for.",
        "周燕 at the care centre has the call.",
    ]


def test_a_stranger_is_told_no_names() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    call = accept_call(call, responder=Responder.of_caregiver(caregiver, minutes=5), now=NOON)

    told = standing.to_stranger(call, now=NOON)

    assert told.headline == "Somebody is coming to you."
    assert told.steps == ()


def test_a_contact_who_goes_is_spoken_to_and_the_others_are_told_who_goes() -> None:
    call = a_ringing_call()
    assert call.resident is not None
    daughter = a_contact(resident=call.resident)
    call = accept_call(call, responder=Responder.of_contact(daughter, minutes=5), now=NOON)

    to_her = standing.to_family(call, who="Ms Chen", now=NOON, is_responder=True)
    to_others = standing.to_family(call, who="Ms Chen", now=NOON)

    assert to_her.headline == "You are going to Ms Chen."
    assert to_others.headline == "王丽 is going to Ms Chen."
