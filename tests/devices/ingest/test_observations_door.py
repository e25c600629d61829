"""POST /ingest/v1/observations: what is taken, what is refused, and what is a call in any case."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from backend.accounts import tokens
from backend.core.precedence import Precedence
from backend.core.room import ROOM
from devices.ingest import intake
from devices.models import Reading
from services.alerts.models import Alert
from services.emergencies.models import EmergencyCall
from tests.builders import HOME_LAT, NOON, a_device, a_household, a_resident
from tests.devices.ingest.doors import (
    OBSERVATIONS,
    a_device_with_token,
    an_sos_token,
    open_doors,
    readings_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

AT = "2026-11-23T03:59:00Z"


def test_one_observation_is_stored_as_it_was_sent() -> None:
    device, token = a_device_with_token(kind="bed")
    with open_doors() as doors:
        answer = doors.send({"metric": "heart_rate_bpm", "value": 72, "at": AT}, token=token)

    assert answer.status_code == 200
    assert answer.json() == {"accepted": 1, "duplicates": 0, "rejected": [], "calls": []}
    stored = Reading.objects.get(device=device)
    assert (stored.metric, stored.value, stored.text) == ("heart_rate_bpm", 72.0, None)
    assert (stored.at, stored.received_at) == (NOON - timedelta(minutes=1), NOON)


def test_truth_text_and_objects_are_stored_each_in_its_way() -> None:
    device, token = a_device_with_token(kind="watch")
    with open_doors() as doors:
        doors.send(
            [
                {"metric": "motion", "value": True, "at": AT},
                {"metric": "note", "value": "a\tb\\N\n\\.", "at": AT},
                {"metric": "position", "value": {"lat": 31.5, "lon": 120.3}, "at": AT},
            ],
            token=token,
        )

    assert readings_of(device) == [
        ("motion", 1.0, None),
        ("note", None, "a\tb\\N\n\\."),
        ("position", None, '{"lat":31.5,"lon":120.3}'),
    ]


def test_senml_is_read_by_its_content_type() -> None:
    device, token = a_device_with_token(kind="bed")
    pack = [{"bn": f"{device.pk}/", "n": "temperature", "u": "Cel", "v": 21.5, "t": -60}]
    with open_doors() as doors:
        answer = doors.send(pack, token=token, content_type="application/senml+json")

    assert answer.json()["accepted"] == 1
    assert readings_of(device) == [("temperature_celsius", 21.5, None)]


def test_the_same_message_again_is_a_duplicate_and_stored_once() -> None:
    device, token = a_device_with_token(kind="motion")
    message = {"metric": "motion", "value": True, "seq": 7, "at": AT}
    with open_doors() as doors:
        doors.send(message, token=token)
        answer = doors.send([message, message], token=token)

    assert answer.status_code == 200
    assert answer.json() == {"accepted": 0, "duplicates": 2, "rejected": [], "calls": []}
    assert len(readings_of(device)) == 1


def test_a_message_without_identity_is_never_a_duplicate() -> None:
    device, token = a_device_with_token(kind="motion")
    with open_doors() as doors:
        for _ in range(2):
            answer = doors.send({"metric": "motion", "value": True}, token=token)

    assert answer.json()["accepted"] == 1
    assert len(readings_of(device)) == 2


def test_a_refused_neighbour_costs_no_other_and_is_named_by_its_index() -> None:
    device, token = a_device_with_token(kind="motion")
    sent = [
        {"metric": "motion", "value": True, "at": AT},
        {"metric": "Not A Metric", "value": 1},
        "rubbish",
        {"device": "somebody else's", "metric": "motion", "value": True},
        {"metric": "humidity_percent", "value": 40, "at": AT},
    ]
    with open_doors() as doors:
        answer = doors.send(sent, token=token)

    assert answer.status_code == 200
    assert answer.json()["accepted"] == 2
    assert answer.json()["rejected"] == [
        {"index": 1, "code": "bad_metric"},
        {"index": 2, "code": "not_an_object"},
        {"index": 3, "code": "unknown_device"},
    ]
    assert [metric for metric, _, _ in readings_of(device)] == ["humidity_percent", "motion"]


def test_a_gateway_speaks_for_its_devices_by_identifier_and_by_name_and_for_no_other() -> None:
    resident = a_resident()
    gateway, token = a_device_with_token(resident=resident, kind="gateway")
    behind = a_device(resident=resident, kind="motion", gateway=gateway, external_id="hall")
    other = a_device(kind="motion")
    sent = [
        {"device": str(behind.pk), "metric": "motion", "value": True},
        {"device": "hall", "metric": "motion", "value": False},
        {"device": str(other.pk), "metric": "motion", "value": True},
        {"metric": "motion", "value": True},
    ]
    with open_doors() as doors:
        answer = doors.send(sent, token=token)

    assert answer.json()["accepted"] == 2
    assert answer.json()["rejected"] == [
        {"index": 2, "code": "unknown_device"},
        {"index": 3, "code": "no_device"},
    ]
    assert len(readings_of(behind)) == 2
    assert readings_of(other) == []


@pytest.mark.parametrize("sent", [b"", b"{", b"\xff\x00\xfe", b"[]", b"[1, 2]", b'"help me not"'])
def test_a_message_in_which_nothing_is_usable_is_refused_with_a_reason(sent: bytes) -> None:
    _, token = a_device_with_token()
    with open_doors() as doors:
        answer = doors.send(sent, token=token)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "nothing_usable"


@pytest.mark.parametrize(
    "token",
    ["", "nonsense", tokens.new("dev"), tokens.new("gw")],
    ids=["none", "nonsense", "unknown device's", "unknown gateway's"],
)
def test_a_wrong_token_stores_nothing(token: str) -> None:
    device = a_device(kind="motion")
    with open_doors() as doors:
        answer = doors.send(
            {"device": str(device.pk), "metric": "motion", "value": True}, token=token
        )

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "bad_credentials"
    assert readings_of(device) == []
    assert not EmergencyCall.objects.exists()


def test_the_token_of_somebodys_red_button_is_no_devices_token() -> None:
    token = an_sos_token(a_resident())
    with open_doors() as doors:
        answer = doors.send({"metric": "motion", "value": True}, token=token)

    assert answer.status_code == 401


def test_a_call_for_help_with_a_wrong_token_is_an_unverified_call_from_the_home_it_names() -> None:
    device = a_device()
    with open_doors() as doors:
        answer = doors.send({"device": str(device.pk), "metric": "sos"}, token=tokens.new("dev"))

    assert answer.status_code == 202
    call = EmergencyCall.objects.get()
    assert answer.json()["call"] == str(call.pk)
    assert (call.verified, call.resident, call.household) == (False, None, device.household)


def test_a_call_for_help_of_an_unknown_device_behind_a_known_gateway_comes_from_that_home() -> None:
    gateway, token = a_device_with_token(kind="gateway")
    with open_doors() as doors:
        answer = doors.send({"device": "new button", "metric": "sos"}, token=token)

    call = EmergencyCall.objects.get()
    assert answer.json()["rejected"] == [{"index": 0, "code": "unknown_device"}]
    assert answer.json()["calls"] == [str(call.pk)]
    assert (call.verified, call.household) == (False, gateway.household)


def test_a_call_for_help_in_rubbish_with_a_right_token_is_the_residents_call() -> None:
    device, token = a_device_with_token()
    with open_doors() as doors:
        answer = doors.send(b'{"metric":"sos","value":true,"at":"2026-1', token=token)

    call = EmergencyCall.objects.get()
    assert answer.status_code == 200
    assert answer.json()["calls"] == [str(call.pk)]
    assert (call.verified, call.resident) == (True, device.resident)


@pytest.mark.parametrize("metric", ["sos", "fall", "smoke", "gas"])
def test_each_alarm_is_a_call_of_the_resident_at_home(metric: str) -> None:
    device, token = a_device_with_token()
    with open_doors() as doors:
        answer = doors.send({"metric": metric, "value": True, "at": AT}, token=token)

    call = EmergencyCall.objects.get()
    assert answer.json() == {
        "accepted": 1,
        "duplicates": 0,
        "rejected": [],
        "calls": [str(call.pk)],
    }
    assert (call.kind, call.source_metric, call.source_device) == ("emergency", metric, device.pk)
    assert (call.resident, call.place_source, call.place_lat) == (device.resident, "home", HOME_LAT)
    assert readings_of(device) == [(metric, 1.0, None)]


def test_all_alarms_of_a_message_count_on_one_call() -> None:
    _, token = a_device_with_token(kind="watch")
    with open_doors() as doors:
        sent = [{"metric": metric, "value": True, "at": AT} for metric in ("battery_low", "fall")]
        answer = doors.send([*sent, {"metric": "sos", "at": AT}], token=token)

    call = EmergencyCall.objects.get()
    assert call.presses == 2
    assert answer.json()["calls"] == [str(call.pk)]
    assert Alert.objects.get().kind == "battery"


def test_the_green_button_is_a_service_call() -> None:
    _, token = a_device_with_token()
    with open_doors() as doors:
        doors.send({"metric": "press"}, token=token)

    assert EmergencyCall.objects.get().kind == "service"


def test_a_repeated_press_message_is_no_second_press_and_names_the_same_call() -> None:
    _, token = a_device_with_token()
    message = {"metric": "sos", "id": "press-1"}
    with open_doors() as doors:
        first = doors.send(message, token=token)
        second = doors.send(message, token=token)

    call = EmergencyCall.objects.get()
    assert call.presses == 1
    assert second.json() == {
        "accepted": 0,
        "duplicates": 1,
        "rejected": [],
        "calls": first.json()["calls"],
    }


def test_a_press_without_a_fix_uses_the_home_and_with_one_the_place_in_its_datum() -> None:
    _, token = a_device_with_token(kind="watch")
    _, other = a_device_with_token(kind="watch")
    with open_doors() as doors:
        nowhere = {"metric": "position", "value": {"lat": 0, "lon": 0}}
        doors.send([{"metric": "sos"}, nowhere], token=token)
        there = {"lat": 31.5680, "lon": 120.3046, "datum": "gcj02"}
        doors.send([{"metric": "sos"}, {"metric": "position", "value": there}], token=other)

    home, away = EmergencyCall.objects.order_by("opened_at")
    assert (home.place_source, home.place_lat) == ("home", HOME_LAT)
    assert away.place_source == "device"
    assert away.place_lat == pytest.approx(31.5700, abs=0.0005)


def test_an_unassigned_device_calls_for_the_eldest_at_home() -> None:
    home = a_household()
    a_resident(household=home, birth_date="1950-01-01")
    eldest = a_resident(household=home, birth_date="1938-05-05")
    a_resident(household=home, birth_date="1930-01-01", life_state="died")
    device, token = a_device_with_token(resident=eldest, kind="smoke")
    device.resident = None
    device.save()
    with open_doors() as doors:
        doors.send({"metric": "smoke", "value": True}, token=token)

    call = EmergencyCall.objects.get()
    assert (call.resident, call.household) == (eldest, home)


def test_water_a_weak_battery_tampering_and_silence_tell_staff_and_call_nobody() -> None:
    _, token = a_device_with_token(kind="water")
    sent = [
        {"metric": "water", "value": True},
        {"metric": "battery_percent", "value": 9},
        {"metric": "tamper", "value": True},
        {"metric": "online", "value": False},
    ]
    with open_doors() as doors:
        answer = doors.send(sent, token=token)
        doors.send(sent, token=token)

    assert answer.json()["accepted"] == 4
    assert set(Alert.objects.values_list("kind", "times_seen")) == {
        ("water", 1),
        ("battery", 1),
        ("tamper", 1),
        ("offline", 1),
    }
    assert not EmergencyCall.objects.exists()


def test_a_battery_that_tells_nonsense_costs_no_press_beside_it() -> None:
    device, token = a_device_with_token()
    sent = [{"metric": "battery_mv", "value": "nan"}, {"metric": "sos", "value": True}]
    with open_doors() as doors:
        answer = doors.send(sent, token=token)

    assert answer.json()["calls"] == [str(EmergencyCall.objects.get().pk)]
    assert readings_of(device)[0] == ("battery_mv", None, "nan")


def test_an_alarm_kept_by_the_device_for_hours_is_an_alert_with_its_age_and_rings_nobody() -> None:
    _, token = a_device_with_token()
    with open_doors() as doors:
        doors.send({"metric": "sos", "at": "2026-11-23T01:30:00Z"}, token=token)

    assert not EmergencyCall.objects.exists()
    assert Alert.objects.get().kind == "sos"
    assert Alert.objects.get().detail["at"] == "2026-11-23T01:30:00+00:00"


def test_a_time_to_come_is_ours_and_a_past_one_is_kept_and_both_are_flagged() -> None:
    device, token = a_device_with_token(kind="bed")
    with open_doors() as doors:
        doors.send(
            [
                {"metric": "future_percent", "value": 1, "at": "2031-01-01T00:00:00Z"},
                {"metric": "late_percent", "value": 1, "at": "2026-11-20T00:00:00Z"},
                {"metric": "unset_percent", "value": 1, "at": "1970-01-01T00:00:09Z"},
            ],
            token=token,
        )

    flags = dict(Reading.objects.filter(device=device).values_list("metric", "flags"))
    assert flags == {"future_percent": 4, "late_percent": 1, "unset_percent": 8}
    assert Reading.objects.get(device=device, metric="future_percent").at == NOON


def test_too_much_is_refused_unless_somebody_calls_for_help_in_it() -> None:
    device, token = a_device_with_token()
    filler = b" " * (1024 * 1024)
    with open_doors() as doors:
        quiet = doors.send(b'[{"metric":"motion","value":true}]' + filler, token=token)
        loud = doors.send(b'[{"metric":"sos","value":true}]' + filler, token=token)

    assert (quiet.status_code, quiet.json()["code"]) == (413, "too_large")
    assert loud.status_code == 202
    assert EmergencyCall.objects.get().pk == UUID(loud.json()["call"])
    assert EmergencyCall.objects.get().resident == device.resident


def test_where_memory_is_used_up_help_is_heard_and_other_large_messages_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ROOM, "most_bytes", 0)
    device, token = a_device_with_token()
    press = {"device": str(device.pk), "metric": "sos", "value": True}
    notes = [{"metric": "motion", "value": True, "seq": n} for n in range(1_000)]

    with open_doors() as doors:
        small = doors.send(press, token=token)
        large = doors.send([{**press, "seq": 2}, *notes], token=token)
        other = doors.send(notes, token=token)

    assert (small.status_code, large.status_code, other.status_code) == (200, 202, 503)
    assert other.headers["retry-after"]
    assert large.json()["call"] == small.json()["calls"][0]
    assert ROOM.taken_bytes == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_told_to_post(method: str) -> None:
    with open_doors() as doors:
        answer = doors.ask(method, OBSERVATIONS)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/ingest/", "/ingest/v1/lorawan", "/ingest/v1/scaip"])
def test_a_door_that_is_not_there_says_so(path: str) -> None:
    with open_doors() as doors:
        answer = doors.post(path, {})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_device_taken_out_of_use_is_not_known_any_more() -> None:
    device, token = a_device_with_token(active=False)
    with open_doors() as doors:
        answer = doors.send({"metric": "motion", "value": True}, token=token)

    assert answer.status_code == 401
    assert readings_of(device) == []


@pytest.mark.parametrize(("is_known", "went_first"), [(True, 1), (False, 0)])
def test_a_known_senders_alarm_goes_before_requests_and_a_strangers_does_not(
    monkeypatch: pytest.MonkeyPatch, is_known: bool, went_first: int
) -> None:
    class Counted(Precedence):
        went_first = 0

        @contextmanager
        def goes_first(self) -> Iterator[None]:
            self.went_first += 1
            with super().goes_first():
                yield

    alarms = Counted()
    monkeypatch.setattr(intake, "ALARMS", alarms)
    _, token = a_device_with_token(kind="button")
    with open_doors() as doors:
        doors.send({"metric": "sos", "value": True}, token=token if is_known else "")

    assert EmergencyCall.objects.count() == 1
    assert alarms.went_first == went_first
