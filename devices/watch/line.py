"""One watch's line: frames in, each answered after its commit."""

import asyncio
import logging
import socket
from dataclasses import dataclass
from typing import Protocol, cast

from devices.mqtt.pipeline import Pipeline
from devices.mqtt.ports import NotCommitted
from devices.watch import figures
from devices.watch.frames import MAX_CONTENT_BYTES, Frame, Framer, alarm_in
from devices.watch.reading import answer_to

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much the door bears, in all and of each watch."""

    lines: int = 12_000
    strangers: int = 256
    """Lines on which no known watch has spoken; the oldest makes room for the next."""
    stranger_idle_s: float = 90.0
    idle_s: float = 1_800.0
    """Watches give a sign of life every five to ten minutes."""
    away_s: float = 600.0
    """Heard so long ago, a line no longer keeps its watch from speaking from elsewhere."""
    stranger_content_bytes: int = 4_096
    content_bytes: int = MAX_CONTENT_BYTES
    in_flight: int = 32
    in_flight_bytes: int = 256 * 1024
    rubbish: int = 20
    """So many pieces that are no frame end a line."""
    unsent_bytes: int = 16 * 1024


KEEP_ALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3))
"""A watch that went out of its network leaves no dead line for longer than two minutes."""


@dataclass(slots=True)
class Reply:
    """An answer that waits for its commit; empty for none, as to a watch that nobody knows."""

    data: bytes


class Keeper(Protocol):
    """What a line needs of its door."""

    limits: Limits

    def came(self, line: "Line") -> None:
        """A line was opened by somebody unknown."""

    def gone(self, line: "Line") -> None:
        """The line is closed."""

    def rubbish(self, line: "Line", piece: bytes) -> None:
        """Something came that is no frame and holds no alarm of a watch."""

    async def handle(self, line: "Line", frame: Frame, reply: Reply) -> None:
        """Take one frame; returns after the commit.

        Raises:
            NotCommitted: the watch has to send it again.
        """


class Line(asyncio.Protocol):
    """Reads frames, has them handled, and answers what was."""

    def __init__(self, keeper: Keeper) -> None:
        """Begin as a stranger."""
        self._keeper = keeper
        self._limits = keeper.limits
        self._loop = asyncio.get_running_loop()
        self._framer = Framer(max_content_bytes=self._limits.stranger_content_bytes)
        self._pipeline: Pipeline[Reply] = Pipeline(
            most=self._limits.in_flight,
            most_bytes=self._limits.in_flight_bytes,
            answered=self._answer,
            failed=self._withhold,
            advanced=self._read_on,
        )
        self._transport: asyncio.Transport
        self._idle_s = self._limits.stranger_idle_s
        self._rubbish = 0
        self._is_open = True
        self._is_paused = False
        self.address = ""
        self.is_known = False
        self.name = ""
        self.heard_at = self._loop.time()
        self.ended: asyncio.Future[None] = self._loop.create_future()

    @property
    def deadline_at(self) -> float:
        """When the line ends unless something comes."""
        return self.heard_at + self._idle_s

    @property
    def running(self) -> list[asyncio.Future[None]]:
        """Frames being handled."""
        return self._pipeline.running

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet a line and have it counted."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's has another base class
        self._transport.set_write_buffer_limits(high=self._limits.unsent_bytes)
        line = transport.get_extra_info("socket")
        if line is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for name, value in KEEP_ALIVE:
                if hasattr(socket, name):
                    line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else ""
        self._keeper.came(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the line; an alarm that was cut off with it is still looked for."""
        del exc
        rest = self._framer.rest()
        if rest:
            self._take_rubbish(rest)
        self._is_open = False
        self._pipeline.close()
        self._keeper.gone(self)
        self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Take what the line brought."""
        if self._is_open:
            self.heard_at = self._loop.time()
            self._framer.feed(data)
            self._read_on()

    def pause_writing(self) -> None:
        """Cut off a watch that does not read what it is sent."""
        self.close("slow")
        self.cut_off()

    def trust(self, name: str) -> None:
        """A watch that we know speaks here: it may send more and be silent for longer."""
        self.is_known, self.name = True, name
        self._idle_s = self._limits.idle_s
        self._framer.max_content_bytes = self._limits.content_bytes

    def close(self, why: str) -> None:
        """End the line; twice is once."""
        if not self._is_open:
            return
        self._is_open = False
        figures.CLOSED.labels(why).inc()
        self._transport.close()

    def cut_off(self) -> None:
        """End a line without waiting for what is still to be sent."""
        self._transport.abort()

    def take_no_more(self) -> None:
        """Leave unread what still comes; what was read is handled and answered."""
        self._pipeline.most = 0
        self._pause_or_resume()

    def _read_on(self) -> None:
        while self._is_open and not self._pipeline.is_full:
            piece = self._framer.next()
            if piece is None:
                break
            if isinstance(piece, Frame):
                self._take(piece)
            else:
                self._take_rubbish(piece)
        self._pause_or_resume()

    def _pause_or_resume(self) -> None:
        if not self._is_open or self._is_paused is self._pipeline.is_full:
            return
        self._is_paused = self._pipeline.is_full
        if self._is_paused:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _take(self, frame: Frame) -> None:
        figures.RECEIVED.inc()
        reply = Reply(answer_to(frame))
        work = self._keeper.handle(self, frame, reply)
        self._pipeline.add(work, size=len(frame.content), answer=reply if reply.data else None)

    def _take_rubbish(self, piece: bytes) -> None:
        """No frame; but an alarm in it counts."""
        if not piece.strip():
            return
        figures.FRAMES.labels("rubbish").inc()
        frame = alarm_in(piece)
        if frame is not None:
            self._take(frame)
        else:
            self._keeper.rubbish(self, piece)
        self._rubbish += 1
        if self._rubbish >= self._limits.rubbish:
            self.close("rubbish")

    def _answer(self, replies: list[Reply]) -> None:
        data = b"".join(reply.data for reply in replies)
        if data and self._is_open:
            self._transport.write(data)

    def _withhold(self, error: BaseException, reply: Reply | None) -> None:
        """A frame was not kept: without our answer its watch sends it again."""
        is_expected = isinstance(error, NotCommitted | asyncio.CancelledError)
        figures.FRAMES.labels("not_committed" if is_expected else "failed").inc()
        if not is_expected:
            logger.error("a frame of a watch failed", exc_info=error)
        if reply is not None:
            self.close("not_committed")
