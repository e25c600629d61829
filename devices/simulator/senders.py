"""How homes send: some gateways by MQTT as they do in life, the others in batches by HTTP."""

import http.client
import json
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from devices.adapters import zigbee2mqtt
from devices.simulator import lorawan
from devices.simulator.homes import Home, Message

logger = logging.getLogger(__name__)

KEEP_ALIVE_S = 120
WITHIN_S = 10.0
MOST_QUEUED = 100
MOST_KEPT = 2_000
"""Messages of all homes that wait while nobody answers; the oldest go first."""


class TokenRefused(Exception):
    """The installation was set up anew; what we know of it is old."""


class Sender(Protocol):
    """Takes messages of homes and brings them to a door."""

    def send(self, messages: Sequence[Message]) -> None:
        """Bring what came due."""

    def close(self) -> None:
        """Say goodbye."""


class HttpSender:
    """One connection, on which each home posts what it has to say; unsent messages wait."""

    def __init__(self, url: str) -> None:
        """Connect when there is something to say."""
        self._address = urlsplit(url)
        self._line: http.client.HTTPConnection | None = None
        self._kept: deque[Message] = deque(maxlen=MOST_KEPT)

    def send(self, messages: Sequence[Message]) -> None:
        """Post home by home; what no door took is kept for the next time.

        Raises:
            TokenRefused: a home's token is not known.
        """
        self._kept.extend(messages)
        for of_home in self._parcels():
            try:
                status = self._post(of_home)
            except (OSError, http.client.HTTPException) as error:
                logger.info("nobody answers at %s: %s", self._address.netloc, error)
                self.close()
                return
            if status == http.client.UNAUTHORIZED:
                raise TokenRefused
            if status == http.client.SERVICE_UNAVAILABLE:
                return
            for message in of_home:
                self._kept.remove(message)

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _parcels(self) -> list[list[Message]]:
        """What goes together in one request."""
        waiting: dict[str, list[Message]] = {}
        for message in self._kept:
            waiting.setdefault(message.home.gateway, []).append(message)
        return list(waiting.values())

    def _body(self, messages: list[Message]) -> tuple[str, Any]:
        """Where it is posted, and what."""
        said = [each for message in messages for each in observations_in(message)]
        return "/ingest/v1/observations", said

    def _post(self, messages: list[Message]) -> int:
        if self._line is None:
            host, port = self._address.hostname or "", self._address.port
            self._line = http.client.HTTPConnection(host, port, timeout=WITHIN_S)
        path, body = self._body(messages)
        bearer = {"Authorization": f"Bearer {messages[0].home.token}"}
        self._line.request("POST", path, json.dumps(body), bearer)
        answer = self._line.getresponse()
        answer.read()
        return answer.status


class UplinkSender(HttpSender):
    """A LoRaWAN network that posts its sensors' uplinks one by one, as ChirpStack does."""

    def send(self, messages: Sequence[Message]) -> None:
        """Post what the sensors have words for, on a line that is not kept: they speak seldom."""
        super().send([message for message in messages if lorawan.event_of(message)])
        self.close()

    def _parcels(self) -> list[list[Message]]:
        return [[message] for message in self._kept]

    def _body(self, messages: list[Message]) -> tuple[str, Any]:
        return "/ingest/v1/chirpstack?event=up", lorawan.event_of(messages[0])


def observations_in(message: Message) -> list[dict[str, Any]]:
    """The same state in the form of the HTTP door."""
    at = message.at.isoformat()
    return [
        {"device": message.device, "metric": metric, "value": value, "at": at}
        for metric, value in zigbee2mqtt.readings_in(message.state)
    ]


class MqttSender:
    """Gateways with a line of their own each, driven from here without threads.

    What finds no line waits in it, as far as a gateway's memory goes.
    """

    def __init__(self, address: Mapping[str, Any], homes: Sequence[Home]) -> None:
        """Connect each gateway when it has something to say."""
        self._address = address
        self._lines = {home.gateway: self._line_of(home) for home in homes}

    def send(self, messages: Sequence[Message]) -> None:
        """Publish, and keep the lines alive."""
        for message in messages:
            line = self._lines[message.home.gateway]
            if not line.is_connected():
                self._connect(line)
            payload = json.dumps(message.state)
            line.publish(f"{zigbee2mqtt.BASE}{message.device}", payload, qos=1)
        for line in self._lines.values():
            self._go_on(line)

    def close(self) -> None:
        """Say goodbye on each line."""
        for line in self._lines.values():
            line.disconnect()

    def _line_of(self, home: Home) -> paho.Client:
        line = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"gateway-{home.gateway}")
        line.username_pw_set(home.gateway, home.token)
        line.connect_timeout = WITHIN_S
        line.max_queued_messages_set(MOST_QUEUED)
        return line

    def _connect(self, line: paho.Client) -> None:
        try:
            line.connect(self._address["host"], self._address["port"], keepalive=KEEP_ALIVE_S)
        except OSError as error:
            logger.info("no MQTT door at %s: %s", self._address["port"], error)
            return
        while not line.is_connected() and line.loop(WITHIN_S) is MQTTErrorCode.MQTT_ERR_SUCCESS:
            continue

    def _go_on(self, line: paho.Client) -> None:
        while line.is_connected() and line.loop(0.0) is MQTTErrorCode.MQTT_ERR_SUCCESS:
            if not line.want_write():
                break
