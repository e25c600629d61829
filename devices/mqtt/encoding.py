"""Packets of a server as bytes, in the version its client speaks."""

from struct import pack

from devices.mqtt.packets import CONTINUED, FLAGS, WITH_PROPERTIES, Kind, Reason

_ASSIGNED_CLIENT_ID, _RECEIVE_MAXIMUM, _MAXIMUM_PACKET_SIZE = 0x12, 0x21, 0x27
_REFUSED_SUBSCRIPTION = 0x80

_CONNACK_CODES = {
    Reason.SUCCESS: 0,
    Reason.UNSUPPORTED_VERSION: 1,
    Reason.UNAVAILABLE: 3,
    Reason.NOT_AUTHORIZED: 5,
}
"""Return codes of MQTT 3.1.1, 3.2.2.3."""

PINGRESP = bytes([Kind.PINGRESP << 4, 0])


def connack(
    version: int,
    reason: Reason,
    *,
    session_present: bool = False,
    receive_maximum: int = 0,
    max_packet_bytes: int = 0,
    assigned_client_id: str = "",
) -> bytes:
    """Answer a CONNECT; the limits are told to clients of MQTT 5 only."""
    if version < WITH_PROPERTIES:
        return bytes([Kind.CONNACK << 4, 2, session_present, _CONNACK_CODES[reason]])
    properties = b""
    if receive_maximum:
        properties += pack("!BH", _RECEIVE_MAXIMUM, receive_maximum)
    if max_packet_bytes:
        properties += pack("!BI", _MAXIMUM_PACKET_SIZE, max_packet_bytes)
    if assigned_client_id:
        properties += pack("!B", _ASSIGNED_CLIENT_ID) + _text(assigned_client_id)
    body = bytes([session_present, reason]) + _length(len(properties)) + properties
    return _packet(Kind.CONNACK << 4, body)


def ack(kind: Kind, packet_id: int) -> bytes:
    """PUBACK, PUBREC, PUBREL or PUBCOMP: done, in every version."""
    return pack("!BBH", kind << 4 | FLAGS[kind], 2, packet_id)


def suback(version: int, packet_id: int, granted: list[int | None]) -> bytes:
    """Answer a SUBSCRIBE with a QoS for each filter, None for a refused one."""
    refused = Reason.NOT_AUTHORIZED if version >= WITH_PROPERTIES else _REFUSED_SUBSCRIPTION
    codes = bytes(refused if qos is None else qos for qos in granted)
    return _packet(Kind.SUBACK << 4, pack("!H", packet_id) + _no_properties(version) + codes)


def unsuback(version: int, packet_id: int, filters: int) -> bytes:
    """Answer an UNSUBSCRIBE."""
    codes = bytes(filters) if version >= WITH_PROPERTIES else b""
    return _packet(Kind.UNSUBACK << 4, pack("!H", packet_id) + _no_properties(version) + codes)


def publish(version: int, topic: str, payload: bytes, *, packet_id: int) -> bytes:
    """A message to a client: QoS 1 with a packet id, QoS 0 with 0."""
    first = Kind.PUBLISH << 4 | (2 if packet_id else 0)
    named = _text(topic) + (pack("!H", packet_id) if packet_id else b"")
    return _packet(first, named + _no_properties(version) + payload)


def disconnect(version: int, reason: Reason) -> bytes:
    """Say why the line is closed; before MQTT 5 a server cannot."""
    return bytes([Kind.DISCONNECT << 4, 1, reason]) if version >= WITH_PROPERTIES else b""


def _packet(first: int, body: bytes) -> bytes:
    return bytes([first]) + _length(len(body)) + body


def _no_properties(version: int) -> bytes:
    return b"\0" if version >= WITH_PROPERTIES else b""


def _text(text: str) -> bytes:
    encoded = text.encode()
    return pack("!H", len(encoded)) + encoded


def _length(length: int) -> bytes:
    encoded = bytearray()
    while length >= CONTINUED:
        encoded.append(length & 0x7F | CONTINUED)
        length >>= 7
    encoded.append(length)
    return bytes(encoded)
