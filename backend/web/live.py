"""The hub of a web process: one reader of the journal for all its sockets.

A socket is only a hint (DESIGN, invariant 6): each pushed event names the one before it that
this viewer could see, and a gap or a reconnect replays from the database.
"""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

from django.db import close_old_connections

from backend.core import hints, journal, sequencer
from backend.core.journal import Viewpoint
from backend.core.loops import repeat_without_clock
from backend.core.models import JournalEvent
from backend.web.permits import Permits

POLL_S = 1.0
REST_S = 0.15
"""All that is numbered in that time goes to the sockets together, if nothing of it is pressing: a
call has a dozen steps in its first seconds, and each would wake every console."""
BATCH = 500
QUEUE = 1000
"""Events a slow socket may lag behind before it is told to start anew."""
THREADS = 4
FRAMES_KEPT = 2000

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class Subscription:
    """One socket's view of the journal; lives in the event loop."""

    def __init__(self, viewpoint: Viewpoint) -> None:
        """Start with an empty queue."""
        self.viewpoint = viewpoint
        self.events: asyncio.Queue[JournalEvent | None] = asyncio.Queue(QUEUE)
        self.begins_anew = False
        """Something is missing that cannot be pushed any more: the page has to load anew."""

    def offer(self, event: JournalEvent) -> None:
        """Queue an event if this viewer may see it."""
        if not self.begins_anew and self.viewpoint.sees(event):
            try:
                self.events.put_nowait(event)
            except asyncio.QueueFull:
                self.begins_anew = True

    def begin_anew(self) -> None:
        """Let the page load anew, as soon as it may be told."""
        self.begins_anew = True
        with suppress(asyncio.QueueFull):  # then something waits there that wakes the reader
            self.events.put_nowait(None)

    def clear(self) -> None:
        """Forget what waits; the page begins anew."""
        while not self.events.empty():
            self.events.get_nowait()
        self.begins_anew = False


class Hub:
    """Hands each numbered event to the sockets of this process."""

    def __init__(self) -> None:
        """Nothing is read before `open`."""
        self.subscriptions: set[Subscription] = set()
        self.permits = Permits()
        self.executor = ThreadPoolExecutor(THREADS, thread_name_prefix="sockets")
        self._frames: dict[tuple[int, int], str] = {}
        self._followed_to: int | None = None
        self._beginning = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def subscribe(self, viewpoint: Viewpoint) -> Subscription:
        """Begin to receive."""
        subscription = Subscription(viewpoint)
        self.subscriptions.add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Receive no more."""
        self.subscriptions.discard(subscription)

    def frame(self, event: JournalEvent, prev: int) -> str:
        """The event as it is sent; encoded once for all who saw the same before it."""
        key = (event.seq or 0, prev)
        if key not in self._frames:
            if len(self._frames) > FRAMES_KEPT:
                self._frames.clear()
            self._frames[key] = json.dumps(
                journal.as_message(event, prev=prev), ensure_ascii=False, separators=(",", ":")
            )
        return self._frames[key]

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run database work in one of the hub's few threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.executor, _with_fresh_connection, work)

    def position(self) -> int:
        """The last number given now; whatever comes after it, this hub will push."""
        with self._beginning:
            seq = journal.last_seq()
            if self._followed_to is None:
                self._followed_to = seq
        return seq

    def read(self, stop: threading.Event) -> None:
        """Follow the journal until `stop`; runs in a thread."""
        repeat_without_clock(
            stop,
            self._read_new,
            every_s=POLL_S,
            wake_on=hints.JOURNAL_NUMBERED,
            rest_s=REST_S,
            ended_by=journal.AT_ONCE,
        )

    def _read_new(self) -> None:
        if self._followed_to is None:
            self.position()
        last = self._followed_to or 0
        events = list(journal.since(last)[:BATCH])
        if not events:
            self._followed_to = self._not_gone_back(last)
        while events:
            self._followed_to = last = events[-1].seq or last
            self._in_loop(partial(self._publish, events))
            events = list(journal.since(last)[:BATCH]) if len(events) == BATCH else []

    def _not_gone_back(self, followed_to: int) -> int:
        """How far was followed; less if the database was replaced by an older one.

        Numbers are then given a second time, and every page begins anew.
        """
        last = self.position()
        if last < followed_to:
            logger.warning("the journal went back from %s to %s", followed_to, last)
            self._in_loop(self._begin_anew)
        return min(last, followed_to)

    def _in_loop(self, work: Callable[[], None]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(work)

    def _begin_anew(self) -> None:
        self._frames.clear()
        for subscription in self.subscriptions:
            subscription.begin_anew()

    def _publish(self, events: list[JournalEvent]) -> None:
        for subscription in self.subscriptions:
            for event in events:
                subscription.offer(event)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Follow the journal while the web process lives, and stand in as its sequencer."""
        self._loop = asyncio.get_running_loop()
        stop = threading.Event()
        threads = [
            threading.Thread(target=self.read, args=(stop,), name="hub", daemon=True),
            threading.Thread(
                target=self.permits.listen, args=(stop, self._in_loop), name="permits", daemon=True
            ),
            threading.Thread(
                target=sequencer.stand_in, args=(stop,), name="sequencer", daemon=True
            ),
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=POLL_S * 2)
            self.executor.shutdown(wait=False, cancel_futures=True)


def _with_fresh_connection(work: Callable[[], Result]) -> Result:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


hub = Hub()
hub_open = hub.open
