"""POST /ingest/v1/sos: whatever is sent, it is a call."""

import asyncio
from typing import Any

import pytest

from backend.accounts.models import AccessToken, Role
from backend.core.errors import TooSlow
from devices.ingest.http import Receive, read_body
from services.emergencies.models import EmergencyCall
from tests.builders import HOME_LAT, NOON, a_resident, a_user, an_area, api_of
from tests.devices.ingest.doors import SOS, a_device_with_token, an_sos_token, open_doors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("in_header", [True, False])
def test_with_an_sos_token_it_is_the_residents_own_call_from_home(in_header: bool) -> None:
    resident = a_resident()
    token = an_sos_token(resident)
    with open_doors() as doors:
        if in_header:
            answer = doors.post(SOS, {}, token=token)
        else:
            answer = doors.post(SOS, {"token": token})

    call = EmergencyCall.objects.get()
    assert (answer.status_code, answer.json()) == (202, {"call": str(call.pk)})
    assert (call.verified, call.resident, call.household) == (True, resident, resident.household)
    assert (call.source_metric, call.place_lat) == ("sos", HOME_LAT)


def test_a_revoked_sos_token_still_makes_an_unverified_call() -> None:
    resident = a_resident()
    token = an_sos_token(resident)
    AccessToken.objects.update(revoked_at=NOON)
    with open_doors() as doors:
        answer = doors.post(SOS, {"token": token})

    assert answer.status_code == 202
    assert EmergencyCall.objects.get().verified is False


def test_without_a_login_it_is_an_unverified_call_with_what_is_claimed() -> None:
    with open_doors() as doors:
        claimed = {
            "phone": "190 0000 0001",
            "name": "陈桂英",
            "place": "五里新村 12 号",
            "position": {"lat": 31.5680, "lon": 120.3046, "datum": "GCJ-02"},
        }
        answer = doors.post(SOS, claimed)

    call = EmergencyCall.objects.get()
    assert answer.status_code == 202
    assert (call.verified, call.resident) == (False, None)
    assert (call.claimed_name, call.claimed_phone) == ("陈桂英", "190 0000 0001")
    assert (call.place_text, call.place_source) == ("五里新村 12 号", "claimed")
    assert call.place_lat == pytest.approx(31.5700, abs=0.0005)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\x00\xff\xfe",
        b"null",
        b"[[[[",
        b'{"phone":{"a":1},"name":7,"position":"here","token":[]}',
        b'{"name":"' + b"x" * 100_000,
        "名字=陈".encode("gbk"),
    ],
)
def test_any_rubbish_is_a_call(body: bytes) -> None:
    with open_doors() as doors:
        answer = doors.post(SOS, body)

    assert answer.status_code == 202
    assert EmergencyCall.objects.get().verified is False


def test_a_form_is_read_as_well() -> None:
    with open_doors() as doors:
        doors.post(SOS, "name=陈桂英&phone=19000000001".encode())

    assert EmergencyCall.objects.get().claimed_name == "陈桂英"


def test_calls_of_one_unknown_caller_collapse_and_those_of_two_do_not() -> None:
    with open_doors() as doors:
        for phone in ("19000000001", "+86 190 0000 0001", "19000000002"):
            doors.post(SOS, {"phone": phone})

    presses = EmergencyCall.objects.order_by("opened_at").values_list("presses", flat=True)
    assert list(presses) == [2, 1]


def test_who_knows_a_strangers_number_does_not_learn_the_key_of_their_call() -> None:
    an_area()
    with open_doors() as doors:
        first, *others = (doors.post(SOS, {"phone": "19000000001"}).json() for _ in range(3))

    call = EmergencyCall.objects.get()
    assert first == {"call": str(call.pk)}
    assert all(list(other) == ["call"] for other in others)
    assert len({first["call"], *(other["call"] for other in others)}) == 3
    assert {str(pk) for pk in call.receipts.values_list("pk", flat=True)} == {
        other["call"] for other in others
    }
    operator = api_of(a_user(role=Role.OPERATOR, area=call.area))
    for other in others:
        found = operator.get(f"/api/v1/calls/{other['call']}/").json()
        assert found["id"] == str(call.pk)


def test_the_same_request_of_a_stranger_sent_again_is_answered_the_same() -> None:
    with open_doors() as doors:
        doors.post(SOS, {"phone": "19000000001"})
        first, again = (
            doors.post(SOS, {"phone": "19000000001"}, idempotency_key="press 2") for _ in range(2)
        )

    assert first.json() == again.json()
    assert EmergencyCall.objects.get().presses == 2


def test_the_same_request_sent_again_is_one_press() -> None:
    token = an_sos_token(a_resident())
    with open_doors() as doors:
        first = doors.post(SOS, {}, token=token, idempotency_key="press 1")
        again = doors.post(SOS, {}, token=token, idempotency_key="press 1")

    assert first.json() == again.json()
    assert EmergencyCall.objects.get().presses == 1


def test_a_device_token_makes_it_the_call_of_the_devices_resident() -> None:
    device, token = a_device_with_token()
    with open_doors() as doors:
        doors.post(SOS, {}, token=token)

    call = EmergencyCall.objects.get()
    assert (call.verified, call.resident, call.source_device) == (True, device.resident, device.pk)


async def test_what_came_of_a_slow_or_broken_request_is_kept() -> None:
    def client(parts: list[dict[str, Any]]) -> Receive:
        async def receive() -> dict[str, Any]:
            if not parts:
                await asyncio.sleep(60)
            return parts.pop(0)

        return receive

    begun: dict[str, Any] = {"type": "http.request", "body": b'{"na', "more_body": True}
    slow: list[dict[str, Any]] = [begun]
    broken = [begun, {"type": "http.disconnect"}]

    for parts in (slow, broken):
        body = await read_body(client(parts), limit=100, within_s=0.05)
        assert body.data == b'{"na'
        assert isinstance(body.refusal, TooSlow)
