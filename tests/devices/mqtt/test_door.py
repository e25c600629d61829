"""The MQTT door: nothing is acknowledged before it is kept, and nothing strange breaks it."""

import asyncio
import random

import pytest
import uvloop
from paho.mqtt.enums import MQTTProtocolVersion

from devices.mqtt.connection import Limits
from devices.mqtt.door import MqttDoor
from devices.mqtt.ports import Principal
from tests.devices.mqtt.clients import (
    CONNACK_OK,
    WITHIN_S,
    Device,
    Home,
    a_connect,
    a_publish,
    a_raw_line,
    an_open_door,
    soon,
    until,
)

VERSIONS = list(MQTTProtocolVersion)


@pytest.fixture
def home() -> Home:
    return Home()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("qos", [1, 2])
async def test_a_message_is_acknowledged_only_after_it_is_kept(
    home: Home, version: MQTTProtocolVersion, qos: int
) -> None:
    home.holds.clear()
    async with an_open_door(home) as door, Device(door, version=version) as device:
        message_id = await device.says(b"press", qos=qos)
        await until(lambda: home.payloads == [b"press"])
        await asyncio.sleep(0.05)
        assert device.acknowledged.empty()

        home.holds.set()
        assert await soon(device.acknowledged) == message_id
    assert home.payloads == [b"press"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_was_not_kept_is_not_acknowledged_and_comes_again(
    home: Home, version: MQTTProtocolVersion
) -> None:
    home.refuses = True
    async with an_open_door(home) as door, Device(door, version=version) as device:
        message_id = await device.says(b"press")
        await soon(device.ended)
        assert device.acknowledged.empty()

        home.refuses = False
        assert await soon(device.acknowledged) == message_id
    assert home.payloads == [b"press", b"press"]
    assert [dup for *_, dup in home.taken] == [False, True]


async def test_messages_of_one_line_are_handled_side_by_side_and_acknowledged_in_order(
    home: Home,
) -> None:
    home.holds.clear()
    async with an_open_door(home) as door, Device(door) as device:
        sent = [await device.says(f"{number}".encode()) for number in range(10)]
        await until(lambda: len(home.taken) == len(sent))
        home.holds.set()
        assert [await soon(device.acknowledged) for _ in sent] == sent


async def test_a_message_that_cannot_be_kept_does_not_take_its_neighbours_with_it() -> None:
    kept: list[bytes] = []

    class Picky(Home):
        async def handle(
            self, _principal: Principal, _topic: str, payload: bytes, dup: bool
        ) -> None:
            if payload == b"bad" and not dup:
                raise OSError("unexpected")
            kept.append(payload)

    async with an_open_door(Picky()) as door, Device(door) as device:
        sent = [await device.says(payload) for payload in (b"one", b"bad", b"two")]
        assert sorted([await soon(device.acknowledged) for _ in sent]) == sorted(sent)
    assert set(kept) == {b"one", b"bad", b"two"}


async def test_more_messages_than_may_be_in_flight_wait_outside(home: Home) -> None:
    home.holds.clear()
    async with (
        an_open_door(home, Limits(in_flight=3)) as door,
        a_raw_line(door) as (reader, writer),
    ):
        writer.write(a_connect() + b"".join(a_publish(b"x", packet_id=n) for n in range(1, 11)))
        await until(lambda: len(home.taken) == 3)
        await asyncio.sleep(0.05)
        assert len(home.taken) == 3

        home.holds.set()
        expected = CONNACK_OK + b"".join(bytes([0x40, 2, 0, n]) for n in range(1, 11))
        assert await asyncio.wait_for(reader.readexactly(len(expected)), WITHIN_S) == expected


@pytest.mark.parametrize(("user", "password"), [("d1", "wrong"), ("", ""), ("nobody", "right?")])
async def test_with_wrong_credentials_a_call_for_help_is_still_heard(
    home: Home, user: str, password: str
) -> None:
    async with an_open_door(home) as door, Device(door, user=user, password=password) as device:
        message_id = await device.says(b'{"metric":"sos"}')
        assert await soon(device.acknowledged) == message_id

    (principal, topic, payload, _) = home.taken[0]
    assert (topic, payload) == ("yian/d1/up", b'{"metric":"sos"}')
    assert not principal.verified
    assert principal.source == "127.0.0.1"
    assert not principal.may_speak_for("d1")


async def test_when_credentials_cannot_be_checked_the_device_is_told_to_try_again(
    home: Home,
) -> None:
    home.breaks = True
    async with an_open_door(home) as door, a_raw_line(door) as (reader, writer):
        writer.write(a_connect())
        assert await asyncio.wait_for(reader.read(), WITHIN_S) == b"\x20\x02\x00\x03"


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_device_may_listen_to_its_own_commands_only(
    home: Home, version: MQTTProtocolVersion
) -> None:
    asked = ["yian/d1/down", "yian/d2/down", "yian/+/down", "#", "yian/#", "yian/d1/up"]
    async with an_open_door(home) as door, Device(door, version=version) as device:
        await soon(device.connected)
        device.client.subscribe([(topic, 1) for topic in asked])
        granted = await soon(device.granted)
    assert [qos < 0x80 for qos in granted] == [True, False, False, False, False, False]


async def test_a_gateway_may_listen_for_its_devices_and_to_its_own_tree(home: Home) -> None:
    async with an_open_door(home) as door, Device(door, user="gateway") as device:
        await soon(device.connected)
        device.client.subscribe([("yian/behind-gateway/down", 1), ("zigbee2mqtt/#", 0)])
        assert await soon(device.granted) == [1, 0]


async def test_a_stranger_may_listen_to_nothing(home: Home) -> None:
    async with an_open_door(home) as door, Device(door, password="wrong") as device:
        await soon(device.connected)
        device.client.subscribe([("yian/d1/down", 1), ("zigbee2mqtt/#", 0)])
        granted = await soon(device.granted)
    assert granted == [0x80, 0x80]


async def test_nothing_that_one_client_publishes_reaches_another(home: Home) -> None:
    async with (
        an_open_door(home) as door,
        Device(door) as listener,
        Device(door, user="d2") as other,
    ):
        await soon(listener.connected)
        listener.client.subscribe([("zigbee2mqtt/#", 0), ("yian/d1/down", 1)])
        await soon(listener.granted)
        await other.says(b"x", topic="zigbee2mqtt/lamp")
        await other.says(b"x", topic="yian/d1/down")
        await soon(other.acknowledged)
        await soon(other.acknowledged)
        await asyncio.sleep(0.05)
        assert listener.received.empty()


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_command_reaches_its_device_and_says_so(
    home: Home, version: MQTTProtocolVersion
) -> None:
    async with an_open_door(home) as door, Device(door, version=version) as device:
        await soon(device.connected)
        device.client.subscribe("yian/d1/down", 1)
        await soon(device.granted)

        assert await door.publish_down("d1", b'{"command":"quiet"}')
        assert await soon(device.received) == ("yian/d1/down", b'{"command":"quiet"}')


async def test_a_command_without_a_listener_is_not_delivered(home: Home) -> None:
    async with an_open_door(home) as door:
        assert not await door.publish_down("d1", b"x")


async def test_a_command_that_is_never_acknowledged_is_not_delivered(home: Home) -> None:
    async with an_open_door(home) as door, a_raw_line(door) as (reader, writer):
        writer.write(a_connect() + b"\x82\x11\x00\x01\x00\x0cyian/d1/down\x01")
        await asyncio.wait_for(reader.readexactly(9), WITHIN_S)
        assert not await door.publish_down("d1", b"x", within_s=0.1)


async def test_a_client_that_keeps_its_session_is_known_again_so_that_it_sends_again(
    home: Home,
) -> None:
    async with an_open_door(home) as door, Device(door) as device:
        assert await soon(device.connected) == (True, True)
        assert await door.publish_down("d1", b"x")


async def test_a_second_line_of_the_same_client_replaces_the_first(home: Home) -> None:
    async with an_open_door(home) as door, a_raw_line(door) as (first, writer):
        writer.write(a_connect())
        await asyncio.wait_for(first.readexactly(4), WITHIN_S)
        async with a_raw_line(door) as (second, again):
            again.write(a_connect())
            assert await asyncio.wait_for(first.read(), WITHIN_S) == b""
            again.write(b"\xc0\x00")
            answers = await asyncio.wait_for(second.readexactly(6), WITHIN_S)
            assert answers == CONNACK_OK + b"\xd0\x00"


async def test_a_stranger_cannot_push_out_a_device_by_using_its_name(home: Home) -> None:
    async with (
        an_open_door(home) as door,
        a_raw_line(door) as (reader, writer),
        a_raw_line(door) as (answers, stranger),
    ):
        writer.write(a_connect())
        await asyncio.wait_for(reader.readexactly(4), WITHIN_S)
        stranger.write(a_connect(password=b"wrong"))
        await asyncio.wait_for(answers.readexactly(4), WITHIN_S)
        writer.write(b"\xc0\x00")
        assert await asyncio.wait_for(reader.readexactly(2), WITHIN_S) == b"\xd0\x00"


async def test_too_many_strangers_push_out_each_other_and_no_device(home: Home) -> None:
    async with an_open_door(home, Limits(strangers=3)) as door, Device(door) as device:
        await soon(device.connected)
        lines = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(6)]
        assert await asyncio.wait_for(lines[0][0].read(), WITHIN_S) == b""
        lines[-1][1].write(a_connect(password=b"wrong") + a_publish(b"sos"))
        assert await asyncio.wait_for(lines[-1][0].readexactly(8), WITHIN_S)
        assert await device.says(b"reading") == await soon(device.acknowledged)
        for _, writer in lines:
            writer.close()


