"""Bytes of a client as packets: no sockets, no clock, no trust.

Feed bytes to a `Decoder` and take packets out. Whatever comes in, only `Malformed` is raised. What
a careless device gets wrong without harm (text of the client id or user name that is no UTF-8, a
duplicate flag with QoS 0) is let pass. Versions 3.1, 3.1.1 and 5.
"""

from collections.abc import Callable

from devices.mqtt.packets import (
    CONTINUED,
    FLAGS,
    WITH_PROPERTIES,
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

SALVAGEABLE_BYTES = 64 * 1024
"""How much of a message that cannot be read is searched for an alarm."""

_MAX_QOS = 2
_MAX_LENGTH_BYTES = 4
_CLEAN, _WILL, _PASSWORD, _USER = 0x02, 0x04, 0x40, 0x80

_PROTOCOLS = {("MQIsdp", 3): 3, ("MQTT", 4): 4, ("MQTT", 5): 5}


class Decoder:
    """Packets out of a stream of bytes."""

    def __init__(self, *, max_packet_bytes: int) -> None:
        """Refuse packets longer than this before they are buffered."""
        self.max_packet_bytes = max_packet_bytes
        self.version = 4
        self._buffer = bytearray()
        self._start = 0

    def feed(self, data: bytes) -> None:
        """Add what the line brought."""
        if self._start:
            del self._buffer[: self._start]
            self._start = 0
        self._buffer += data

    @property
    def waiting_bytes(self) -> int:
        """How much was fed and not yet taken out."""
        return len(self._buffer) - self._start

    def next(self) -> Packet | None:
        """The next whole packet, or None until more was fed.

        Raises:
            Malformed: nothing that follows on this line can be understood.
        """
        found = self._frame()
        if found is None:
            return None
        first, body, end = found
        self._start = end
        reader = _Reader(self._buffer, body, end, self.version)
        if first >> 4 != Kind.PUBLISH:
            packet = _read(reader, Kind(first >> 4))
            self.version = reader.version
            return packet
        try:
            return _read_publish(reader, first)
        except Malformed as error:
            error.body = bytes(self._buffer[body:end][:SALVAGEABLE_BYTES])
            raise

    def _frame(self) -> tuple[int, int, int] | None:
        """First byte, start of the body, end; refused before a body is awaited."""
        buffer, start = self._buffer, self._start
        available = len(buffer) - start
        if not available:
            return None
        first = buffer[start]
        is_publish = first >> 4 == Kind.PUBLISH
        if not is_publish and FLAGS.get(first >> 4) != first & 0x0F:
            raise Malformed("no packet of a client")
        length = shift = 0
        for position in range(start + 1, start + 1 + _MAX_LENGTH_BYTES):
            if position - start >= available:
                return None
            byte = buffer[position]
            length |= (byte & 0x7F) << shift
            if byte < CONTINUED:
                break
            shift += 7
        else:
            raise Malformed("endless length")
        body = position + 1
        if length > self.max_packet_bytes:
            salvageable = bytes(buffer[body : body + SALVAGEABLE_BYTES]) if is_publish else b""
            raise Malformed("too large", reason=Reason.PACKET_TOO_LARGE, body=salvageable)
        if body + length > len(buffer):
            return None
        return first, body, body + length


class _Reader:
    """Fields out of one packet's body, never beyond its end."""

    __slots__ = ("_buffer", "_end", "_position", "version")

    def __init__(self, buffer: bytearray, start: int, end: int, version: int) -> None:
        self._buffer = buffer
        self._position = start
        self._end = end
        self.version = version

    @property
    def is_at_end(self) -> bool:
        return self._position == self._end

    def take(self, length: int) -> bytes:
        start = self._position
        self._position = start + length
        if self._position > self._end:
            raise Malformed("cut short")
        return bytes(self._buffer[start : self._position])

    def rest(self) -> bytes:
        return self.take(self._end - self._position)

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        high, low = self.take(2)
        return high << 8 | low

    def packet_id(self) -> int:
        number = self.number()
        if not number:
            raise Malformed("packet id 0")
        return number

    def binary(self) -> bytes:
        return self.take(self.number())

    def careless_text(self) -> str:
        return self.binary().decode("utf-8", "replace")

    def text(self) -> str:
        try:
            text = self.binary().decode()
        except UnicodeDecodeError as error:
            raise Malformed("text that is no UTF-8") from error
        if not text or "\0" in text:
            raise Malformed("empty text or NUL")
        return text

    def skip_properties(self) -> None:
        """Read over MQTT 5's properties: none of a client's changes what we do."""
        if self.version < WITH_PROPERTIES:
            return
        length = shift = 0
        for _ in range(_MAX_LENGTH_BYTES):
            byte = self.byte()
            length |= (byte & 0x7F) << shift
            if byte < CONTINUED:
                break
            shift += 7
        else:
            raise Malformed("endless length")
        self.take(length)


def _read_publish(reader: _Reader, first: int) -> Publish:
    qos = first >> 1 & 3
    if qos > _MAX_QOS:
        raise Malformed("QoS 3")
    topic = reader.text()
    if "#" in topic or "+" in topic:
        raise Malformed("wildcard in a topic")
    packet_id = reader.packet_id() if qos else 0
    reader.skip_properties()
    return Publish(topic, reader.rest(), qos, packet_id, bool(first & 8), bool(first & 1))


def _read(reader: _Reader, kind: Kind) -> Packet:
    packet = _READERS[kind](reader, kind)
    if not reader.is_at_end:
        raise Malformed("longer than its content")
    return packet


def _read_connect(reader: _Reader, _kind: Kind) -> Connect:
    version = _PROTOCOLS.get((reader.careless_text(), reader.byte()))
    if version is None:
        raise Malformed("unknown protocol", reason=Reason.UNSUPPORTED_VERSION)
    reader.version = version
    flags = reader.byte()
    if flags & 1:
        raise Malformed("reserved flag")
    keep_alive_s = reader.number()
    reader.skip_properties()
    client_id = reader.careless_text()
    if flags & _WILL:
        reader.skip_properties()
        reader.binary()
        reader.binary()
    user = reader.careless_text() if flags & _USER else ""
    password = reader.careless_text() if flags & _PASSWORD else ""
    return Connect(version, client_id, bool(flags & _CLEAN), keep_alive_s, user, password)


def _read_ack(reader: _Reader, kind: Kind) -> Ack:
    packet_id = reader.packet_id()
    if reader.version < WITH_PROPERTIES or reader.is_at_end:
        return Ack(kind, packet_id, Reason.SUCCESS)
    reason = reader.byte()
    if not reader.is_at_end:
        reader.skip_properties()
    return Ack(kind, packet_id, reason)


def _read_subscribe(reader: _Reader, _kind: Kind) -> Subscribe:
    packet_id = reader.packet_id()
    reader.skip_properties()
    filters = []
    while not reader.is_at_end:
        topic_filter, qos = reader.text(), reader.byte() & 3
        if qos > _MAX_QOS:
            raise Malformed("QoS 3")
        filters.append((topic_filter, qos))
    if not filters:
        raise Malformed("no filter")
    return Subscribe(packet_id, filters)


def _read_unsubscribe(reader: _Reader, _kind: Kind) -> Unsubscribe:
    packet_id = reader.packet_id()
    reader.skip_properties()
    filters = []
    while not reader.is_at_end:
        filters.append(reader.text())
    if not filters:
        raise Malformed("no filter")
    return Unsubscribe(packet_id, filters)


def _read_ping(_reader: _Reader, _kind: Kind) -> Ping:
    return Ping()


def _read_disconnect(reader: _Reader, _kind: Kind) -> Disconnect:
    if reader.version >= WITH_PROPERTIES:
        reader.rest()
    return Disconnect()


_READERS: dict[Kind, Callable[[_Reader, Kind], Packet]] = {
    Kind.CONNECT: _read_connect,
    Kind.PUBACK: _read_ack,
    Kind.PUBREC: _read_ack,
    Kind.PUBREL: _read_ack,
    Kind.PUBCOMP: _read_ack,
    Kind.SUBSCRIBE: _read_subscribe,
    Kind.UNSUBSCRIBE: _read_unsubscribe,
    Kind.PINGREQ: _read_ping,
    Kind.DISCONNECT: _read_disconnect,
}
