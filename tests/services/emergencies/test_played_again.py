"""A key that somebody kept accepts no call a second time."""

from datetime import timedelta

import pytest

from notifications.models import Attempt
from notifications.recipients import contact_recipient
from services.emergencies.actions import hand_over
from services.emergencies.models import EmergencyCall
from tests.builders import (
    NOON,
    a_begun_attempt,
    a_contact,
    a_phone,
    a_resident,
    a_ringing_call,
    reloaded,
)
from tests.notifications.twilio_hooks import answer, post, press

pytestmark = pytest.mark.django_db


def a_contact_is_asked(call: EmergencyCall) -> Attempt:
    """A contact of the resident has the question of the call on the telephone."""
    assert call.resident is not None
    daughter = a_contact(resident=call.resident, phone=a_phone(), minutes_to_door=5)
    attempt = a_begun_attempt(
        cause=call.reference,
        to=contact_recipient(daughter),
        template="call_ask_contact",
        context={"who": "陈女士", "time": "12:00"},
    )
    answer(attempt)
    return attempt


def test_a_key_played_again_does_not_take_the_call_that_was_handed_over() -> None:
    call = a_ringing_call(resident=a_resident())
    attempt = a_contact_is_asked(call)
    press(attempt, "7")
    press(attempt, "1", asked=2)
    post(f"/call-status/{attempt.pk}", CallSid="CA1", CallStatus="completed")
    assert reloaded(call).state == "accepted"
    hand_over(reloaded(call), by=reloaded(call).accepted_by, to=None, now=NOON)

    for later in (timedelta(seconds=5), timedelta(minutes=5), timedelta(days=1)):
        for key, asked in (("7", 1), ("1", 2), ("7", 1), ("1", 2)):
            press(attempt, key, asked=asked, at=NOON + later)

    assert reloaded(call).state == "ringing"


def test_a_key_kept_from_a_call_that_has_ended_accepts_nothing() -> None:
    call = a_ringing_call(resident=a_resident())
    attempt = a_contact_is_asked(call)
    post(f"/call-status/{attempt.pk}", CallSid="CA1", CallStatus="completed")

    press(attempt, "1", at=NOON + timedelta(minutes=5))

    assert reloaded(call).state == "ringing"
