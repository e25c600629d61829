"""Port: who has to know at once that a number is not somebody's any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class NumberChange:
    """A person ("contact:<uuid>") and their numbers; `after` "" means to ring them no more."""

    person: str
    before: str
    after: str


Listener = Callable[[NumberChange, datetime], object]

_listeners: list[Listener] = []


def register_number_listener(listener: Listener) -> None:
    """Be told of each change, within its transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_number(person: str, *, before: str, after: str, now: datetime) -> None:
    """A number has changed or is gone; one that stayed the same is no news."""
    if before and before != after:
        for listener in _listeners:
            listener(NumberChange(person, before, after), now)
