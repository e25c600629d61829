"""A broker for the tests of the bridge: one session that it keeps, as brokers with a disk do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from devices.mqtt import encoding
from devices.mqtt.decoding import Decoder
from devices.mqtt.packets import Ack, Connect, Disconnect, Packet, Ping, Publish, Reason, Subscribe

_DUP, _RETAIN = 0x08, 0x01


class Broker:
    """Gives its one client messages until it acknowledges them, again on every new line."""

    def __init__(self) -> None:
        self.port = 0
        self.connects: list[Connect] = []
        self.subscribed: list[str] = []
        self.received: list[Publish] = []
        self.acknowledged: list[int] = []
        self._owed: dict[int, bytes] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._lines: set[asyncio.StreamWriter] = set()

    @property
    def owed(self) -> list[int]:
        return list(self._owed)

    def give(self, topic: str, payload: bytes, *, retain: bool = False) -> int:
        message_id = len(self.acknowledged) + len(self._owed) + 1
        packet = bytearray(encoding.publish(4, topic, payload, packet_id=message_id))
        packet[0] |= _RETAIN if retain else 0
        self._owed[message_id] = bytes(packet)
        if self._writer is not None:
            self._writer.write(bytes(packet))
        return message_id

    def cut(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        decoder = Decoder(max_packet_bytes=1 << 20)
        self._lines.add(writer)
        with suppress(OSError):
            while data := await reader.read(65536):
                decoder.feed(data)
                while (packet := decoder.next()) is not None:
                    self._take(packet, writer)
        self._lines.discard(writer)
        self._writer = None if self._writer is writer else self._writer
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    def _take(self, packet: Packet, writer: asyncio.StreamWriter) -> None:
        match packet:
            case Connect():
                self.connects.append(packet)
                writer.write(encoding.connack(4, Reason.SUCCESS, session_present=bool(self._owed)))
                for owed in self._owed.values():
                    writer.write(bytes([owed[0] | _DUP]) + owed[1:])
                self._writer = writer
            case Subscribe():
                self.subscribed += [topic for topic, _ in packet.filters]
                qos: list[int | None] = [qos for _, qos in packet.filters]
                writer.write(encoding.suback(4, packet.packet_id, qos))
            case Ack():
                self.acknowledged.append(packet.packet_id)
                self._owed.pop(packet.packet_id, None)
            case Publish():
                self.received.append(packet)
            case Ping():
                writer.write(encoding.PINGRESP)
            case Disconnect():
                writer.close()
            case _:
                raise AssertionError(packet)


@asynccontextmanager
async def a_broker() -> AsyncIterator[Broker]:
    broker = Broker()
    server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
    broker.port = server.sockets[0].getsockname()[1]
    try:
        yield broker
    finally:
        server.close()
        for line in list(broker._lines):
            line.transport.abort()
        await asyncio.sleep(0.05)
