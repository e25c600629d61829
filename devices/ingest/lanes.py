"""Lanes: threads with database connections of their own, which commit work in groups.

The event loop gives work to a lane and awaits its result; nothing is answered before the commit.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from devices.mqtt.ports import NotCommitted

logger = logging.getLogger(__name__)

HOLD_S = 10.0
"""How long work waits for the database. Source: DESIGN, invariant 1."""
RETRY_S = 0.1
STOP_WITHIN_S = 2.0
LOCK_TIMEOUT_MS = 3_000
STATEMENT_TIMEOUT_MS = 8_000

Work = TypeVar("Work")
Result = TypeVar("Result")

Commit = Callable[[list[Work]], Sequence[Result]]
"""Does a group of works in one transaction; returns a result for each, in order."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How a lane groups and bounds its work, counted as the lane's `size_of` counts."""

    at_once: int
    waiting: int | None = None
    """Beyond this, work is turned away; None never turns any away."""
    threads: int = 1
    """While one waits for the database, the next prepares its group; order is kept by one only."""
    linger_s: float = 0.0
    """Under load, how long a group waits for others to join it."""
    hold_s: float = HOLD_S
    collapse_above: int = 1_000
    """With more waiting, works of the same source share one place."""


@dataclass(eq=False, slots=True)
class _Item(Generic[Work, Result]):
    work: Work
    size: int
    source: Hashable
    deadline: float
    waiters: "list[asyncio.Future[Result]]"


