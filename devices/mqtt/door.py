"""The MQTT door: takes messages, and acknowledges what is committed.

It is no broker. What a client publishes goes to `handle` and to nobody else; wills and retained
messages are not kept; a device hears its own commands only.
"""

import asyncio
import logging
import ssl
from contextlib import suppress

from devices.mqtt import figures
from devices.mqtt.connection import Connection, Limits
from devices.mqtt.packets import Reason
from devices.mqtt.ports import Authenticate, Handle, Principal
from devices.mqtt.topics import down_topic

logger = logging.getLogger(__name__)

SWEEP_EVERY_S = 1.0
GOODBYE_S = 0.5
MAX_SALVAGING = 64
"""Unreadable messages that are searched for an alarm at the same time."""


class MqttDoor:
    """A server for devices and gateways that speak MQTT 3.1, 3.1.1 or 5.

    With wrong credentials a client is let in as a stranger: its messages reach `handle` with an
    unverified principal, so that a call for help is heard, and it may subscribe to nothing.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        authenticate: Authenticate,
        handle: Handle,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Port 0 takes a free one, told by `port` after `start`."""
        self.host = host
        self.port = port
        self.authenticate = authenticate
        self.handle = handle
        self.limits = limits or Limits()
        self._tls = tls
        self._connections: set[Connection] = set()
        self._strangers: dict[Connection, None] = {}
        self._sessions: dict[tuple[str, str], Connection] = {}
        self._salvaging: set[asyncio.Future[object]] = set()
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen, and keep watch over silent lines."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self), self.host, self.port, ssl=self._tls, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._sweeper = asyncio.create_task(self._sweep())

    async def stop(self, *, within_s: float = 2.0) -> None:
        """Take nothing more, let what is being handled finish and be acknowledged, close."""
        if self._server is None or self._sweeper is None:
            return
        self._server.close()
        self._sweeper.cancel()
        for connection in self._connections:
            connection.take_no_more()
        running = [future for one in self._connections for future in one.running]
        running += self._salvaging
        if running:
            await asyncio.wait(running, timeout=within_s)
            await asyncio.sleep(0)
        await self._close_all()
        with suppress(asyncio.CancelledError):
            await self._sweeper

    async def _close_all(self) -> None:
        connections = list(self._connections)
        for connection in connections:
            connection.close("stopped", Reason.SHUTTING_DOWN)
        if not connections:
            return
        await asyncio.wait([one.ended for one in connections], timeout=GOODBYE_S)
        for connection in self._connections:
            connection.cut_off()

    async def publish_down(self, device: str, payload: bytes, *, within_s: float = 5.0) -> bool:
        """Send a device its command; whether it arrived, as far as the device's QoS tells.

        False when nobody listens for it here, or no acknowledgement came in time.
        """
        topic = down_topic(device)
        listeners = [one for one in self._connections if one.is_open and topic in one.listens_to]
        if not listeners:
            return False
        sent = [asyncio.create_task(one.deliver(topic, payload)) for one in listeners]
        done, late = await asyncio.wait(sent, timeout=within_s)
        for one in late:
            one.cancel()
        return any(one.exception() is None for one in done)

    def came(self, connection: Connection) -> None:
        """Make room for a line: the oldest stranger goes first, a known device never does."""
        self._connections.add(connection)
        self._strangers[connection] = None
        figures.CONNECTIONS.labels("no").inc()
        is_full = len(self._connections) > self.limits.connections
        if is_full or len(self._strangers) > self.limits.strangers:
            oldest = next(iter(self._strangers))
            del self._strangers[oldest]
            oldest.close("crowded_out")

    def known(self, connection: Connection) -> None:
        """Move a verified line out of the strangers; it replaces its own older line."""
        if not connection.principal.verified:
            return
        self._strangers.pop(connection, None)
        figures.CONNECTIONS.labels("no").dec()
        figures.CONNECTIONS.labels("yes").inc()
        session = (connection.principal.name, connection.client_id)
        older = self._sessions.get(session)
        self._sessions[session] = connection
        if older is not None:
            older.close("taken_over", Reason.TAKEN_OVER)

    def gone(self, connection: Connection) -> None:
        """Forget a line."""
        self._connections.discard(connection)
        self._strangers.pop(connection, None)
        figures.CONNECTIONS.labels("yes" if connection.principal.verified else "no").dec()
        session = (connection.principal.name, connection.client_id)
        if self._sessions.get(session) is connection:
            del self._sessions[session]

    def salvage(self, principal: Principal, body: bytes) -> None:
        """Hand on what could not be read; a full house of it drops the rest, which comes again."""
        if len(self._salvaging) >= MAX_SALVAGING:
            figures.MESSAGES.labels("salvage_dropped").inc()
            return
        work = asyncio.ensure_future(self.handle(principal, "", body, False))
        self._salvaging.add(work)
        work.add_done_callback(self._salvaged)

    def _salvaged(self, work: asyncio.Future[object]) -> None:
        self._salvaging.discard(work)
        error = None if work.cancelled() else work.exception()
        if error is not None:
            logger.error("an unreadable MQTT message was not searched: %r", error)

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            now = loop.time()
            for connection in [one for one in self._connections if one.deadline_at < now]:
                connection.expire(now=now)
