"""Nothing that comes through a public door breaks it: it is answered, and never with a 500.

The decoders of MQTT and of watches have their own (`devices/mqtt/test_decoding.py`,
`devices/watch/test_reading.py`); `make security` runs all of them longer.
"""

import json
import os
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.devices.ingest.doors import OBSERVATIONS, SOS, a_device_with_token, open_doors
from tests.notifications import twilio_hooks

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10"))
"""`make security` asks for more."""
often = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

texts = st.text(max_size=80)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
observations = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ["device", "metric", "value", "unit", "at", "seq", "id", "n", "v", "bn", "bt"], values
    ),
)
pleas = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("token", "phone", "name", "place", "position", "id"), values)
)


def as_bytes(sent: Any) -> bytes:
    """As a program of no great care would send it."""
    return sent if isinstance(sent, bytes) else json.dumps(sent).encode("utf-8", "surrogatepass")


bodies = st.binary(max_size=300) | (
    observations | st.lists(observations, max_size=3) | values | pleas
).map(as_bytes)
kinds = st.sampled_from(["application/json", "application/senml+json", "text/plain", ""])


@given(body=bodies, kind=kinds, is_known=st.booleans(), path=st.sampled_from(["", "/x", "?event="]))
@often
def ask_ingest(  # noqa: PLR0917 - hypothesis draws the last four
    doors: Any, token: str, body: bytes, kind: str, is_known: bool, path: str
) -> None:
    sent = {"token": token} if is_known else {}
    for door in (OBSERVATIONS, "/ingest/v1/chirpstack", "/ingest/v1/scaip"):
        answer = doors.post(door + path, body, **sent, Content_Type=kind)
        assert answer.status_code < 500 or answer.status_code == 503
    assert doors.post(SOS, body, Content_Type=kind).status_code == 202


def test_the_doors_of_devices_bear_anything_and_the_red_button_is_always_a_call() -> None:
    _device, token = a_device_with_token()
    with open_doors() as doors:
        ask_ingest(doors, token)


HOOKS = (
    "inbound-voice",
    "inbound-sms",
    "inbound-status",
    "voice/00000000-0000-0000-0000-000000000000",
    "gather/00000000-0000-0000-0000-000000000000?asked=9",
    "call-status/00000000-0000-0000-0000-000000000000",
    "message-status/00000000-0000-0000-0000-000000000000",
)
FIELDS = ("CallSid", "From", "To", "Digits", "CallStatus", "Body", "MessageSid", "MessageStatus")
plain = st.text(st.characters(codec="utf-8"), max_size=40)
forms = st.dictionaries(st.sampled_from(FIELDS), plain, max_size=len(FIELDS))


@given(form=forms, hook=st.sampled_from(HOOKS))
@often
def test_the_hooks_bear_any_signed_form(form: dict[str, str], hook: str) -> None:
    assert twilio_hooks.post(f"/{hook}", **form).status_code < 500


SIGN_INS = {
    "/sign-in/": ("phone", "next"),
    "/sign-in/code/": ("code", "next"),
    "/sign-in/staff/": ("username", "password", "next"),
    "/sign-in/second-factor/": ("code", "next"),
}


@given(said=st.lists(plain, min_size=3, max_size=3), path=st.sampled_from(sorted(SIGN_INS)))
@often
def test_the_forms_of_signing_in_bear_anything(said: list[str], path: str) -> None:
    browser = Client(raise_request_exception=False)
    form = dict(zip(SIGN_INS[path], said, strict=False))
    assert browser.post(path, form).status_code < 500
    as_json = {"username": said[0], "password": said[1], "totp": said[2]}
    asked = browser.post("/api/v1/auth/token/", as_json, content_type="application/json")
    assert asked.status_code in {401, 422, 429}
