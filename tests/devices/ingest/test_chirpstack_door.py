"""Events of a LoRaWAN network at the HTTP and the MQTT door."""

import base64
import json
import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.actions import claim_device, issue_claim_code, register_device
from devices.errors import NameTaken
from devices.ingest.messages import Messages
from devices.models import Device, RejectedMessage
from devices.mqtt.client import BROKER
from devices.mqtt.ports import Principal
from services.alerts.models import Alert
from services.emergencies.models import EmergencyCall
from tests.builders import NOON, a_device, a_household, a_resident, an_area, reloaded
from tests.devices.ingest.doors import Doors, a_device_with_token, open_doors, readings_of

pytestmark = pytest.mark.django_db(transaction=True)

DOOR = "/ingest/v1/chirpstack"
EUI = "7cf95720fc015fef"
PRESSED = "017510FF2E01"


def an_uplink(data: str, *, eui: str = EUI, count: int = 2, **fields: Any) -> dict[str, Any]:
    """An event as ChirpStack v4 sends it; its time has nine digits of a second.

    Source: github.com/cndingtek/Chirpstack_Http_JS, chirpstack_DT320.js, shortened.
    """
    return {
        "deduplicationId": f"e0ef6bea-d13a-4a5e-8394-{count:012d}",
        "time": "2026-11-23T03:59:10.427430120+00:00",
        "deviceInfo": {"deviceProfileName": "EU868", "devEui": eui},
        "devAddr": "00d988b3",
        "fCnt": count,
        "fPort": 85,
        "data": base64.b64encode(bytes.fromhex(data)).decode(),
        "rxInfo": [{"gatewayId": "1", "rssi": -74}, {"gatewayId": "2", "rssi": -101}],
        **fields,
    }


def a_network() -> tuple[Device, str]:
    return a_device_with_token(kind="gateway", adapter="chirpstack", external_id="")


def a_sensor(network: Device, **fields: Any) -> Device:
    told = {"external_id": EUI, "model": "WS101", "kind": "sos_button", **fields}
    return a_device(gateway=network, adapter="chirpstack", **told)


def test_a_press_is_a_call_and_the_same_uplink_again_is_the_same_press() -> None:
    network, token = a_network()
    button = a_sensor(network)
    with open_doors() as doors:
        first = doors.post(f"{DOOR}?event=up", an_uplink(PRESSED), token=token)
        second = doors.post(f"{DOOR}?event=up", an_uplink(PRESSED), token=token)
        doors.post(f"{DOOR}?event=up", an_uplink(PRESSED, count=3), token=token)

    call = EmergencyCall.objects.get()
    assert (call.verified, call.source_device, call.presses) == (True, button.pk, 2)
    assert first.json()["calls"] == second.json()["calls"] == [str(call.pk)]
    assert (first.json()["duplicates"], second.json()["accepted"]) == (0, 0)
    assert ("link_rssi_dbm", -74.0, None) in readings_of(button)


def test_the_same_bytes_are_a_leak_or_a_seat_as_the_registry_says() -> None:
    network, token = a_network()
    leak = a_sensor(network, external_id="24e124000000000a", model="WS303", kind="water")
    seat = a_sensor(network, external_id="24e124000000000b", model="VS340", kind="seat")
    with open_doors() as doors:
        for sensor in (leak, seat):
            uplink = an_uplink("017564030001", eui=sensor.external_id)
            assert doors.post(DOOR, uplink, token=token).status_code == 200

    assert Alert.objects.get().source_device == leak.pk
    assert ("seat", 1.0, None) in readings_of(seat)


def test_a_single_sensor_may_send_with_its_own_token() -> None:
    _, token = a_device_with_token(external_id=EUI, adapter="chirpstack", model="WS101")
    with open_doors() as doors:
        assert doors.post(DOOR, an_uplink(PRESSED), token=token).status_code == 200

    assert EmergencyCall.objects.get().verified


def test_a_press_with_a_wrong_token_is_an_unverified_call_from_the_home_it_names() -> None:
    network, _ = a_network()
    button = a_sensor(network)
    with open_doors() as doors:
        answer = doors.post(DOOR, an_uplink(PRESSED), token="yian_gw_" + "x" * 43)
        other = doors.post(DOOR, an_uplink("017564"), token="")

    assert (answer.status_code, other.status_code) == (202, 401)
    call = EmergencyCall.objects.get()
    assert (call.verified, call.resident, call.source_device) == (False, None, button.pk)
    assert readings_of(button) == []


