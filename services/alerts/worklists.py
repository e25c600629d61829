"""The port of worklists: everything that waits for a person, from every package, on one board.

预警清零: an alert, a call, a visit, a case, an order, a complaint, a silent device is work until
somebody has dealt with it. Each package says what of its own waits; the board shows all by what
is due first, and counts down to zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor


class Level(StrEnum):
    """How long something may wait; what waits longer is overdue."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


WITHIN = {
    Level.RED: timedelta(hours=24),
    Level.ORANGE: timedelta(days=3),
    Level.YELLOW: timedelta(days=7),
    Level.BLUE: timedelta(days=15),
}
"""Source: the regulators' practice of warnings to zero (red 24 h, orange 3 d, yellow 7 d, blue
15 d), as in yanglao-regulator's README; a resident in danger is a call and never on this clock."""
LEVEL_WORDS: dict[Level, str | Promise] = {
    Level.RED: _("red, 24 hours"),
    Level.ORANGE: _("orange, 3 days"),
    Level.YELLOW: _("yellow, 7 days"),
    Level.BLUE: _("blue, 15 days"),
}


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits: what, about whom, since when, until when, with whom."""

    reference: str
    """As in the journal: "alert:<uuid>"."""
    kind: str
    """The name of its worklist."""
    title: str | Promise
    url: str
    """Where it is dealt with."""
    area: str
    area_path: str
    level: Level
    since: datetime
    due_at: datetime
    resident_id: UUID | None = None
    who: str = ""
    owner: str = ""
    """Whoever has it now; "" for nobody."""
    next_climb_at: datetime | None = None
    next_climb_to: str | Promise = ""


class Mark(NamedTuple):
    """Where something waits, and how urgently; all that counting by area needs."""

    area_path: str
    level: Level
    due_at: datetime


@dataclass(frozen=True)
class Waiting:
    """How much of a worklist waits and is overdue, and the first of it by what is due.

    `items` may be fewer than `total`; then they are those that are due first.
    """

    total: int
    overdue: int
    items: Sequence[WorkItem]
    everything: Sequence[Mark] = ()
    """All that waits, from worklists where that may be thousands; else empty."""

    @property
    def marks(self) -> Sequence[Mark]:
        """Where it all waits, as far as is known."""
        return self.everything or [
            Mark(item.area_path, item.level, item.due_at) for item in self.items
        ]


Ask = Callable[[Actor, datetime, int], Waiting]
"""From who asks, now, and how many items at most."""


@dataclass(frozen=True)
class Worklist:
    """What of one package waits for people."""

    name: str
    label: str | Promise
    ask: Ask
    order: int


_worklists: dict[str, Worklist] = {}


def register(worklist: Worklist) -> None:
    """Put a package's work on the board.

    Raises:
        ValueError: another worklist has the name.
    """
    if _worklists.setdefault(worklist.name, worklist) != worklist:
        raise ValueError(f"two worklists named {worklist.name}")


def worklists() -> list[Worklist]:
    """All of them, in the order in which the board names them."""
    return sorted(_worklists.values(), key=lambda each: (each.order, each.name))
