"""What waits, by area: on the map, each area below the one that is looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from backend.accounts.actors import Actor
from backend.places.models import Area
from services.alerts.worklists import LEVEL_WORDS, Level, Mark, worklists

COUNTED = 500
"""Items of one worklist that are counted if it cannot mark all; then the page says so."""

Outline = list[list[float]]
"""[lat, lon] of each corner, as Leaflet wants them."""


@dataclass(frozen=True)
class AreaTally:
    """How much waits in an area."""

    area: Area
    total: int
    overdue: int
    level: Level | None
    """The most urgent there is; None where nothing waits."""
    has_areas: bool
    """Whether one can look further into it."""

    @property
    def level_word(self) -> str | Promise:
        """The level in words."""
        return LEVEL_WORDS[self.level] if self.level else ""

    @property
    def outline(self) -> Outline:
        """Where it lies; empty when nobody drew it."""
        return [[lat, lon] for lon, lat in self.area.polygon[0]] if self.area.polygon else []


@dataclass(frozen=True)
class AreaMap:
    """The areas below one, the fullest first, and what belongs to none of them."""

    area: Area
    above: list[Area]
    tallies: list[AreaTally]
    elsewhere: int
    """What stands at the area itself."""
    is_all: bool
    """False when there is more than was counted."""


def area_map(actor: Actor, area: Area, *, above: list[Area], now: datetime) -> AreaMap:
    """What of an actor's work waits in each area below this one."""
    waiting = [worklist.ask(actor, now, COUNTED) for worklist in worklists()]
    marks = [mark for each in waiting for mark in each.marks if _is_in(mark, area)]
    children = list(Area.objects.filter(parent=area))
    grandchildren = Area.objects.filter(parent__in=children)
    inner = set(grandchildren.values_list("parent__pk", flat=True).distinct())
    tallies = list(_tallies(children, inner, marks, now))
    return AreaMap(
        area=area,
        above=above,
        tallies=sorted(tallies, key=lambda each: (-each.overdue, -each.total, each.area.path)),
        elsewhere=len(marks) - sum(tally.total for tally in tallies),
        is_all=all(each.total <= len(each.marks) for each in waiting),
    )


def _tallies(
    children: list[Area], inner: set[int], marks: list[Mark], now: datetime
) -> Iterator[AreaTally]:
    order = list(Level)
    for area in children:
        here = [mark for mark in marks if _is_in(mark, area)]
        yield AreaTally(
            area=area,
            total=len(here),
            overdue=sum(mark.due_at < now for mark in here),
            level=min((mark.level for mark in here), key=order.index, default=None),
            has_areas=area.pk in inner,
        )


def _is_in(mark: Mark, area: Area) -> bool:
    return mark.area_path.startswith(area.path)