class _Promises(Generic[Result]):
    """Futures that fail when their time is over; one timer for all, as they are made by thousands.

    They are kept in the order in which they were made, which is the order of their ends.
    """

    def __init__(self, hold_s: float) -> None:
        self._hold_s = hold_s
        self._open: deque[tuple[float, asyncio.Future[Result]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def make(self, loop: asyncio.AbstractEventLoop) -> "asyncio.Future[Result]":
        """A future that fails after `hold_s`."""
        while self._open and self._open[0][1].done():
            self._open.popleft()
        future: asyncio.Future[Result] = loop.create_future()
        ends_at = loop.time() + self._hold_s
        self._open.append((ends_at, future))
        if self._timer is None:
            self._timer = loop.call_at(ends_at, self._expire, loop)
        return future

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._open and (self._open[0][0] <= loop.time() or self._open[0][1].done()):
            _, future = self._open.popleft()
            if not future.done():
                future.set_exception(NotCommitted("the database did not answer in time"))
        next_at = self._open[0][0] if self._open else None
        self._timer = None if next_at is None else loop.call_at(next_at, self._expire, loop)


class Lane(Generic[Work, Result]):
    """Threads that commit what they are given, oldest first, as many at once as they may.

    While the database is away, work is kept and tried again until `hold_s` after it came; then
    its giver gets NotCommitted. A work that makes its group fail is found by doing each alone.
    """

    def __init__(
        self,
        name: str,
        commit: Commit[Work, Result],
        limits: Limits,
        *,
        size_of: Callable[[Work], int] = lambda _: 1,
        source_of: Callable[[Work], Hashable] = lambda _: None,
        told: Callable[[list[tuple[Work, Result]]], None] = lambda _: None,
    ) -> None:
        """Nothing runs before `start`. Works without a source are never collapsed.

        `told` hears in the event loop of each group that was committed.
        """
        self.name = name
        self._commit = commit
        self._limits = limits
        self._size_of = size_of
        self._source_of = source_of
        self._told = told
        self._promises: _Promises[Result] = _Promises(limits.hold_s)
        self._waiting: deque[_Item[Work, Result]] = deque()
        self._by_source: dict[Hashable, _Item[Work, Result]] = {}
        self._size = 0
        self._changed = threading.Condition()
        self._is_stopping = False
        self._is_under_load = False
        self._threads = [
            threading.Thread(target=self._run, name=f"lane {name} {number}", daemon=True)
            for number in range(limits.threads)
        ]
        self._loop: asyncio.AbstractEventLoop

    def start(self) -> None:
        """Begin to commit; work is given from the event loop that is running now."""
        self._loop = asyncio.get_running_loop()
        for thread in self._threads:
            thread.start()

    async def stop(self) -> None:
        """Commit what waits, as far as the database answers, and end."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        await asyncio.gather(
            *(asyncio.to_thread(thread.join, STOP_WITHIN_S) for thread in self._threads)
        )
        await asyncio.sleep(0)

    def do(self, work: Work) -> "asyncio.Future[Result]":
        """Have a work committed; NotCommitted is raised when the database did not take it."""
        future = self._promises.make(self._loop)
        with self._changed:
            if self._is_stopping or not self._queue(work, future):
                future.set_exception(NotCommitted(f"{self.name}: no room"))
                return future
            self._changed.notify()
        return future

    def _queue(self, work: Work, future: "asyncio.Future[Result]") -> bool:
        source = self._source_of(work)
        alike = self._by_source.get(source) if source is not None else None
        if alike is not None and len(self._waiting) > self._limits.collapse_above:
            alike.waiters.append(future)
            return True
        size = self._size_of(work)
        most = self._limits.waiting
        if most is not None and self._waiting and self._size + size > most:
            return False
        item = _Item(work, size, source, time.monotonic() + self._limits.hold_s, [future])
        self._waiting.append(item)
        self._size += size
        if source is not None:
            self._by_source[source] = item
        return True

    def _run(self) -> None:
        try:
            while (group := self._next_group()) is not None:
                self._commit_or_hold(group)
        finally:
            connection.close()

    def _next_group(self) -> list[_Item[Work, Result]] | None:
        """Wait for work and take a group of it; None when the lane ends.

        The group is empty when another thread was quicker.
        """
        with self._changed:
            while not self._waiting:
                if self._is_stopping:
                    return None
                self._is_under_load = False
                self._changed.wait()
        if self._is_under_load and self._size < self._limits.at_once:
            time.sleep(self._limits.linger_s)
        with self._changed:
            group = self._taken()
        self._is_under_load = len(group) > 1
        return group

    def _taken(self) -> list[_Item[Work, Result]]:
        group: list[_Item[Work, Result]] = []
        size = 0
        while self._waiting and (not group or size + self._waiting[0].size <= self._limits.at_once):
            item = self._waiting.popleft()
            size += item.size
            group.append(item)
            if self._by_source.get(item.source) is item:
                del self._by_source[item.source]
        self._size -= size
        return group

    def _commit_or_hold(self, group: list[_Item[Work, Result]]) -> None:
        """Commit a group, however often the database has to be asked.

        A lane outlives whatever one work does to it: the others depend on it.
        """
        while group := [item for item in group if item.deadline > time.monotonic()]:
            try:
                results = self._committed(group)
            except (OperationalError, InterfaceError) as error:
                logger.warning("%s waits for the database: %s", self.name, type(error).__name__)
                connection.close()
                time.sleep(RETRY_S)
            except Exception as error:  # noqa: BLE001 - see above
                self._commit_each(group, error)
                return
            else:
                self._tell(group, results)
                return

    def _committed(self, group: list[_Item[Work, Result]]) -> Sequence[Result]:
        if connection.connection is None:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
                cursor.execute(f"SET statement_timeout = {STATEMENT_TIMEOUT_MS}")
        return self._commit([item.work for item in group])

    def _commit_each(self, group: list[_Item[Work, Result]], error: Exception) -> None:
        if len(group) > 1:
            for item in group:
                self._commit_or_hold([item])
            return
        # What the database complains of quotes the row, which is nobody's business in a log.
        trace = None if isinstance(error, DatabaseError) else error
        logger.error("%s cannot commit: %s", self.name, type(error).__name__, exc_info=trace)
        self._in_loop(lambda: _fail(group[0].waiters, error))

    def _tell(self, group: list[_Item[Work, Result]], results: Sequence[Result]) -> None:
        self._in_loop(lambda: self._answer(group, results))

    def _answer(self, group: list[_Item[Work, Result]], results: Sequence[Result]) -> None:
        for item, result in zip(group, results, strict=True):
            for future in item.waiters:
                if not future.done():
                    future.set_result(result)
        self._told([(item.work, result) for item, result in zip(group, results, strict=True)])

    def _in_loop(self, tell: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits for an answer
            self._loop.call_soon_threadsafe(tell)


def _fail(waiters: "list[asyncio.Future[Result]]", error: Exception) -> None:
    for future in waiters:
        if not future.done():
            future.set_exception(NotCommitted(type(error).__name__))
