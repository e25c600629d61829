"""Port: who wants to know that a console is there. Upper packages register a listener."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.accounts.actors import Actor


@dataclass(frozen=True)
class Console:
    """A board open in a browser."""

    id: str
    actor: Actor
    sound_on: bool


Seen = Callable[[Console, datetime], None]
Left = Callable[[Console], None]

_seen: list[Seen] = []
_left: list[Left] = []


def register(*, seen: Seen, left: Left) -> None:
    """Be told of each heartbeat of a console, and when it goes."""
    _seen.append(seen)
    _left.append(left)


def report_seen(console: Console, now: datetime) -> None:
    """A console's heartbeat."""
    for listener in _seen:
        listener(console, now)


def report_left(console: Console) -> None:
    """A console was closed."""
    for listener in _left:
        listener(console)
