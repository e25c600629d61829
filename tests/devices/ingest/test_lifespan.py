"""All doors of devices together, as the web process opens them."""

import asyncio
import socket

import msgspec
import pytest
from django.conf import settings
from django.test import override_settings
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from backend.runtime import ports
from devices.ingest import http, lifespan
from devices.ingest.lifespan import doors_open, intake_open
from devices.ingest.rejections import Rejections
from devices.models import Device, Listening, RejectedMessage
from services.emergencies.models import EmergencyCall
from tests.builders import NOON, a_device, reloaded
from tests.devices.ingest.doors import a_device_with_token
from tests.threads import on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)


def press(port: int, gateway: Device, token: str) -> None:
    """A zigbee2mqtt gateway publishes a press, and waits for our acknowledgement."""
    line = paho.Client(CallbackAPIVersion.VERSION2)
    line.username_pw_set(str(gateway.pk), token)
    line.connect("127.0.0.1", port)
    line.loop_start()
    try:
        line.publish("zigbee2mqtt/0x01", b'{"action":"emergency","battery":44}', qos=1)
        line.publish("zigbee2mqtt/0x02", b"rubbish", qos=1).wait_for_publish(10)
    finally:
        line.disconnect()
        line.loop_stop()


async def a_press_at_open_doors(gateway: Device, token: str) -> int:
    """How many calls there are once the gateway has its acknowledgement."""
    port = ports.any_free()
    environment = msgspec.structs.replace(settings.ENV, mqtt_port=port)
    with override_settings(ENV=environment):
        async with doors_open() as intake:
            assert http.application.intake is intake
            await asyncio.to_thread(press, port, gateway, token)
            return await asyncio.to_thread(on_own_connection, EmergencyCall.objects.count)


def test_a_press_on_mqtt_is_committed_before_it_is_acknowledged_and_notes_follow() -> None:
    gateway, token = a_device_with_token(kind="gateway")
    button = a_device(resident=gateway.resident, gateway=gateway, external_id="0x01")

    assert asyncio.run(a_press_at_open_doors(gateway, token)) == 1

    assert http.application.intake is None
    assert EmergencyCall.objects.get().source_device == button.pk
    assert (reloaded(button).battery_percent, reloaded(button).online) == (44, True)
    assert reloaded(gateway).last_seen_at is not None
    assert Listening.objects.exists()
    assert RejectedMessage.objects.filter(code="bad_json").exists()


def a_watch_presses(port: int) -> bytes:
    """A watch sends a press and hears our answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        content = b"AL"
        line.sendall(b"[3G*4700186508*%04x*%b]" % (len(content), content))
        return line.recv(100)


async def a_watch_at_open_doors() -> bytes:
    port = ports.any_free()
    environment = msgspec.structs.replace(settings.ENV, watch_port=port)
    with override_settings(ENV=environment):
        async with doors_open():
            return await asyncio.to_thread(a_watch_presses, port)


def test_the_door_of_watches_is_open_beside_the_others() -> None:
    watch = a_device(kind="watch", adapter="watch", external_id="4700186508")

    assert asyncio.run(a_watch_at_open_doors()) == b"[3G*4700186508*0002*AL]"

    assert EmergencyCall.objects.get().source_device == watch.pk


async def hears_of_it_after_a_note_that_cannot_be_written(device: Device) -> None:
    async with intake_open() as intake:
        intake.rejections.count("device:1", "a code longer than its column" * 2)
        await asyncio.sleep(0.3)
        intake.liveness.passed_on(device.pk, received_at=NOON)
        await asyncio.sleep(0.3)
        intake.rejections = Rejections()


def test_a_note_that_cannot_be_written_does_not_end_the_listening(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lifespan, "NOTES_EVERY_S", 0.05)
    device = a_device()

    asyncio.run(hears_of_it_after_a_note_that_cannot_be_written(device))

    assert reloaded(device).last_seen_at == NOON
