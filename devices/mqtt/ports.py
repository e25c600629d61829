"""What the MQTT doors ask of the code behind them: who is this, and take this message."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """The device or gateway behind a connection, as far as its credentials prove it.

    Unverified, the name is only what the client claimed, and nothing it sends counts but a call
    for help. `source` is the address it came from, by which such calls are collapsed.
    `had_session` tells a client that keeps its own session that we know it already, so that it
    sends again what we have not acknowledged.
    """

    name: str
    verified: bool
    speaks_for: frozenset[str] = frozenset()
    speaks_for_all: bool = False
    source: str = ""
    had_session: bool = True

    def may_speak_for(self, device: str) -> bool:
        """Whether this device's messages may come from here."""
        if not self.verified:
            return False
        return self.speaks_for_all or device == self.name or device in self.speaks_for


class NotCommitted(Exception):
    """The message could not be stored now; its sender has to try again."""


Authenticate = Callable[[str, str], Awaitable[Principal | None]]
"""`authenticate(user, password)`: who that is, or None. If it fails, the client tries again."""

Handle = Callable[[Principal, str, bytes, bool], Awaitable[object]]
"""`handle(principal, topic, payload, dup)` returns once the message is committed, or needs no
commit; it is a coroutine function, or gives a future. One line's messages are handled side by side.

An empty topic means a message that could not be read: only an alarm in it counts. Whatever is
raised, the message is not acknowledged and comes again; NotCommitted is the expected way.
"""
