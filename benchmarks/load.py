"""Senders, each meant to run in a process of its own, so that the server has a core to itself."""

import asyncio
import json
import time
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import psycopg
import uvloop

from benchmarks import mqtt_client
from benchmarks.http_client import Connection
from benchmarks.mqtt_client import CONNACK_BYTES, PUBACK_BYTES

Result = TypeVar("Result")

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Sender:
    """A device and its token."""

    id: str
    token: str


@dataclass
class Sent:
    """What was acknowledged, and how long each acknowledgement took."""

    rows: int = 0
    seconds: float = 0.0
    waits_s: list[float] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds


def in_uvloop(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in the loop that the server uses, too."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def post_for(
    seconds: float, *, port: int, path: str, senders: list[Sender], rows_a_post: int
) -> Sent:
    """Post readings over one kept connection a sender, one request after another on each."""
    return in_uvloop(_post_for(seconds, port, path, senders, rows_a_post))


async def _post_for(
    seconds: float, port: int, path: str, senders: list[Sender], rows_a_post: int
) -> Sent:
    sent = Sent()
    began = time.monotonic()

    async def keep_posting(sender: Sender) -> None:
        connection = Connection(HOST, port)
        while (posted_at := time.monotonic()) < began + seconds:
            answer = await connection.post(path, _body(rows_a_post), token=sender.token)
            if answer.status not in {200, 201}:
                raise ConnectionError(f"{answer.status} {answer.body[:200]!r}")
            sent.rows += rows_a_post
            sent.waits_s.append(time.monotonic() - posted_at)
        connection.close()

    await asyncio.gather(*map(keep_posting, senders))
    sent.seconds = time.monotonic() - began
    return sent


def _body(rows: int) -> bytes:
    if rows == 1:
        return _reading()
    return b"[" + b",".join(_reading() for _ in range(rows)) + b"]"


def _reading() -> bytes:
    return b'{"metric":"motion","value":1,"id":"%s"}' % uuid.uuid4().hex.encode()


class Publisher(asyncio.Protocol):
    """An MQTT 3.1.1 client that keeps a window of QoS 1 messages on their way."""

    def __init__(self, sender: Sender, window: int, sent: Sent) -> None:
        """Publish as a device, from the moment it is let in until `stop`."""
        self._sender = sender
        self._window = window
        self._sent = sent
        self._topic = f"yian/{sender.id}/up".encode()
        self._read = 0
        self._let_in = False
        self._next_id = 0
        self._is_stopping = False
        self._transport: asyncio.Transport
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say who we are."""
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(mqtt_client.connect(self._sender.id, self._sender.token))

    def data_received(self, data: bytes) -> None:
        """Count acknowledgements, which are all of one size, and send as many messages again."""
        self._read += len(data)
        if not self._let_in:
            if self._read < CONNACK_BYTES:
                return
            self._let_in = True
            self._read -= CONNACK_BYTES
            self._publish(self._window)
        acknowledged, self._read = divmod(self._read, PUBACK_BYTES)
        if self._is_stopping:
            return
        self._sent.rows += acknowledged
        self._publish(acknowledged)

    def connection_lost(self, error: Exception | None) -> None:
        """A line that ends before it was told to is an error."""
        if not self._is_stopping:
            self.ended.set_exception(error or ConnectionError("the door closed the line"))
        elif not self.ended.done():
            self.ended.set_result(None)

    def stop(self) -> None:
        """Count no more."""
        self._is_stopping = True
        self._transport.abort()

    def _publish(self, count: int) -> None:
        self._transport.write(b"".join(self._message() for _ in range(count)))

    def _message(self) -> bytes:
        self._next_id = self._next_id % 0xFFFF + 1
        return mqtt_client.publish(self._topic, self._next_id, _reading())


def publish_for(seconds: float, *, port: int, senders: list[Sender], window: int) -> Sent:
    """Publish readings at QoS 1, a connection a sender, each with a window on its way."""
    return in_uvloop(_publish_for(seconds, port, senders, window))


async def _publish_for(seconds: float, port: int, senders: list[Sender], window: int) -> Sent:
    loop = asyncio.get_running_loop()
    sent = Sent()
    publishers = []
    began = time.monotonic()
    for sender in senders:
        publisher = Publisher(sender, window, sent)
        publishers.append(publisher)
        await loop.create_connection(lambda made=publisher: made, HOST, port)  # type: ignore[misc]
    lines = asyncio.gather(*[publisher.ended for publisher in publishers])
    await asyncio.wait([lines], timeout=seconds)
    sent.seconds = time.monotonic() - began
    for publisher in publishers:
        publisher.stop()
    await lines
    return sent


def copy_for(seconds: float, *, database_url: str, device_id: str, rows_a_batch: int) -> Sent:
    """The limit: take messages by the ledger's unique key and copy them, over one connection."""
    sent = Sent()
    with psycopg.connect(database_url) as connection:
        while sent.seconds < seconds:
            keys = [uuid.uuid4().hex for _ in range(rows_a_batch)]
            now = datetime.now(UTC).isoformat()
            lines = "".join(f"{device_id}\tmotion\t1.0\t\\N\t{now}\t{now}\t2\n" for _ in keys)
            began = time.monotonic()
            _take_and_copy(connection, f"limit:{device_id}", keys, lines)
            sent.seconds += time.monotonic() - began
            sent.rows += rows_a_batch
    return sent


def _take_and_copy(
    connection: "psycopg.Connection[Any]", source: str, keys: list[str], lines: str
) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_ledgerentry (source, key, received_at, result)"
            " SELECT %s, key, now(), '' FROM unnest(%s::text[]) AS sent (key)"
            " ON CONFLICT (source, key) DO NOTHING RETURNING key",
            [source, keys],
        )
        assert len(cursor.fetchall()) == len(keys)
        with cursor.copy(
            "COPY devices_reading (device_id, metric, value, text, at, received_at, flags)"
            " FROM STDIN"
        ) as stream:
            stream.write(lines)


def senders_from(text: str) -> list[Sender]:
    """Senders as `benchmarks.devices` prints them."""
    return [Sender(**entry) for entry in json.loads(text)]
