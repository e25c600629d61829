"""Who must be asked again whether they still may see what their socket shows.

The database tells of each change of somebody's access (`accounts`, migration 0003); the sockets
concerned ask again at once. As a hint may be lost, every socket is asked again in its turn, and
all of them when the line to the database was cut.
"""

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Collection
from functools import partial

import psycopg
from django.db import InterfaceError, OperationalError

from backend.core import hints
from backend.core.loops import RETRY_S

TURN_S = 4.0
"""A check is up to four queries; one socket in this time is a query a second in a process."""
WAIT_S = 0.5

logger = logging.getLogger(__name__)

InLoop = Callable[[Callable[[], None]], None]


def of_user(user_id: object) -> str:
    """How a hint names an account."""
    return f"user:{user_id}"


def of_session(session_key: str) -> str:
    """How a hint names a session; its key is nobody's to read."""
    return f"session:{hashlib.sha256(session_key.encode()).hexdigest()}"


class Permit:
    """One socket's; `doubted` is set when it has to ask again."""

    def __init__(self, names: Collection[str]) -> None:
        """Known by the hints' names for its account and its session."""
        self.names = frozenset(names)
        self.doubted = asyncio.Event()


class Permits:
    """The permits of a process's sockets; lives in the event loop, but for `listen`."""

    def __init__(self) -> None:
        """No socket is open."""
        self._waiting: dict[Permit, None] = {}

    def count(self, name: str) -> int:
        """How many sockets of an account or a session are open."""
        return sum(name in permit.names for permit in self._waiting)

    def add(self, permit: Permit) -> None:
        """A socket is open."""
        self._waiting[permit] = None

    def remove(self, permit: Permit) -> None:
        """A socket is closed."""
        self._waiting.pop(permit, None)

    def doubt(self, names: Collection[str]) -> None:
        """Let those whose access may have changed ask again."""
        for permit in self._waiting:
            if not permit.names.isdisjoint(names):
                permit.doubted.set()

    def doubt_all(self) -> None:
        """Something may have changed that nobody heard of."""
        for permit in self._waiting:
            permit.doubted.set()

    def doubt_next(self) -> None:
        """Let the one that has not asked for longest ask again."""
        permit = next(iter(self._waiting), None)
        if permit is not None:
            self._waiting[permit] = self._waiting.pop(permit)
            permit.doubted.set()

    def listen(self, stop: threading.Event, in_loop: InLoop) -> None:
        """Hear of changes until `stop`; runs in a thread."""
        while not stop.is_set():
            try:
                self._listen(stop, in_loop)
            except (psycopg.Error, OperationalError, InterfaceError) as error:
                logger.warning("waiting for the database: %s", type(error).__name__)
                stop.wait(RETRY_S)

    def _listen(self, stop: threading.Event, in_loop: InLoop) -> None:
        with hints.listening(hints.ACCESS_CHANGED) as own:
            in_loop(self.doubt_all)
            turn_at = time.monotonic() + TURN_S
            while not stop.is_set():
                if names := hints.wait_for_words(own, at_most_s=WAIT_S):
                    in_loop(partial(self.doubt, names))
                if time.monotonic() >= turn_at:
                    turn_at = time.monotonic() + TURN_S
                    in_loop(self.doubt_next)
