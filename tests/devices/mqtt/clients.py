"""Clients for the tests of the door: paho for the real thing, raw bytes for the impossible."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from devices.mqtt.connection import Limits
from devices.mqtt.door import MqttDoor
from devices.mqtt.ports import NotCommitted, Principal

WITHIN_S = 5.0
RIGHT = "right"

Told = TypeVar("Told")


class Home:
    """Stands behind the door: knows two devices, and keeps or refuses what comes."""

    def __init__(self) -> None:
        self.taken: list[tuple[Principal, str, bytes, bool]] = []
        self.refuses = False
        self.breaks = False
        self.holds = asyncio.Event()
        self.holds.set()

    async def authenticate(self, user: str, password: str) -> Principal | None:
        if self.breaks:
            raise OSError("no database")
        if password != RIGHT:
            return None
        return Principal(name=user, verified=True, speaks_for=frozenset({"behind-gateway"}))

    async def handle(self, principal: Principal, topic: str, payload: bytes, dup: bool) -> None:
        self.taken.append((principal, topic, payload, dup))
        await self.holds.wait()
        if self.refuses:
            raise NotCommitted

    @property
    def payloads(self) -> list[bytes]:
        return [payload for _, _, payload, _ in self.taken]


@asynccontextmanager
async def an_open_door(home: Home, limits: Limits | None = None) -> AsyncIterator[MqttDoor]:
    door = MqttDoor(
        "127.0.0.1", 0, authenticate=home.authenticate, handle=home.handle, limits=limits
    )
    await door.start()
    try:
        yield door
    finally:
        home.holds.set()
        await door.stop()


class Device:
    """A paho client in its own thread; what happens to it is awaited from the test."""

    def __init__(
        self,
        door: MqttDoor,
        *,
        user: str = "d1",
        password: str = RIGHT,
        version: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv311,
        keep_alive_s: int = 60,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._door = door
        self._keep_alive_s = keep_alive_s
        session: dict[str, Any] = (
            {} if version is MQTTProtocolVersion.MQTTv5 else {"clean_session": False}
        )
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=f"client-of-{user}", protocol=version, **session
        )
        self.client.username_pw_set(user, password)
        self.client.reconnect_delay_set(min_delay=1, max_delay=1)
        self.connected: asyncio.Queue[tuple[bool, bool]] = asyncio.Queue()
        self.acknowledged: asyncio.Queue[int] = asyncio.Queue()
        self.granted: asyncio.Queue[list[int]] = asyncio.Queue()
        self.received: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self.ended: asyncio.Queue[int] = asyncio.Queue()
        self.client.on_connect = lambda _c, _d, flags, reason, _p: self._tell(
            self.connected, (not reason.is_failure, flags.session_present)
        )
        self.client.on_publish = lambda _c, _d, mid, _r, _p: self._tell(self.acknowledged, mid)
        self.client.on_subscribe = lambda _c, _d, _m, reasons, _p: self._tell(
            self.granted, [reason.value for reason in reasons]
        )
        self.client.on_message = lambda _c, _d, message: self._tell(
            self.received, (message.topic, bytes(message.payload))
        )
        self.client.on_disconnect = lambda _c, _d, _f, reason, _p: self._tell(
            self.ended, reason.value
        )

    def _tell(self, queue: asyncio.Queue[Told], what: Told) -> None:
        self._loop.call_soon_threadsafe(queue.put_nowait, what)

    async def __aenter__(self) -> "Device":
        await asyncio.to_thread(
            self.client.connect, "127.0.0.1", self._door.port, self._keep_alive_s
        )
        self.client.loop_start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.client.disconnect)
        await asyncio.to_thread(self.client.loop_stop)

    async def says(self, payload: bytes, *, topic: str = "yian/d1/up", qos: int = 1) -> int:
        """Publish; returns the number by which the acknowledgement comes."""
        return self.client.publish(topic, payload, qos=qos).mid


async def soon(queue: asyncio.Queue[Told]) -> Told:
    return await asyncio.wait_for(queue.get(), WITHIN_S)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not condition():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def a_raw_line(
    door: MqttDoor,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def a_connect(
    *,
    client_id: bytes = b"c",
    user: bytes = b"d1",
    password: bytes = b"right",
    level: int = 4,
    keep_alive_s: int = 60,
) -> bytes:
    fields = b"".join(len(one).to_bytes(2, "big") + one for one in (client_id, user, password))
    properties = b"\0" if level == 5 else b""
    body = b"\0\x04MQTT" + bytes([level, 0xC2]) + keep_alive_s.to_bytes(2, "big")
    body += properties + fields
    return bytes([0x10, len(body)]) + body


def a_publish(
    payload: bytes, *, topic: bytes = b"yian/d1/up", packet_id: int = 1, qos: int = 1
) -> bytes:
    body = len(topic).to_bytes(2, "big") + topic
    body += packet_id.to_bytes(2, "big") if qos else b""
    body += payload
    length = len(body)
    encoded = bytearray()
    while length >= 128:
        encoded.append(length % 128 | 128)
        length //= 128
    encoded.append(length)
    return bytes([0x30 | qos << 1]) + bytes(encoded) + body


CONNACK_OK = b"\x20\x02\x00\x00"
