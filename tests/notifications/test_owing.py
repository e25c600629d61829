"""A message owed is a row, once."""

from datetime import timedelta

import pytest

from backend.core.models import JournalEvent
from notifications import routes
from notifications.actions import Recipient, owe
from notifications.models import Channel, Delivery
from notifications.senders.twilio.sender import TWILIO_CAPABILITIES, make_sender
from tests.builders import NOON, a_delivery, a_phone

pytestmark = pytest.mark.django_db

TO = Recipient("contact:1", "王丽", "+8619000000001", "zh-hans")


def owed(**changed: object) -> Delivery | None:
    given: dict[str, object] = {
        "cause": "test:1",
        "step_run": "1.0",
        "to": TO,
        "channel": Channel.VOICE,
        "template": "test_question",
        "context": {},
        "asks": True,
        "priority": Delivery.Priority.EMERGENCY,
        "now": NOON,
    }
    return owe(**{**given, **changed})  # type: ignore[arg-type]


def test_a_step_run_owes_a_person_one_message_a_channel() -> None:
    first = owed()
    again = owed()
    by_text = owed(channel=Channel.SMS)
    next_round = owed(step_run="2.0")

    assert first is not None
    assert again is None
    assert by_text is not None
    assert next_round is not None
    assert first.due_at == NOON


def test_the_number_is_not_readable_in_the_database() -> None:
    phone = a_phone()
    delivery = a_delivery(phone=phone)

    stored = Delivery.objects.extra(select={"raw": "address"}).values_list("raw", flat=True)

    assert delivery.address == phone
    assert phone not in str(list(stored))


@pytest.mark.parametrize("address", ["", "+86190"])
def test_a_person_nobody_can_reach_is_a_failed_delivery_that_the_desk_sees(address: str) -> None:
    real_twilio = make_sender(
        account_sid="AC1", auth_token="t", from_number="+1", public_url="http://yian"
    )
    assert real_twilio.capabilities is TWILIO_CAPABILITIES

    with routes.only(real_twilio):
        delivery = owed(to=Recipient("contact:1", "王丽", address, "zh-hans"))

    assert delivery is not None
    assert (delivery.state, delivery.failure) == (Delivery.State.FAILED, "no_route")
    assert delivery.due_at is None
    event = JournalEvent.objects.get(subject="test:1")
    assert event.type == "delivery.failed"
    assert event.data["failure"] == "no_route"


def test_an_emergency_that_names_no_end_is_tried_for_ten_minutes() -> None:
    delivery = owed()

    assert delivery is not None
    assert delivery.expires_at == NOON + timedelta(minutes=10)
