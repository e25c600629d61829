"""Who calls for help goes first: requests do not begin while an alarm is on its way.

One interpreter serves them all. Behind an alarm are two dozen statements, and after each it waits
for its turn among all the threads that compute; five requests that begin beside it make it take
five times as long.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

AT_MOST_S = 0.1
"""A request waits no longer, however many alarms come."""
SHOWN_WITHIN_S = 0.03
"""So long after it is stored an alarm takes to the screens, by way of other threads."""


class Precedence:
    """The alarms that are on their way to the database; lives in the event loop."""

    def __init__(self) -> None:
        """Nobody calls."""
        self._on_their_way = 0
        self._stored: asyncio.Future[None] | None = None
        self._shown_at_s = 0.0

    @contextmanager
    def goes_first(self) -> Iterator[None]:
        """While an alarm is stored, and a moment more until it is shown."""
        self._on_their_way += 1
        try:
            yield
        finally:
            self._on_their_way -= 1
            self._shown_at_s = time.monotonic() + SHOWN_WITHIN_S
            if not self._on_their_way and self._stored is not None:
                self._stored.set_result(None)
                self._stored = None

    async def given(self, *, at_most_s: float = AT_MOST_S) -> None:
        """Wait until no alarm is on its way, but not for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                if self._on_their_way:
                    await self._all_stored()
                left_s = self._shown_at_s - time.monotonic()
                if left_s > 0:
                    await asyncio.sleep(left_s)

    async def _all_stored(self) -> None:
        if self._stored is None:
            self._stored = asyncio.get_running_loop().create_future()
        await asyncio.shield(self._stored)


ALARMS = Precedence()
"""Of this process."""
