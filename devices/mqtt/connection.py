"""One client's line at the MQTT door."""

import asyncio
import logging
import secrets
import socket
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Protocol, cast

from devices.mqtt import encoding, figures
from devices.mqtt.decoding import Decoder
from devices.mqtt.packets import (
    Ack,
    Connect,
    Disconnect,
    Kind,
    Malformed,
    Packet,
    Ping,
    Publish,
    Reason,
    Subscribe,
    Unsubscribe,
)
from devices.mqtt.pipeline import Pipeline, nothing_to_do
from devices.mqtt.ports import Authenticate, Handle, NotCommitted, Principal
from devices.mqtt.topics import down_topic, may_subscribe

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much the door bears, in all and of each client."""

    connections: int = 12_000
    strangers: int = 256
    """Connections without proven credentials; the oldest makes room for the next."""
    connect_within_s: float = 10
    authenticate_within_s: float = 15
    idle_s: float = 3_600
    """For clients that ask for no keep-alive, and the longest that others may ask for."""
    stranger_idle_s: float = 90
    packet_bytes: int = 1024 * 1024
    stranger_packet_bytes: int = 16 * 1024
    in_flight: int = 256
    stranger_in_flight: int = 8
    in_flight_bytes: int = 1024 * 1024
    unsent_bytes: int = 256 * 1024
    """Answers and commands that a client does not read; beyond, it is cut off."""


class Keeper(Protocol):
    """What a connection needs of its door."""

    limits: Limits
    authenticate: Authenticate
    handle: Handle

    def came(self, connection: "Connection") -> None:
        """A line was opened by somebody unknown."""

    def known(self, connection: "Connection") -> None:
        """Its credentials were checked: `principal` and `client_id` are set."""

    def gone(self, connection: "Connection") -> None:
        """The line is closed."""

    def salvage(self, principal: Principal, body: bytes) -> None:
        """A message could not be read; perhaps an alarm in it can."""


class _State(Enum):
    NEW = "new"
    CHECKING = "checking"
    OPEN = "open"
    CLOSED = "closed"


class Connection(asyncio.Protocol):
    """Reads packets, has messages handled, and acknowledges only what was handled."""

    def __init__(self, keeper: Keeper) -> None:
        """Begin as a stranger: everything small until the credentials are proven."""
        self._keeper = keeper
        self._limits = keeper.limits
        self._loop = asyncio.get_running_loop()
        self._decoder = Decoder(max_packet_bytes=self._limits.stranger_packet_bytes)
        self._pipeline: Pipeline[bytes] = Pipeline(
            most=self._limits.stranger_in_flight,
            most_bytes=self._limits.in_flight_bytes,
            answered=self._answer,
            failed=self._withhold,
            advanced=self._read_on,
        )
        self._state = _State.NEW
        self._is_paused = False
        self._idle_s = self._limits.connect_within_s
        self._second_steps: set[int] = set()
        self._sent: dict[int, asyncio.Future[None]] = {}
        self._last_sent_id = 0
        self._transport: asyncio.Transport
        self.principal = Principal(name="", verified=False)
        self.client_id = ""
        self.listens_to: dict[str, int] = {}
        self.deadline_at = self._loop.time() + self._idle_s
        self.ended: asyncio.Future[None] = self._loop.create_future()

    @property
    def is_open(self) -> bool:
        """Whether the client was let in and is still there."""
        return self._state is _State.OPEN

    @property
    def running(self) -> list[asyncio.Future[Any]]:
        """Messages being handled."""
        return self._pipeline.running

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet a line: set its limits and have it counted."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's has another base class
        self._transport.set_write_buffer_limits(high=self._limits.unsent_bytes)
        line = transport.get_extra_info("socket")
        if line is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        peer = transport.get_extra_info("peername")
        source = str(peer[0]) if isinstance(peer, tuple) else ""
        self.principal = Principal(name="", verified=False, source=source)
        self._keeper.came(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the line; what is being handled is handled to its end."""
        del exc
        self._state = _State.CLOSED
        for waiting in self._sent.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError())
        self._pipeline.close()
        self._keeper.gone(self)
        self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Take what the line brought."""
        if self._state is not _State.CLOSED:
            self._decoder.feed(data)
            self._read_on()

    def pause_writing(self) -> None:
        """Cut off a client that does not read what it is sent."""
        self.close("slow")
        self.cut_off()

    def expire(self, *, now: float) -> None:
        """End a line on which nothing came in time; called when `deadline_at` is past."""
        if self._state is _State.CLOSED:
            self.cut_off()
        elif self._is_paused:
            self.deadline_at = now + self._idle_s
        else:
            self.close("silent", Reason.KEEP_ALIVE_TIMEOUT)

    def close(self, why: str, reason: Reason | None = None) -> None:
        """End the line, saying why where the protocol can; twice is once."""
        if self._state is _State.CLOSED:
            return
        if reason is not None and self._state is _State.OPEN:
            self._transport.write(encoding.disconnect(self._decoder.version, reason))
        self._state = _State.CLOSED
        self.deadline_at = self._loop.time() + 1
        self._transport.close()
        figures.CLOSED.labels(why).inc()
        logger.log(
            logging.INFO if self.principal.verified else logging.DEBUG,  # strangers write no logs
            "MQTT connection of %r (verified: %s) from %s ended: %s",
            self.principal.name,
            self.principal.verified,
            self.principal.source,
            why,
        )

    def cut_off(self) -> None:
        """End a line without waiting for what is still to be sent."""
        self._transport.abort()

    def take_no_more(self) -> None:
        """Leave unread what still comes; what was read is handled and acknowledged."""
        self._pipeline.most = 0
        self._pause_or_resume()

    async def deliver(self, topic: str, payload: bytes) -> None:
        """Send a message; with QoS 1, return when the client has acknowledged it.

        Raises:
            ConnectionResetError: the line ended before.
        """
        if not self.is_open:
            raise ConnectionResetError
        version = self._decoder.version
        if not self.listens_to.get(topic):
            self._send(encoding.publish(version, topic, payload, packet_id=0))
            return
        self._last_sent_id = packet_id = self._last_sent_id % 0xFFFF + 1
        self._sent[packet_id] = acknowledged = self._loop.create_future()
        self._send(encoding.publish(version, topic, payload, packet_id=packet_id))
        try:
            await acknowledged
        finally:
            self._sent.pop(packet_id, None)

    def _read_on(self) -> None:
        try:
            while self._may_read():
                packet = self._decoder.next()
                if packet is None:
                    break
                self.deadline_at = self._loop.time() + self._idle_s
                self._take(packet)
        except Malformed as error:
            self._refuse(error)
        self._pause_or_resume()

    def _may_read(self) -> bool:
        return self._state in {_State.NEW, _State.OPEN} and not self._pipeline.is_full

    def _pause_or_resume(self) -> None:
        if self._state is _State.CLOSED or self._is_paused is not self._may_read():
            return
        self._is_paused = not self._is_paused
        if self._is_paused:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _refuse(self, error: Malformed) -> None:
        """End a line that cannot be understood, but look for an alarm in its last words."""
        if error.body and self._state is _State.OPEN:
            self._keeper.salvage(self.principal, error.body)
        figures.MESSAGES.labels("malformed").inc()
        if self._state is _State.NEW and error.reason is Reason.UNSUPPORTED_VERSION:
            self._transport.write(encoding.connack(4, Reason.UNSUPPORTED_VERSION))
        self.close(
            "too_large" if error.reason is Reason.PACKET_TOO_LARGE else "malformed", error.reason
        )

    def _take(self, packet: Packet) -> None:
        if self._state is _State.NEW:
            if not isinstance(packet, Connect):
                raise Malformed("no CONNECT first")
            self._begin(packet)
            return
        match packet:
            case Publish():
                self._handle(packet)
            case Ack():
                self._take_ack(packet)
            case Ping():
                self._send(encoding.PINGRESP)
            case Subscribe():
                self._subscribe(packet)
            case Unsubscribe():
                self._unsubscribe(packet)
            case Disconnect():
                self.close("goodbye")
            case Connect():
                raise Malformed("a second CONNECT", reason=Reason.PROTOCOL_ERROR)

    def _begin(self, connect: Connect) -> None:
        self._state = _State.CHECKING
        self.client_id = connect.client_id or f"yian-{secrets.token_hex(8)}"
        within_s = self._limits.authenticate_within_s
        self.deadline_at = self._loop.time() + within_s + 1
        checking = asyncio.ensure_future(
            asyncio.wait_for(self._keeper.authenticate(connect.user, connect.password), within_s)
        )
        checking.add_done_callback(lambda done: self._let_in(connect, done))

    def _let_in(self, connect: Connect, checked: asyncio.Future[Principal | None]) -> None:
        """Answer the CONNECT. With wrong credentials too: a call for help needs none."""
        error = None if checked.cancelled() else checked.exception()
        if self._state is _State.CLOSED:
            return
        if checked.cancelled() or error is not None:
            logger.warning("MQTT credentials could not be checked: %r", error)
            self._transport.write(encoding.connack(connect.version, Reason.UNAVAILABLE))
            self.close("not_checked")
            return
        known = checked.result()
        if known is not None and known.verified:
            self._trust(known)
        else:
            name, source = connect.user or connect.client_id, self.principal.source
            self.principal = Principal(name=name[:200], verified=False, source=source)
        self._open(connect)

    def _trust(self, principal: Principal) -> None:
        self.principal = replace(principal, source=self.principal.source)
        self._decoder.max_packet_bytes = self._limits.packet_bytes
        self._pipeline.most = self._limits.in_flight

    def _open(self, connect: Connect) -> None:
        most_s = self._limits.idle_s if self.principal.verified else self._limits.stranger_idle_s
        self._idle_s = min(connect.keep_alive_s * 1.5 or most_s, most_s)
        self.deadline_at = self._loop.time() + self._idle_s
        self._state = _State.OPEN
        is_known = not connect.clean and self.principal.had_session
        if is_known and self.principal.verified:
            self.listens_to[down_topic(self.principal.name)] = 1
        self._transport.write(
            encoding.connack(
                connect.version,
                Reason.SUCCESS,
                session_present=is_known,
                receive_maximum=self._pipeline.most,
                max_packet_bytes=self._decoder.max_packet_bytes,
                assigned_client_id="" if connect.client_id else self.client_id,
            )
        )
        self._keeper.known(self)
        self._read_on()

    def _handle(self, message: Publish) -> None:
        figures.RECEIVED.inc()
        work: Awaitable[object]
        if message.qos == 2 and message.packet_id in self._second_steps:
            work = nothing_to_do()
        else:
            work = self._keeper.handle(self.principal, message.topic, message.payload, message.dup)
        answer = None
        if message.qos == 1:
            answer = encoding.ack(Kind.PUBACK, message.packet_id)
        elif message.qos:
            self._second_steps.add(message.packet_id)
            answer = encoding.ack(Kind.PUBREC, message.packet_id)
        self._pipeline.add(work, size=len(message.payload), answer=answer)

    def _answer(self, answers: list[bytes]) -> None:
        self._send(b"".join(answers))

    def _withhold(self, error: BaseException, answer: bytes | None) -> None:
        """A message was not stored: without our answer its sender sends it again."""
        is_known = isinstance(error, NotCommitted | asyncio.CancelledError)
        figures.MESSAGES.labels("not_committed" if is_known else "failed").inc()
        if not is_known:
            logger.error("MQTT message of %r failed", self.principal.name, exc_info=error)
        if answer is None:
            logger.error("MQTT message of %r with QoS 0 is lost", self.principal.name)
            return
        self.close("not_committed", Reason.BUSY)

    def _take_ack(self, ack: Ack) -> None:
        if ack.kind is Kind.PUBREL:
            self._second_steps.discard(ack.packet_id)
            self._send(encoding.ack(Kind.PUBCOMP, ack.packet_id))
        elif ack.kind is Kind.PUBACK:
            waiting = self._sent.get(ack.packet_id)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)

    def _subscribe(self, asked: Subscribe) -> None:
        granted: list[int | None] = []
        for topic_filter, qos in asked.filters:
            if may_subscribe(self.principal, topic_filter):
                self.listens_to[topic_filter] = min(qos, 1)
                granted.append(min(qos, 1))
            else:
                figures.MESSAGES.labels("subscription_refused").inc()
                granted.append(None)
        self._send(encoding.suback(self._decoder.version, asked.packet_id, granted))

    def _unsubscribe(self, asked: Unsubscribe) -> None:
        for topic_filter in asked.filters:
            self.listens_to.pop(topic_filter, None)
        self._send(encoding.unsuback(self._decoder.version, asked.packet_id, len(asked.filters)))

    def _send(self, data: bytes) -> None:
        if self._state is not _State.CLOSED:
            self._transport.write(data)
