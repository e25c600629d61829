"""Sign-in codes go out as texts and are not readable afterwards."""

from datetime import timedelta

import pytest

from backend.core import clock
from notifications import codes, engine
from notifications.actions import report_status
from notifications.models import Delivery
from notifications.senders.states import AttemptState
from notifications.templates import render_text
from tests.builders import NOON, a_begun_attempt, a_phone, reloaded

pytestmark = pytest.mark.django_db


def test_a_code_is_owed_as_a_text_for_five_minutes() -> None:
    codes.send(a_phone(), "246810", "zh-hans", NOON)

    delivery = Delivery.objects.get()
    assert "246810" in render_text(delivery)
    assert "246810" not in str(delivery.context)
    assert delivery.expires_at == NOON + timedelta(minutes=5)


def test_a_code_that_arrived_is_forgotten() -> None:
    attempt = a_begun_attempt(channel="sms", asks=False, template="sign_in_code", secret="246810")

    report_status(attempt, AttemptState.SENT, now=NOON)
    assert reloaded(attempt.delivery).secret == "246810"
    report_status(attempt, AttemptState.DELIVERED, now=NOON)

    assert reloaded(attempt.delivery).secret == ""


def test_a_code_that_is_too_late_is_forgotten_unsent() -> None:
    codes.send(a_phone(), "246810", "zh-hans", NOON)

    with clock.set_to(NOON + timedelta(minutes=5)):
        engine.deliver_due()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.secret) == (Delivery.State.EXPIRED, "")
