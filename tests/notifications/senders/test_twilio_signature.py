"""Whether a callback is Twilio's."""

import pytest
from twilio.request_validator import RequestValidator

from notifications.senders.twilio.signature import is_genuine

TOKEN, PUBLIC_URL, PATH = "secret", "https://yian.example", "/hooks/v1/twilio/gather/7"
FORM = {"CallSid": "CA1", "Digits": "1"}
SIGNATURE = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + PATH, FORM)


def genuine(**changed: object) -> bool:
    given: dict[str, object] = {
        "auth_token": TOKEN,
        "public_url": PUBLIC_URL,
        "path": PATH,
        "form": FORM,
        "signature": SIGNATURE,
    }
    return is_genuine(**{**given, **changed})  # type: ignore[arg-type]


def test_what_twilio_signed_is_genuine() -> None:
    assert genuine()
    assert genuine(public_url=PUBLIC_URL + "/")


@pytest.mark.parametrize(
    "changed",
    [
        {"form": {**FORM, "Digits": "2"}},
        {"form": {"CallSid": "CA1"}},
        {"path": "/hooks/v1/twilio/gather/8"},
        {"path": PATH + "?a=1"},
        {"public_url": "http://yian.example"},
        {"auth_token": "guessed"},
        {"signature": ""},
        {"signature": None},
        {"signature": "签名"},
    ],
)
def test_anything_else_is_not(changed: dict[str, object]) -> None:
    assert not genuine(**changed)
