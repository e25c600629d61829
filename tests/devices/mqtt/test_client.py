"""The bridge to an external broker: its messages are acknowledged after they are kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvloop

from devices.mqtt.client import MqttBridge
from tests.devices.mqtt.broker import Broker, a_broker
from tests.devices.mqtt.clients import Home, until


@asynccontextmanager
async def a_bridge(broker: Broker, home: Home) -> AsyncIterator[MqttBridge]:
    bridge = MqttBridge("127.0.0.1", broker.port, handle=home.handle, client_id="yian-1")
    await bridge.start()
    try:
        yield bridge
    finally:
        home.holds.set()
        await bridge.stop()


@pytest.fixture
def home() -> Home:
    return Home()


async def test_it_asks_for_the_devices_topics_in_a_session_that_is_kept(home: Home) -> None:
    async with a_broker() as broker, a_bridge(broker, home) as bridge:
        await until(lambda: len(broker.subscribed) == 6)
        assert bridge.is_connected
    assert broker.subscribed == [
        "yian/+/up",
        "yian/+/ack",
        "zigbee2mqtt/#",
        "application/+/device/+/event/up",
        "application/+/device/+/event/join",
        "application/+/device/+/event/status",
    ]
    assert (broker.connects[0].client_id, broker.connects[0].clean) == ("yian-1", False)


async def test_a_message_is_acknowledged_to_the_broker_only_after_it_is_kept(home: Home) -> None:
    home.holds.clear()
    async with a_broker() as broker, a_bridge(broker, home) as bridge:
        await until(lambda: bridge.is_connected)
        message_id = broker.give("yian/d1/up", b"press")
        await until(lambda: home.payloads == [b"press"])
        await asyncio.sleep(0.05)
        assert broker.owed == [message_id]

        home.holds.set()
        await until(lambda: broker.acknowledged == [message_id])
    assert home.taken[0][0].may_speak_for("d1")


async def test_what_was_not_kept_comes_again_on_the_next_line(home: Home) -> None:
    home.refuses = True
    async with a_broker() as broker, a_bridge(broker, home) as bridge:
        await until(lambda: bridge.is_connected)
        message_id = broker.give("yian/d1/up", b"press")
        await until(lambda: bool(home.taken))
        home.refuses = False
        await until(lambda: broker.acknowledged == [message_id])
    assert [(payload, dup) for _, _, payload, dup in home.taken] == [
        (b"press", False),
        (b"press", True),
    ]


async def test_a_message_that_was_being_kept_when_the_line_was_cut_comes_again(home: Home) -> None:
    home.holds.clear()
    async with a_broker() as broker, a_bridge(broker, home) as bridge:
        await until(lambda: bridge.is_connected)
        message_id = broker.give("yian/d1/up", b"press")
        await until(lambda: len(home.taken) == 1)
        broker.cut()
        await until(lambda: not bridge.is_connected)
        home.holds.set()
        await until(lambda: broker.acknowledged == [message_id])
    assert home.payloads == [b"press", b"press"]


async def test_messages_are_handled_side_by_side_and_acknowledged_in_order(home: Home) -> None:
    home.holds.clear()
    async with a_broker() as broker, a_bridge(broker, home) as bridge:
        await until(lambda: bridge.is_connected)
        given = [broker.give("yian/d1/up", f"{n}".encode()) for n in range(20)]
        await until(lambda: len(home.taken) == 20)
        home.holds.set()
        await until(lambda: broker.acknowledged == given)


async def test_a_retained_press_is_old_news_and_does_not_ring(home: Home) -> None:
    async with a_broker() as broker, a_bridge(broker, home) as bridge:
        await until(lambda: bridge.is_connected)
        old = broker.give("zigbee2mqtt/sos", b'{"action":"emergency"}', retain=True)
        await until(lambda: broker.acknowledged == [old])
    assert home.taken == []


async def test_it_waits_for_a_broker_that_is_not_there_yet(home: Home) -> None:
    async with a_broker() as broker:
        port = broker.port
    bridge = MqttBridge("127.0.0.1", port, handle=home.handle, client_id="yian-1")
    await bridge.start()
    await asyncio.sleep(0.2)
    assert not bridge.is_connected
    late = Broker()
    server = await asyncio.start_server(late.serve, "127.0.0.1", port)
    await until(lambda: bridge.is_connected)
    await bridge.stop()
    server.close()
    await asyncio.sleep(0.05)


async def test_a_command_is_given_to_the_broker(home: Home) -> None:
    async with a_broker() as broker, a_bridge(broker, home) as bridge:
        assert not bridge.publish_down("d1", b"x")
        await until(lambda: bridge.is_connected)
        assert bridge.publish_down("d1", b'{"command":"quiet"}')
        await until(lambda: len(broker.received) == 1)
    assert broker.received[0].topic == "yian/d1/down"
    assert broker.received[0].qos == 1


def test_the_bridge_works_on_the_loop_that_serves_it() -> None:
    async def press() -> list[bytes]:
        home = Home()
        async with a_broker() as broker, a_bridge(broker, home) as bridge:
            await until(lambda: bridge.is_connected)
            broker.give("yian/d1/up", b"press")
            await until(lambda: len(broker.acknowledged) == 1)
        return home.payloads

    assert uvloop.run(press()) == [b"press"]
