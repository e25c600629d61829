"""The few packets of an MQTT 3.1.1 client that publishes at QoS 1, and one message sent so."""

import asyncio
from struct import pack

CONNECT, PUBLISH_QOS_1, PUBLISH_AGAIN = 0x10, 0x32, 0x3A
CONNACK_BYTES, PUBACK_BYTES = 4, 4
PUBACK = 0x40
KEEP_ALIVE_S = 60
CLEAN_WITH_USER_AND_PASSWORD = 0xC2


def connect(user: str, password: str) -> bytes:
    """CONNECT with a clean session; the user is the client's name, too."""
    flags = bytes([4, CLEAN_WITH_USER_AND_PASSWORD])
    body = _text(b"MQTT") + flags + pack("!H", KEEP_ALIVE_S)
    body += _text(user.encode()) * 2 + _text(password.encode())
    return bytes([CONNECT]) + _length(len(body)) + body


def publish(topic: bytes, packet_id: int, payload: bytes, *, again: bool = False) -> bytes:
    """PUBLISH at QoS 1."""
    body = _text(topic) + pack("!H", packet_id) + payload
    return bytes([PUBLISH_AGAIN if again else PUBLISH_QOS_1]) + _length(len(body)) + body


async def publish_once(
    host: str, port: int, *, user: str, password: str, topic: str, payload: bytes, again: bool
) -> bool:
    """Connect, publish one message, and say whether it was acknowledged.

    Raises:
        OSError, asyncio.IncompleteReadError: the line ended before.
    """
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(connect(user, password))
        accepted = await reader.readexactly(CONNACK_BYTES)
        if accepted[3]:
            return False
        writer.write(publish(topic.encode(), 1, payload, again=again))
        answer = await reader.readexactly(PUBACK_BYTES)
        return answer[0] == PUBACK
    finally:
        writer.close()


def _text(data: bytes) -> bytes:
    return pack("!H", len(data)) + data


def _length(number: int) -> bytes:
    """A length in MQTT's form: seven bits a byte, the last without its high bit."""
    if number < 128:
        return bytes([number])
    return bytes([number % 128 | 128]) + _length(number // 128)
