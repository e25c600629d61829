"""The doors of the demo's telephones, straight and through the web process."""

import asyncio
import json
import threading
import time
from pathlib import Path

import httpx
import pytest

from notifications.senders.demo_phone.proxy import DemoPhoneProxy
from notifications.senders.demo_phone.settings import MissingSetting, Settings, read_settings
from notifications.senders.port import OutgoingCall, OutgoingText
from notifications.senders.twilio.sender import TwilioSender
from tests.notifications.senders.hook_server import HookServer
from tests.notifications.senders.phone_server import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    Telephones,
    http,
    running_telephones,
)

NUMBER = "+8613912345678"


def through_proxy(
    upstream: str | None, method: str, path: str, body: bytes = b""
) -> httpx.Response:
    """One request to the proxy as the web process makes it."""

    async def ask() -> httpx.Response:
        proxy = DemoPhoneProxy(upstream)
        transport = httpx.ASGITransport(proxy)
        async with httpx.AsyncClient(transport=transport, base_url="http://web") as client:
            response = await client.request(method, path, content=body)
        await proxy.aclose()
        return response

    return asyncio.run(ask())


def test_events_are_told_once_and_those_before_are_not_told_again(
    sender: TwilioSender, telephones: Telephones
) -> None:
    sender.send(OutgoingText(attempt="7", to=NUMBER, body="一"))
    first = telephones.wait_for(NUMBER, "text.received")
    sender.send(OutgoingText(attempt="8", to=NUMBER, body="二"))

    second = telephones.wait_for(NUMBER, "text.received", since=first["seq"])

    assert (second["text"], second["call_sid"]) == ("二", None)
    assert set(second) == {"seq", "at", "type", "call_sid", "text", "language", "from"}
    assert telephones.events(NUMBER, since=second["seq"]) == []


def test_who_waits_for_news_hears_it_at_once(sender: TwilioSender, telephones: Telephones) -> None:
    sender.send(OutgoingCall(attempt="7", to=NUMBER))
    ringing = telephones.wait_for(NUMBER, "call.ringing")
    started = time.monotonic()
    hangup = threading.Timer(0.4, telephones.act, (NUMBER, "hangup"))
    hangup.start()

    [ended] = telephones.events(NUMBER, since=ringing["seq"], wait_s=8)

    assert ended["type"] == "call.ended"
    assert 0.4 <= time.monotonic() - started < 4
    hangup.join()


def test_the_news_of_all_telephones_come_in_one_order_with_their_numbers(
    sender: TwilioSender, telephones: Telephones
) -> None:
    other = "+8613912345679"
    heard = 0
    for attempt, number in enumerate((NUMBER, other, NUMBER)):
        sender.send(OutgoingText(attempt=str(attempt), to=number, body=str(attempt)))
        heard = telephones.wait_for(number, "text.received", since=heard)["seq"]

    told = http.get(f"{telephones.url}/demo/v1/events").json()["events"]
    first = told[0]["seq"]
    later = http.get(f"{telephones.url}/demo/v1/events", params={"since": first}).json()["events"]

    assert [(event["number"], event["text"]) for event in told] == [
        (NUMBER, "0"),
        (other, "1"),
        (NUMBER, "2"),
    ]
    assert later == told[1:]


def test_the_list_shows_which_telephone_rings(sender: TwilioSender, telephones: Telephones) -> None:
    sent = sender.send(OutgoingCall(attempt="7", to=NUMBER))
    telephones.wait_for(NUMBER, "call.ringing")

    [phone] = http.get(f"{telephones.url}/demo/v1/phones/").json()["phones"]

    assert phone == {
        "number": NUMBER,
        "label": "",
        "call_sid": sent.provider_id,
        "call_status": "ringing",
    }


@pytest.mark.parametrize(
    ("door", "body", "status", "code"),
    [
        ("keys", {"digits": "1"}, 404, "no_call"),
        ("keys", {"digits": "1", "call_sid": "CA1"}, 404, "no_call"),
        ("keys", {"digits": "one"}, 422, "no_keys"),
        ("keys", {}, 422, "no_keys"),
        ("answer", {}, 404, "no_call"),
        ("texts", {"body": " "}, 422, "body_missing"),
        ("fax", {}, 404, "not_found"),
    ],
)
def test_what_cannot_be_done_is_refused_in_plain_words(
    telephones: Telephones, door: str, body: dict[str, object], status: int, code: str
) -> None:
    refusal = telephones.act(NUMBER, door, **body)

    assert (refusal.status_code, refusal.json()["code"]) == (status, code)
    assert refusal.headers["content-type"] == "application/problem+json"


