"""The door of watches: a TCP server that answers what is committed.

A watch has no secret: its number is all that it says of itself, and anybody can say it. A number
that the registry knows is believed on one line at a time; the same number from another place while
its watch is being heard, or one that nobody knows, is a stranger's: only a call for help counts,
and it is unverified.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any
from uuid import UUID

from devices.ingest import observation
from devices.ingest.intake import Intake, Outcome
from devices.ingest.observation import Parsed, Rejection
from devices.ingest.registry import Identity
from devices.ingest.sorting import Origin, nobody
from devices.watch import figures
from devices.watch.frames import Frame
from devices.watch.line import Limits, Line, Reply
from devices.watch.reading import read

logger = logging.getLogger(__name__)

ADAPTER = "watch"
SWEEP_EVERY_S = 5.0
GOODBYE_S = 0.5
SALVAGED_BYTES = 4_096
NAMES_OF_AN_ADDRESS = 8
"""Behind one address of a mobile network are many watches; beyond so many unknown ones their calls
count as one caller's."""
ADDRESSES_KEPT = 10_000
LOG_EVERY_S = 60.0


class WatchDoor:
    """A server for watches, before the one way in."""

    def __init__(
        self, host: str, port: int, *, intake: Intake, limits: Limits | None = None
    ) -> None:
        """Port 0 takes a free one, told by `port` after `start`."""
        self.host = host
        self.port = port
        self.limits = limits or Limits()
        self._intake = intake
        self._lines: set[Line] = set()
        self._strangers: dict[Line, None] = {}
        self._sessions: dict[UUID, Line] = {}
        self._named: dict[str, set[str]] = {}
        self._salvaging: set[asyncio.Future[Outcome]] = set()
        self._unlogged = 0
        self._log_at = 0.0
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen, and keep watch over silent lines."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Line(self), self.host, self.port, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._sweeper = asyncio.create_task(self._sweep())

    async def stop(self, *, within_s: float = 2.0) -> None:
        """Take nothing more, let what is being handled be answered, close."""
        if self._server is None or self._sweeper is None:
            return
        self._server.close()
        self._sweeper.cancel()
        for line in self._lines:
            line.take_no_more()
        running = [future for line in self._lines for future in line.running]
        waited_for: list[asyncio.Future[Any]] = [*running, *self._salvaging]
        if waited_for:
            await asyncio.wait(waited_for, timeout=within_s)
            await asyncio.sleep(0)
        lines = list(self._lines)
        for line in lines:
            line.close("stopped")
        if lines:
            await asyncio.wait([line.ended for line in lines], timeout=GOODBYE_S)
        for line in list(self._lines):
            line.cut_off()
        with suppress(asyncio.CancelledError):
            await self._sweeper

    def came(self, line: Line) -> None:
        """Make room for a line: the oldest stranger goes first, a known watch never does."""
        self._lines.add(line)
        self._strangers[line] = None
        figures.LINES.labels("no").inc()
        if len(self._lines) > self.limits.lines or len(self._strangers) > self.limits.strangers:
            oldest = next(iter(self._strangers))
            del self._strangers[oldest]
            oldest.close("crowded_out")

    def gone(self, line: Line) -> None:
        """Forget a line."""
        self._lines.discard(line)
        self._strangers.pop(line, None)
        figures.LINES.labels("yes" if line.is_known else "no").dec()
        for key in [key for key, held in self._sessions.items() if held is line]:
            del self._sessions[key]

    def rubbish(self, line: Line, piece: bytes) -> None:
        """Count it, and look whether somebody calls for help in it."""
        self._intake.rejections.count(f"address:{line.address}", "bad_frame")
        self._log_seldom("what is no frame came from %s", line.address)
        alarms = observation.salvage(piece[:SALVAGED_BYTES], received_at=self._intake.clock.now())
        if not alarms or len(self._salvaging) >= self.limits.strangers:
            return
        origin = Origin(f"address:{line.address}", nobody)
        work = asyncio.ensure_future(self._intake.take(Parsed(salvaged=alarms), origin))
        self._salvaging.add(work)
        work.add_done_callback(self._salvaged)

    async def handle(self, line: Line, frame: Frame, reply: Reply) -> None:
        """Take one frame; returns after the commit.

        Raises:
            NotCommitted: it has to come again.
        """
        received_at = self._intake.clock.now()
        identity = await self._watch_named(frame.id or line.name)
        name = frame.id if identity is None else str(identity.id)
        parsed = read(frame, device=name or "-", received_at=received_at)
        if identity is not None and self._may_speak(line, identity, frame.id):
            origin = Origin(f"device:{identity.id}", identity.device_named, identity.id)
            await self._intake.take(parsed, origin)
            self._intake.liveness.passed_on(identity.id, received_at=received_at)
            return
        figures.FRAMES.labels("stranger").inc()
        code = "unknown_device" if identity is None else "second_session"
        source = f"device:{identity.id}" if identity else self._source(line, frame.id)
        parsed.rejected.append(Rejection(0, code))
        outcome = await self._intake.take(parsed, Origin(source, nobody))
        if not outcome.calls:
            reply.data = b""

    async def _watch_named(self, name: str) -> Identity | None:
        identity = await self._intake.registry.of_name(name) if name else None
        if identity is None or identity.profile_of("").adapter != ADAPTER:
            return None
        return identity

    def _may_speak(self, line: Line, identity: Identity, name: str) -> bool:
        """Whether this line is the watch's, or becomes it: one line a watch, one watch a line."""
        if line.is_known and name not in ("", line.name):
            return False
        held = self._sessions.get(identity.id)
        if held is not None and held is not line:
            is_away = asyncio.get_running_loop().time() - held.heard_at > self.limits.away_s
            if held.address != line.address and not is_away:
                self._log_seldom("a watch is heard from a second place, %s", line.address)
                return False
            held.close("taken_over")
        self._sessions[identity.id] = line
        if not line.is_known:
            line.trust(name)
            self._strangers.pop(line, None)
            figures.LINES.labels("no").dec()
            figures.LINES.labels("yes").inc()
        return True

    def _source(self, line: Line, name: str) -> str:
        """By what calls of an unknown watch collapse: its number, or its address if it has many."""
        if len(self._named) > ADDRESSES_KEPT:
            self._named.clear()
        names = self._named.setdefault(line.address, set())
        if name and (name in names or len(names) < NAMES_OF_AN_ADDRESS):
            names.add(name)
            return f"watch:{name}"
        return f"address:{line.address}"

    def _salvaged(self, work: "asyncio.Future[Outcome]") -> None:
        self._salvaging.discard(work)
        error = None if work.cancelled() else work.exception()
        if error is not None:
            logger.error("a call for help at the door of watches was not kept: %r", error)

    def _log_seldom(self, message: str, address: str) -> None:
        """One line a minute, however much comes."""
        now = asyncio.get_running_loop().time()
        self._unlogged += 1
        if now < self._log_at:
            return
        logger.warning(f"{message} (%d such)", address, self._unlogged)  # noqa: G004 - ours
        self._unlogged, self._log_at = 0, now + LOG_EVERY_S

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            now = loop.time()
            for line in [one for one in self._lines if one.deadline_at < now]:
                line.close("silent")