def test_a_press_of_a_sensor_that_nobody_registered_is_unverified() -> None:
    _, token = a_network()
    uplink = an_uplink(PRESSED, deviceInfo={"deviceProfileName": "WS101 EU", "devEui": EUI})
    with open_doors() as doors:
        answer = doors.post(DOOR, uplink, token=token)

    call = EmergencyCall.objects.get()
    assert answer.json()["calls"] == [str(call.pk)]
    assert (call.verified, call.household, call.source_device) == (False, None, None)


def test_a_network_does_not_speak_for_the_sensors_of_another() -> None:
    button = a_sensor(a_network()[0])
    _, token = a_network()
    with open_doors() as doors:
        doors.post(DOOR, an_uplink(PRESSED), token=token)

    call = EmergencyCall.objects.get()
    assert (call.verified, call.resident, call.source_device) == (False, None, button.pk)
    assert call.household == button.household
    assert readings_of(button) == []


def test_a_network_that_hears_a_join_and_a_status_knows_that_the_sensor_is_there() -> None:
    network, token = a_network()
    radar = a_sensor(network, model="VS373", kind="fall_radar")
    about = {"time": "2026-11-23T03:58:00.1Z", "deviceInfo": {"devEui": EUI.upper()}}
    with open_doors() as doors:
        doors.post(f"{DOOR}?event=join", {**about, "devAddr": "00"}, token=token)
        doors.post(
            f"{DOOR}?event=status", {**about, "batteryLevel": 87.4, "margin": 7}, token=token
        )
        doors.post(DOOR, an_uplink("FF0BFFFF0A0102"), token=token)
        ignored = doors.post(f"{DOOR}?event=txack", about, token=token)
        doors.intake.write_notes(NOON)

    known = reloaded(radar)
    assert (known.online, known.battery_percent, known.firmware) == (True, 87, "1.2")
    assert (ignored.status_code, ignored.json()["accepted"]) == (200, 0)


def test_a_fall_kept_for_hours_by_its_radar_is_an_alert_and_rings_nobody() -> None:
    network, token = a_network()
    a_sensor(network, model="VS373", kind="fall_radar")
    kept_at = int((NOON - timedelta(hours=3)).timestamp())
    kept = "20CE" + kept_at.to_bytes(4, "little").hex() + "01000001FF"
    with open_doors() as doors:
        doors.post(DOOR, an_uplink(kept), token=token)

    assert not EmergencyCall.objects.exists()
    alert = Alert.objects.get()
    assert (alert.kind, alert.detail["age_s"] >= 3 * 3_600) == ("fall", True)


def test_what_a_sensor_kept_without_a_clock_is_nothing_of_today() -> None:
    network, token = a_network()
    leak = a_sensor(network, model="EM300-SLD", kind="water")
    with open_doors() as doors:
        doors.post(DOOR, an_uplink("01755C20CE9E74466310015D01"), token=token)

    assert not Alert.objects.exists()
    assert {metric for metric, *_ in readings_of(leak)} == {"battery_percent", "link_rssi_dbm"}


def test_what_cannot_be_read_is_counted_and_costs_nothing_beside_it() -> None:
    network, token = a_network()
    button = a_sensor(network)
    with open_doors() as doors:
        answer = doors.post(DOOR, an_uplink("017563EE00"), token=token)
        bad = doors.post(DOOR, b"not json", token=token)
        doors.intake.write_notes(NOON)

    assert answer.json()["rejected"] == [{"index": 2, "code": "unknown_channel"}]
    assert bad.status_code == 422
    assert ("battery_percent", 99.0, None) in readings_of(button)
    assert set(RejectedMessage.objects.values_list("code", flat=True)) == {
        "unknown_channel",
        "bad_json",
    }


def by_mqtt(doors: Doors, principal: Principal, topic: str, sent: Any) -> None:
    messages = Messages(doors.intake)
    doors.bring(messages, principal, topic, json.dumps(sent).encode())


def test_a_press_through_a_broker_is_the_sensors_and_a_strangers_is_unverified() -> None:
    network, _ = a_network()
    button = a_sensor(network)
    stranger = Principal(name="x", verified=False, source="10.0.0.1")
    topic = f"application/1/device/{EUI}/event/up"
    with open_doors() as doors:
        by_mqtt(doors, BROKER, topic, an_uplink(PRESSED))
        by_mqtt(doors, stranger, topic, an_uplink(PRESSED, count=9))

    verified, unverified = EmergencyCall.objects.order_by("-verified")
    assert (verified.verified, verified.resident) == (True, button.resident)
    assert (unverified.verified, unverified.source_device) == (False, button.pk)