def test_a_call_of_another_telephone_cannot_be_answered(
    sender: TwilioSender, telephones: Telephones
) -> None:
    sent = sender.send(OutgoingCall(attempt="7", to=NUMBER))
    telephones.wait_for(NUMBER, "call.ringing")

    refusal = telephones.act("+8613900000000", "keys", digits="1", call_sid=sent.provider_id)

    assert refusal.json()["code"] == "no_call"


def test_a_call_that_is_over_takes_no_keys(sender: TwilioSender, telephones: Telephones) -> None:
    sent = sender.send(OutgoingCall(attempt="7", to=NUMBER))
    telephones.wait_for(NUMBER, "call.ringing")
    telephones.act(NUMBER, "hangup")
    telephones.wait_for(NUMBER, "call.ended")

    refusal = telephones.act(NUMBER, "keys", digits="1", call_sid=sent.provider_id)

    assert (refusal.status_code, refusal.json()["code"]) == (409, "call_over")


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff\x00", b"x" * 70_000])
def test_rubbish_is_refused_and_the_server_goes_on(telephones: Telephones, body: bytes) -> None:
    url = f"{telephones.url}/demo/v1/phones/{NUMBER}/keys"

    assert http.post(url, content=body).status_code in {400, 413}
    assert http.get(f"{telephones.url}/healthz").status_code == 200


def test_the_api_knows_only_its_own_account(telephones: Telephones) -> None:
    url = f"{telephones.url}/2010-04-01/Accounts/AC1/Calls.json"

    guess, own = httpx.BasicAuth("AC1", "guess"), httpx.BasicAuth(ACCOUNT_SID, AUTH_TOKEN)
    for auth in (httpx.Auth(), guess, own):
        refusal = http.post(url, auth=auth, data={"To": NUMBER})
        assert (refusal.status_code, refusal.json()["code"]) == (401, 20003)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, 21201),
        ({"To": "nobody"}, 21211),
        ({"To": NUMBER}, 21205),
        ({"To": NUMBER, "Url": "http://127.0.0.1:1/"}, 21213),
        ({"To": NUMBER, "Url": "http://127.0.0.1:1/", "From": "+1", "Timeout": "soon"}, 20001),
    ],
)
def test_the_api_refuses_a_call_with_twilios_codes(
    telephones: Telephones, form: dict[str, str], code: int
) -> None:
    url = f"{telephones.url}/2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json"

    refusal = http.post(url, auth=(ACCOUNT_SID, AUTH_TOKEN), data=form)

    assert (refusal.status_code, refusal.json()["code"]) == (400, code)


def test_the_web_process_passes_a_telephone_on(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    sender.send(OutgoingCall(attempt="7", to=NUMBER))
    path = f"/demo/v1/phones/{NUMBER}"

    events = through_proxy(telephones.url, "GET", f"{path}/events?since=0&wait=5")
    keys = through_proxy(telephones.url, "POST", f"{path}/keys", b'{"digits": "1"}')

    assert events.json()["events"][0]["type"] == "call.ringing"
    assert keys.status_code == 202
    hooks.wait_for("/hooks/v1/twilio/voice/7")


def test_without_a_demo_there_is_nothing_to_pass_on() -> None:
    assert through_proxy(None, "GET", "/demo/v1/phones/").status_code == 404


def test_telephones_that_are_down_are_said_to_be() -> None:
    refusal = through_proxy("http://127.0.0.1:1", "GET", "/demo/v1/phones/")

    assert (refusal.status_code, refusal.json()["code"]) == (502, "demo_phones_down")


def test_the_telephones_of_the_seed_are_listed_with_their_labels(tmp_path: Path) -> None:
    labels = tmp_path / "labels.json"
    labels.write_text(json.dumps([{"number": NUMBER, "label": "王敏(女儿)"}]), "utf-8")

    with running_telephones(labels=labels) as telephones:
        [phone] = http.get(f"{telephones.url}/demo/v1/phones/").json()["phones"]

    assert (phone["number"], phone["label"]) == (NUMBER, "王敏(女儿)")


def test_the_settings_come_from_the_environment() -> None:
    environment = {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t",
        "TWILIO_FROM": "",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "DEMO_PHONES_LABELS": "/labels.json",
        "DEMO_PHONES_PACE": "0.5",
    }

    assert read_settings(environment) == Settings(
        account_sid="AC1",
        auth_token="t",
        public_url="http://127.0.0.1:8000",
        labels=Path("/labels.json"),
        pace=0.5,
    )


def test_without_a_token_the_server_says_which_variable_it_misses() -> None:
    with pytest.raises(MissingSetting, match="TWILIO_AUTH_TOKEN"):
        read_settings({"TWILIO_ACCOUNT_SID": "AC1"})
