"""Who calls for help goes first: requests do not begin while an alarm is on its way.

One interpreter serves them all. Behind an alarm are two dozen statements, and after each it waits
for its turn among all the threads that compute; five requests that begin beside it make it take
five times as long.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

AT_MOST_S = 0.05
"""A request waits no longer, however many alarms come."""


class Precedence:
    """The alarms that are on their way to the database; lives in the event loop."""

    def __init__(self) -> None:
        """Nobody calls."""
        self._on_their_way = 0
        self._over: asyncio.Future[None] | None = None

    @contextmanager
    def goes_first(self) -> Iterator[None]:
        """While an alarm is stored."""
        self._on_their_way += 1
        try:
            yield
        finally:
            self._on_their_way -= 1
            if not self._on_their_way and self._over is not None:
                self._over.set_result(None)
                self._over = None

    async def given(self, *, at_most_s: float = AT_MOST_S) -> None:
        """Wait until no alarm is on its way, but not for long."""
        if not self._on_their_way:
            return
        if self._over is None:
            self._over = asyncio.get_running_loop().create_future()
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                await asyncio.shield(self._over)


ALARMS = Precedence()
"""Of this process."""