async def test_a_packet_over_the_limit_ends_the_line_before_it_is_buffered(home: Home) -> None:
    async with an_open_door(home) as door, a_raw_line(door) as (reader, writer):
        writer.write(a_connect())
        await asyncio.wait_for(reader.readexactly(4), WITHIN_S)
        writer.write(b"\x32\x81\x80\x40" + b"x" * 1000)
        assert await asyncio.wait_for(reader.read(), WITHIN_S) == b""


async def test_a_message_of_the_full_size_is_taken(home: Home) -> None:
    payload = b"x" * (1024 * 1024 - 100)
    async with an_open_door(home) as door, Device(door) as device:
        await device.says(payload)
        await soon(device.acknowledged)
    assert home.payloads == [payload]


async def test_an_alarm_is_looked_for_in_a_message_that_cannot_be_read(home: Home) -> None:
    bad_topic = a_publish(b'{"metric":"sos"}', topic=b"\xff\xfe")
    async with an_open_door(home) as door, a_raw_line(door) as (reader, writer):
        writer.write(a_connect() + bad_topic)
        assert await asyncio.wait_for(reader.read(), WITHIN_S) == CONNACK_OK
        await until(lambda: len(home.taken) == 1)
    (_, topic, payload, _) = home.taken[0]
    assert topic == ""
    assert b'{"metric":"sos"}' in payload


