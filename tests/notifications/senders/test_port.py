"""What a sender says it can do."""

import pytest

from notifications.senders.port import Capabilities, Channel
from notifications.senders.twilio.sender import ANYWHERE, TWILIO_CAPABILITIES, make_sender

MOBILE, ABROAD = "+8613912345678", "+4915112345678"
LANDLINES = ("+8651088123456", "+861065551234", "+862155512345", "+8653188123456")


def sender_capabilities(api_base: str | None) -> Capabilities:
    sender = make_sender(
        account_sid="AC0", auth_token="t", from_number="+15", public_url="", api_base=api_base
    )
    return sender.capabilities


def test_twilio_rings_abroad_but_not_the_mainland() -> None:
    twilio = sender_capabilities(None)

    assert twilio.reaches(Channel.VOICE, ABROAD)
    assert not twilio.reaches(Channel.VOICE, MOBILE)
    assert twilio.reaches(Channel.SMS, MOBILE)


def test_a_server_of_our_own_rings_everybody() -> None:
    assert sender_capabilities("http://127.0.0.1:1").reaches(Channel.VOICE, MOBILE)


@pytest.mark.parametrize("landline", LANDLINES)
def test_a_landline_gets_calls_and_no_texts(landline: str) -> None:
    assert not ANYWHERE.reaches(Channel.SMS, landline)
    assert ANYWHERE.reaches(Channel.VOICE, landline)


def test_a_channel_that_a_sender_has_not_reaches_nobody() -> None:
    texts_only = Capabilities(channels=frozenset({Channel.SMS}))

    assert not texts_only.reaches(Channel.VOICE, ABROAD)
    assert TWILIO_CAPABILITIES.reaches(Channel.VOICE, ABROAD)