def test_a_network_behind_our_own_mqtt_door_speaks_for_its_sensors() -> None:
    network, token = a_network()
    button = a_sensor(network)
    with open_doors() as doors:
        messages = Messages(doors.intake)
        principal = doors.run(messages.authenticate(str(network.pk), token))
        assert principal is not None
        topic = f"application/1/device/{EUI.upper()}/event/up"
        sent = json.dumps(an_uplink(PRESSED)).encode()
        doors.bring(messages, principal, topic, sent)

    assert EmergencyCall.objects.get().source_device == button.pk


def test_a_deveui_is_registered_as_messages_tell_it_and_once_in_the_world() -> None:
    device, _ = register_device(
        by="user:1",
        now=NOON,
        kind="sos_button",
        adapter="chirpstack",
        external_id="7C-F9-57-20-FC-01-5F-EF",
        model="WS101",
    )
    assert device.external_id == EUI
    with pytest.raises(NameTaken):
        register_device(
            by="user:1", now=NOON, kind="motion", adapter="chirpstack", external_id=EUI.upper()
        )


def test_a_sensor_taken_into_a_home_is_put_behind_the_network_of_its_area() -> None:
    street = an_area(parent=an_area())
    near, far = an_area(parent=street), an_area(parent=an_area())
    network, _ = a_device_with_token(
        kind="gateway",
        adapter="chirpstack",
        external_id="",
        resident=a_resident(area=an_area(parent=street)),
    )
    a_device_with_token(
        kind="gateway", adapter="chirpstack", external_id="", resident=a_resident(area=far)
    )
    stock, _ = register_device(
        by="user:1", now=NOON, kind="motion", adapter="chirpstack", external_id=EUI
    )
    code = issue_claim_code(stock, by="user:1", now=NOON)

    home = a_household(area=near)
    claimed = claim_device(code, household=home, resident=None, by="user:1", now=NOON)

    assert claimed.gateway == network


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_duplicates_and_any_order_leave_the_state_of_the_clean_order(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    frames = [f"0175{chance.choice([5, 12, 20, 50, 90]):02X}" for _ in range(30)]
    frames[::5] = [PRESSED for _ in frames[::5]]
    uplinks = [
        an_uplink(
            frame, count=number, time=(NOON - timedelta(minutes=47 * (30 - number))).isoformat()
        )
        for number, frame in enumerate(frames)
    ]
    shuffled = [*uplinks, *chance.choices(uplinks, k=6)]
    chance.shuffle(shuffled)
    states = []
    for sent in (uplinks, shuffled):
        Device.objects.filter(external_id=EUI).update(external_id=f"old{seed}")
        Device.objects.filter(adapter="chirpstack").update(adapter="")
        network, token = a_network()
        button = a_sensor(network)
        with open_doors() as doors:
            for uplink in sent:
                assert doors.post(DOOR, uplink, token=token).status_code == 200
            doors.intake.write_notes(NOON)
        known = reloaded(button)
        alerts = Alert.objects.filter(resident=button.resident, state="raised")
        calls = EmergencyCall.objects.filter(resident=button.resident)
        states.append(
            (
                sorted(readings_of(button), key=str),
                sorted(alerts.values_list("kind", flat=True)),
                list(calls.values_list("presses", flat=True)),
                (known.battery_percent, known.battery_low_at, known.battery_good_at),
            )
        )
    for clean, other in zip(*states, strict=True):
        assert clean == other


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=20)
        | st.sampled_from(["data", "AAAA", EUI, "object"]),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["data", "deviceInfo", "devEui", "time", "fCnt", "rxInfo", "object", "x"]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    ),
    st.binary(max_size=40),
)
def test_nothing_that_is_posted_breaks_the_door(sent: Any, raw: bytes) -> None:
    body = json.dumps(sent).encode() if raw[:1] < b"\x80" else raw
    with open_doors() as doors:
        answers = [doors.post(DOOR, body), doors.post(DOOR, body, token=_TOKEN)]

    assert {answer.status_code for answer in answers} <= {200, 202, 401, 422}


_TOKEN = "yian_gw_" + "y" * 43
