"""The port of figures: what a day was like in numbers, each with its definition beside it.

A package registers how its figures are counted from what happened; a figure can be counted again
for any day and gives the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from django.utils import timezone
from django.utils.functional import Promise


@dataclass(frozen=True)
class Span:
    """A day of an area, as moments: from `begin` until before `end`."""

    area_path: str
    begin: datetime
    end: datetime


Count = Callable[[Span], float | None]
"""None where there was nothing to count."""


@dataclass(frozen=True)
class Figure:
    """One figure: its name, what it means, how it is counted, and what it should reach."""

    name: str
    label: str | Promise
    definition: str | Promise
    count: Count
    order: int
    unit: str | Promise = ""
    digits: int = 0
    at_most: float | None = None
    at_least: float | None = None


@dataclass(frozen=True)
class Counted:
    """A figure of one day."""

    figure: Figure
    value: float | None

    @property
    def is_missed(self) -> bool:
        """Whether it is not what it should be."""
        if self.value is None:
            return False
        too_much = self.figure.at_most is not None and self.value > self.figure.at_most
        too_little = self.figure.at_least is not None and self.value < self.figure.at_least
        return too_much or too_little

    @property
    def text(self) -> str:
        """The value as it is shown."""
        return "" if self.value is None else f"{self.value:.{self.figure.digits}f}"


_figures: dict[str, Figure] = {}


def register(figure: Figure) -> None:
    """Add a figure.

    Raises:
        ValueError: another figure has the name.
    """
    if _figures.setdefault(figure.name, figure) != figure:
        raise ValueError(f"two figures named {figure.name}")


def figures_of(area_path: str, day: date) -> list[Counted]:
    """All figures of a day in an area, in their order."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    span = Span(area_path, begin, begin + timedelta(days=1))
    ordered = sorted(_figures.values(), key=lambda each: (each.order, each.name))
    return [Counted(figure, figure.count(span)) for figure in ordered]


def share(part: int, whole: int) -> float | None:
    """Percent; None of nothing."""
    return 100 * part / whole if whole else None


def p95(values: Sequence[float]) -> float | None:
    """The value that 95 of 100 do not exceed (nearest rank); None of nothing."""
    if not values:
        return None
    return sorted(values)[ceil(0.95 * len(values)) - 1]
