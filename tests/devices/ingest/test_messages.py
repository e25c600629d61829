"""Messages of the MQTT doors: whose they are, what they hold, what is acknowledged."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from devices.ingest.messages import Messages
from devices.models import Device, RejectedMessage
from devices.mqtt.client import BROKER
from devices.mqtt.ports import NotCommitted, Principal
from services.emergencies.models import EmergencyCall
from tests.builders import NOON, a_device, a_resident
from tests.devices.ingest.doors import Doors, a_device_with_token, open_doors, readings_of
from tests.devices.ingest.test_commits import READINGS, locked

pytestmark = pytest.mark.django_db(transaction=True)

STRANGER = Principal(name="whoever", verified=False, source="192.0.2.7")


class Line:
    """A client's line to the door, without the wire."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._messages = Messages(doors.intake)
        self.principal: Principal | None = STRANGER

    def connect(self, user: str, password: str) -> bool:
        self.principal = self._doors.run(self._messages.authenticate(user, password))
        return self.principal is not None

    def publish(self, topic: str, sent: Any) -> None:
        payload = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        principal = self.principal or STRANGER
        self._doors.bring(self._messages, principal, topic, payload)


@contextmanager
def a_line(*, hold_s: float = 5.0) -> Iterator[Line]:
    with open_doors(hold_s=hold_s) as doors:
        yield Line(doors)
        doors.intake.write_notes(NOON)


def a_home() -> tuple[Device, Device, str]:
    """A gateway with a button behind it, and the gateway's token."""
    resident = a_resident()
    gateway, token = a_device_with_token(resident=resident, kind="gateway")
    button = a_device(resident=resident, gateway=gateway, external_id="0x01", adapter="zigbee2mqtt")
    return gateway, button, token


def rejections() -> set[tuple[str, str]]:
    return set(RejectedMessage.objects.values_list("source", "code"))


def test_a_device_publishes_under_its_own_name() -> None:
    device, token = a_device_with_token(kind="motion")
    with a_line() as line:
        assert line.connect(str(device.pk), token)
        line.publish(f"yian/{device.pk}/up", {"metric": "motion", "value": True})

    assert readings_of(device) == [("motion", 1.0, None)]


def test_a_device_may_not_speak_under_another_name_but_its_call_for_help_is_heard() -> None:
    device, token = a_device_with_token()
    other = a_device(kind="motion")
    with a_line() as line:
        line.connect(str(device.pk), token)
        line.publish(f"yian/{other.pk}/up", {"metric": "motion", "value": True})
        line.publish(f"yian/{other.pk}/up", {"metric": "sos"})

    assert readings_of(other) == []
    assert (f"device:{device.pk}", "unknown_device") in rejections()
    assert EmergencyCall.objects.get().verified is False


@pytest.mark.parametrize("wrong", ["user", "password"])
def test_wrong_credentials_are_a_strangers(wrong: str) -> None:
    device, token = a_device_with_token()
    with a_line() as line:
        user = "nobody" if wrong == "user" else str(device.pk)
        assert not line.connect(user, token if wrong == "user" else "guess")


def test_a_stranger_is_heard_only_when_they_call_for_help() -> None:
    device = a_device(kind="motion")
    with a_line() as line:
        line.publish(f"yian/{device.pk}/up", {"metric": "motion", "value": True})
        assert not EmergencyCall.objects.exists()
        line.publish(f"yian/{device.pk}/up", {"metric": "sos"})

    assert readings_of(device) == []
    call = EmergencyCall.objects.get()
    assert (call.verified, call.resident) == (False, None)
    assert rejections() == {("address:192.0.2.7", "bad_credentials")}


def test_a_token_that_was_changed_makes_the_open_line_a_strangers() -> None:
    device, token = a_device_with_token()
    with open_doors() as doors:
        line = Line(doors)
        line.connect(str(device.pk), token)
        Device.objects.update(token_hash="0" * 64)
        doors.intake.registry._kept.clear()
        line.publish(f"yian/{device.pk}/up", {"metric": "motion", "value": True})

    assert readings_of(device) == []


def test_a_zigbee_button_behind_a_gateway_calls_for_its_resident() -> None:
    gateway, button, token = a_home()
    with a_line() as line:
        line.connect(str(gateway.pk), token)
        line.publish("zigbee2mqtt/0x01", {"action": "emergency", "battery": 80, "linkquality": 90})

    call = EmergencyCall.objects.get()
    assert (call.verified, call.resident, call.source_device) == (True, button.resident, button.pk)
    metrics = {metric for metric, _, _ in readings_of(button)}
    assert metrics == {"sos", "battery_percent", "link_quality"}


def test_a_new_zigbee_button_that_nobody_registered_calls_from_the_gateways_home() -> None:
    gateway, _, token = a_home()
    with a_line() as line:
        line.connect(str(gateway.pk), token)
        line.publish("zigbee2mqtt/0x99", {"action": "emergency"})

    call = EmergencyCall.objects.get()
    assert (call.verified, call.household) == (False, gateway.household)


def test_a_gateways_own_news_and_acknowledgements_are_taken_without_a_trace() -> None:
    gateway, button, token = a_home()
    with a_line() as line:
        line.connect(str(gateway.pk), token)
        line.publish("zigbee2mqtt/bridge/state", {"state": "online"})
        line.publish(f"yian/{button.pk}/ack", {"id": "1", "state": "done"})

    assert rejections() == set()


def test_a_broker_vouches_for_all_devices_by_identifier_and_by_zigbee_name() -> None:
    _, button, _ = a_home()
    device, _ = a_device_with_token(kind="motion")
    with a_line() as line:
        line.principal = BROKER
        line.publish(f"yian/{device.pk}/up", {"metric": "motion", "value": True})
        line.publish("zigbee2mqtt/0x01", {"action": "emergency"})

    assert readings_of(device) == [("motion", 1.0, None)]
    assert EmergencyCall.objects.get().source_device == button.pk


def test_two_devices_of_one_name_behind_a_broker_are_nobodys_but_their_call_is_heard() -> None:
    for _ in range(2):
        a_home()
    with a_line() as line:
        line.principal = BROKER
        line.publish("zigbee2mqtt/0x01", {"action": "emergency"})

    assert EmergencyCall.objects.get().verified is False


@pytest.mark.parametrize("topic", ["", "elsewhere", "application/1/device/a1/event/up"])
def test_a_call_for_help_on_any_topic_is_heard(topic: str) -> None:
    device, token = a_device_with_token()
    with a_line() as line:
        line.connect(str(device.pk), token)
        line.publish(topic, b'\x00{"metric": "sos", "value": tru')

    call = EmergencyCall.objects.get()
    assert (call.verified, call.resident) == (True, device.resident)


def test_what_is_not_committed_is_not_acknowledged() -> None:
    device, token = a_device_with_token()
    with a_line(hold_s=0.2) as line:
        line.connect(str(device.pk), token)
        with locked(READINGS), pytest.raises(NotCommitted):
            line.publish(f"yian/{device.pk}/up", {"metric": "motion", "value": True})
