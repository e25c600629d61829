"""The bridge: the same messages from a broker that others run.

Our acknowledgement to that broker waits for the commit. The session is persistent, so what was not
acknowledged comes again: after a reconnection, ours or our process's. The broker must keep its
sessions on disk, and must let a device publish under its own name only, as it vouches for it here.
"""

import asyncio
import logging
import secrets
import ssl
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from devices.mqtt import figures
from devices.mqtt.pipeline import Pipeline, nothing_to_do
from devices.mqtt.ports import Handle, NotCommitted, Principal
from devices.mqtt.topics import SUBSCRIPTIONS, down_topic

logger = logging.getLogger(__name__)

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
STEADY_AFTER_S = 10.0
KEEP_ALIVE_S = 30
TICK_S = 1.0
MAX_IN_FLIGHT = 256
MAX_IN_FLIGHT_BYTES = 16 * 1024 * 1024

BROKER = Principal(name="broker", verified=True, speaks_for_all=True)


class MqttBridge:
    """A client of an external broker that reads as the MQTT door does.

    It runs in the caller's event loop: paho reads and writes when the socket is ready. Messages are
    taken with QoS 1 at most, as paho answers the first half of QoS 2 before we commit. A retained
    message is old news, and an old press must not ring: it is acknowledged and left.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        handle: Handle,
        client_id: str,
        user: str = "",
        password: str = "",
        tls: bool = False,
        subscriptions: tuple[str, ...] = SUBSCRIPTIONS,
    ) -> None:
        """`client_id` names the session at the broker: fixed, and one for each running process."""
        self.host = host
        self.port = port
        self._handle = handle
        self._subscriptions = subscriptions
        self._client = self._new_client(client_id, user, password, tls=tls)
        self._is_connected = False
        self._running: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop
        self._pipeline = self._new_pipeline()

    @property
    def is_connected(self) -> bool:
        """Whether the broker has let us in."""
        return self._is_connected

    async def start(self) -> None:
        """Begin to connect, and to connect again whenever the line ends."""
        self._loop = asyncio.get_running_loop()
        self._running = asyncio.create_task(self._run())

    async def stop(self, *, within_s: float = 2.0) -> None:
        """Let what is being handled be acknowledged, say goodbye; the broker keeps the rest."""
        if self._running is None:
            return
        self._running.cancel()
        await asyncio.wait([self._running])
        if self._pipeline.running:
            await asyncio.wait(self._pipeline.running, timeout=within_s)
            await asyncio.sleep(0)
        self._client.disconnect()

    def publish_down(self, device: str, payload: bytes) -> bool:
        """Give the broker a command for a device; False while there is no broker."""
        if not self._is_connected:
            return False
        sent = self._client.publish(down_topic(device), payload, qos=1)
        return sent.rc is MQTTErrorCode.MQTT_ERR_SUCCESS

    def _new_client(self, client_id: str, user: str, password: str, *, tls: bool) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=False,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        if user:
            client.username_pw_set(user, password)
        if tls:
            client.tls_set()
        client.on_connect = self._on_connect
        client.on_socket_close = self._on_socket_close
        client.on_message = self._on_message
        return client

    async def _run(self) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            began_at = self._loop.time()
            try:
                await self._stay_connected()
            except (OSError, ValueError) as error:
                logger.warning("MQTT broker %s:%d: %s", self.host, self.port, error)
            if self._loop.time() - began_at > STEADY_AFTER_S:
                wait_s = FIRST_WAIT_S
            await asyncio.sleep(wait_s * (0.5 + secrets.randbelow(1000) / 1000))
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    async def _stay_connected(self) -> None:
        """Connect, and return when the line has ended."""
        await asyncio.to_thread(self._client.connect, self.host, self.port, keepalive=KEEP_ALIVE_S)
        self._pipeline = self._new_pipeline()
        self._read_or_wait()
        self._write()
        while self._client.socket() is not None:
            await asyncio.sleep(TICK_S)
            self._client.loop_misc()
            self._write()

    def _new_pipeline(self) -> Pipeline[int]:
        """One for each connection: an answer never goes out on a later line."""
        return Pipeline(
            most=MAX_IN_FLIGHT,
            most_bytes=MAX_IN_FLIGHT_BYTES,
            answered=self._acknowledge,
            failed=self._withhold,
            advanced=self._read_or_wait,
        )

    def _on_connect(
        self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        if reason.is_failure:
            logger.error("MQTT broker %s:%d refuses us: %s", self.host, self.port, reason)
            return
        self._is_connected = True
        client.subscribe([(topic, 1) for topic in self._subscriptions])
        logger.info("MQTT broker %s:%d has let us in", self.host, self.port)

    def _on_socket_close(self, _client: paho.Client, _data: Any, line: Any) -> None:
        self._is_connected = False
        self._pipeline.close()
        self._loop.remove_reader(line)
        self._loop.remove_writer(line)

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        figures.RECEIVED.inc()
        answer = message.mid if message.qos else None
        if message.retain:
            figures.MESSAGES.labels("retained").inc()
            self._pipeline.add(nothing_to_do(), size=0, answer=answer)
            return
        work = self._handle(BROKER, message.topic, bytes(message.payload), message.dup)
        self._pipeline.add(work, size=len(message.payload), answer=answer)

    def _acknowledge(self, answers: list[int]) -> None:
        for message_id in answers:
            self._client.ack(message_id, 1)
        self._write()

    def _withhold(self, error: BaseException, answer: int | None) -> None:
        """A message was not stored: end the line, and the broker sends it again on the next."""
        is_known = isinstance(error, NotCommitted | asyncio.CancelledError)
        figures.MESSAGES.labels("not_committed" if is_known else "failed").inc()
        if not is_known:
            logger.error("a message of the MQTT broker failed", exc_info=error)
        if answer is None:
            logger.error("a message of the MQTT broker with QoS 0 is lost")
        else:
            self._client.disconnect()

    def _read_or_wait(self) -> None:
        """Listen while there is room for more messages."""
        line = self._client.socket()
        if line is None:
            return
        if self._pipeline.is_full:
            self._loop.remove_reader(line)
        else:
            self._loop.add_reader(line, self._read)

    def _read(self) -> None:
        self._client.loop_read()
        while _has_more(self._client.socket()) and not self._pipeline.is_full:
            self._client.loop_read()
        self._write()
        self._read_or_wait()

    def _write(self) -> None:
        """Write what is queued, and go on when the socket takes more."""
        if self._client.want_write():
            self._client.loop_write()
        line = self._client.socket()
        if line is None:
            return
        if self._client.want_write():
            self._loop.add_writer(line, self._write)
        else:
            self._loop.remove_writer(line)


def _has_more(line: Any) -> bool:
    """Whether TLS holds decrypted bytes that no readiness of the socket will tell of."""
    return isinstance(line, ssl.SSLSocket) and line.pending() > 0
