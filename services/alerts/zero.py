"""预警清零: all that waits for a person, of every package, on one board that counts to zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from backend.accounts.actors import Actor
from services.alerts.worklists import LEVEL_WORDS, Level, WorkItem, worklists

SHOWN = 100
"""Items of one worklist that the board shows; more is on the worklist's own page."""
SEARCHED = 2_000
"""Items of one worklist that are looked through for a level, an owner or an area."""
NARROWED_BY = ("level", "owner", "area")
SOON = timedelta(hours=4)


@dataclass(frozen=True)
class Tally:
    """How much of one worklist waits."""

    name: str
    label: str | Promise
    total: int
    overdue: int


@dataclass(frozen=True)
class Line:
    """One thing that waits, as the board shows it."""

    item: WorkItem
    label: str | Promise
    now: datetime

    @property
    def level_word(self) -> str | Promise:
        """Its level in words."""
        return LEVEL_WORDS[self.item.level]

    @property
    def status(self) -> str:
        """Its status as the design system's shapes name them."""
        if self.item.due_at < self.now:
            return "overdue"
        return (
            "waiting" if self.item.due_at < self.now + SOON or not self.item.owner else "underway"
        )


@dataclass(frozen=True)
class ZeroBoard:
    """Tallies of all worklists, and what is due first of those that were asked for."""

    tallies: list[Tally]
    lines: list[Line]
    is_cut: bool
    """Whether more waits of some kind than the lines say."""

    @property
    def total(self) -> int:
        """All that waits."""
        return sum(tally.total for tally in self.tallies)

    @property
    def overdue(self) -> int:
        """All that has waited too long."""
        return sum(tally.overdue for tally in self.tallies)


def zero_board(actor: Actor, *, now: datetime, asked: Mapping[str, str]) -> ZeroBoard:
    """The board of an actor; `asked` may name a worklist ("list"), "level", "owner", "area"."""
    tallies, lines, is_cut = [], [], False
    limit = SEARCHED if any(asked.get(name) for name in NARROWED_BY) else SHOWN
    for worklist in worklists():
        waiting = worklist.ask(actor, now, limit)
        tallies.append(Tally(worklist.name, worklist.label, waiting.total, waiting.overdue))
        if asked.get("list") in (None, "", worklist.name):
            lines += [Line(item, worklist.label, now) for item in waiting.items]
            is_cut = is_cut or waiting.total > limit
    kept = [line for line in lines if _is_asked_for(line.item, asked)]
    first = sorted(kept, key=lambda line: (line.item.due_at, line.item.reference))
    return ZeroBoard(tallies, first, is_cut)


def _is_asked_for(item: WorkItem, asked: Mapping[str, str]) -> bool:
    if asked.get("level") in set(Level) and item.level != asked["level"]:
        return False
    if asked.get("owner") == "nobody" and item.owner:
        return False
    return item.area_path.startswith(asked.get("area", ""))
