"""MQTT's control packets as a server sees them.

Source: OASIS, MQTT Version 3.1.1 and MQTT Version 5.0.
"""

from enum import IntEnum
from typing import NamedTuple

WITH_PROPERTIES = 5
"""Packets carry properties from this protocol version on."""

CONTINUED = 0x80
"""The bit of a length's byte that says that another follows (MQTT 5, 1.5.5)."""


class Kind(IntEnum):
    """Control packet types (MQTT 5, 2.1.2)."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14
    AUTH = 15


class Reason(IntEnum):
    """The reason codes of MQTT 5 that we give; 3.1.1 has its own few (encoding.py)."""

    SUCCESS = 0x00
    MALFORMED = 0x81
    PROTOCOL_ERROR = 0x82
    UNSUPPORTED_VERSION = 0x84
    NOT_AUTHORIZED = 0x87
    UNAVAILABLE = 0x88
    BUSY = 0x89
    SHUTTING_DOWN = 0x8B
    KEEP_ALIVE_TIMEOUT = 0x8D
    TAKEN_OVER = 0x8E
    PACKET_TOO_LARGE = 0x95


class Malformed(Exception):
    """The bytes are no packet that we take; `reason` says how, `body` is what can be salvaged."""

    def __init__(self, what: str, *, reason: Reason = Reason.MALFORMED, body: bytes = b"") -> None:
        """Keep what is wrong, for the log, and the bytes in which an alarm may stand."""
        super().__init__(what)
        self.reason = reason
        self.body = body


class Connect(NamedTuple):
    """A client introduces itself. Its will is read over: nobody would receive it."""

    version: int
    client_id: str
    clean: bool
    keep_alive_s: int
    user: str
    password: str


class Publish(NamedTuple):
    """A message; `packet_id` is 0 for QoS 0."""

    topic: str
    payload: bytes
    qos: int
    packet_id: int
    dup: bool
    retain: bool


class Ack(NamedTuple):
    """PUBACK, PUBREC, PUBREL or PUBCOMP; a reason from 0x80 on is a refusal."""

    kind: Kind
    packet_id: int
    reason: int


class Subscribe(NamedTuple):
    """Topic filters with the QoS wished for."""

    packet_id: int
    filters: list[tuple[str, int]]


class Unsubscribe(NamedTuple):
    """Topic filters."""

    packet_id: int
    filters: list[str]


class Ping(NamedTuple):
    """The client is alive."""


class Disconnect(NamedTuple):
    """The client says goodbye."""


Packet = Connect | Publish | Ack | Subscribe | Unsubscribe | Ping | Disconnect

FLAGS: dict[int, int] = {
    Kind.CONNECT: 0,
    Kind.PUBACK: 0,
    Kind.PUBREC: 0,
    Kind.PUBREL: 2,
    Kind.PUBCOMP: 0,
    Kind.SUBSCRIBE: 2,
    Kind.UNSUBSCRIBE: 2,
    Kind.PINGREQ: 0,
    Kind.DISCONNECT: 0,
}
"""The packets a client may send besides PUBLISH, and their fixed flags (MQTT 5, 2.1.3)."""