@pytest.mark.parametrize(
    "rubbish",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00" * 100,
        b"\xff" * 100,
        b"\x10\xff\xff\xff\xff\xff",
        a_publish(b"before any CONNECT"),
        a_connect() + a_connect(),
        a_connect() + b"\xf0\x00",
        a_connect() + b"\x82\x02\x00\x01",
        a_connect() + a_publish(b"x", packet_id=0),
        a_connect() + a_publish(b"x", topic=b"yian/#"),
    ],
)
async def test_rubbish_ends_its_line_and_nothing_else(home: Home, rubbish: bytes) -> None:
    async with an_open_door(home) as door, Device(door, user="d2") as neighbour:
        async with a_raw_line(door) as (reader, writer):
            writer.write(rubbish)
            answer = await asyncio.wait_for(reader.read(), WITHIN_S)
            assert answer in {b"", CONNACK_OK}
        assert await neighbour.says(b"fine") == await soon(neighbour.acknowledged)


async def test_an_unknown_protocol_is_told_so(home: Home) -> None:
    async with an_open_door(home) as door, a_raw_line(door) as (reader, writer):
        writer.write(a_connect(level=9))
        assert await asyncio.wait_for(reader.read(), WITHIN_S) == b"\x20\x02\x00\x01"


async def test_random_bytes_after_a_sign_in_never_break_the_door(home: Home) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable rubbish
    async with an_open_door(home) as door, Device(door, user="d2") as neighbour:
        for _ in range(50):
            async with a_raw_line(door) as (_, writer):
                writer.write(a_connect() + chance.randbytes(chance.randrange(1, 300)))
                await writer.drain()
        assert await neighbour.says(b"fine") == await soon(neighbour.acknowledged)


async def test_a_line_on_which_nothing_is_said_is_closed(home: Home) -> None:
    limits = Limits(connect_within_s=0.2)
    async with an_open_door(home, limits) as door, a_raw_line(door) as (reader, _):
        assert await asyncio.wait_for(reader.read(), WITHIN_S) == b""


async def test_a_client_that_falls_silent_is_closed_after_its_keep_alive(home: Home) -> None:
    async with an_open_door(home) as door, a_raw_line(door) as (reader, writer):
        writer.write(a_connect(level=5, keep_alive_s=1))
        answer = await asyncio.wait_for(reader.read(), WITHIN_S)
    assert answer.startswith(b"\x20")
    assert answer.endswith(b"\xe0\x01\x8d")


async def test_a_client_that_does_not_read_what_it_is_sent_is_cut_off(home: Home) -> None:
    limits = Limits(unsent_bytes=1024)
    async with an_open_door(home, limits) as door, a_raw_line(door) as (reader, writer):
        writer.write(a_connect() + b"\x82\x11\x00\x01\x00\x0cyian/d1/down\x00")
        await asyncio.wait_for(reader.readexactly(9), WITHIN_S)
        sent = 0
        while await door.publish_down("d1", bytes(1_000_000)):
            sent += 1
            assert sent < 50
        assert not await door.publish_down("d1", b"x")


async def test_at_the_end_what_is_being_kept_is_still_acknowledged(home: Home) -> None:
    home.holds.clear()
    async with an_open_door(home) as door, a_raw_line(door) as (reader, writer):
        writer.write(a_connect() + a_publish(b"press"))
        await until(lambda: len(home.taken) == 1)
        stopping = asyncio.create_task(door.stop())
        await asyncio.sleep(0.05)
        home.holds.set()
        await stopping
        assert await asyncio.wait_for(reader.read(), WITHIN_S) == CONNACK_OK + b"\x40\x02\x00\x01"


def test_the_door_works_on_the_loop_that_serves_it() -> None:
    async def press() -> list[bytes]:
        home = Home()
        async with an_open_door(home) as door, Device(door) as device:
            await device.says(b"press")
            await soon(device.acknowledged)
        return home.payloads

    assert uvloop.run(press()) == [b"press"]


async def test_the_door_takes_a_free_port_when_it_is_given_none(home: Home) -> None:
    door = MqttDoor("127.0.0.1", 0, authenticate=home.authenticate, handle=home.handle)
    await door.start()
    assert door.port > 0
    await door.stop()
