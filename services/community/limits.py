"""By when a complaint has to be answered, read from `limits.yaml`."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from services.assistance.cases import workdays

FILE = Path(__file__).with_name("limits.yaml")


@dataclass(frozen=True)
class Limit:
    """So many working or calendar days, and what they rest on."""

    days: int
    unit: str
    basis: str
    basis_en: str = ""

    def as_kept(self) -> dict[str, Any]:
        """As it stands in the complaint from its first day."""
        return asdict(self)

    def ends_at(self, received_at: datetime) -> datetime:
        """When the last day is over; the day it came is not counted."""
        start = timezone.localdate(received_at)
        days = workdays.current()
        return workdays.midnight_after(days.last_day(start, self.days, self.unit, rolls=False))


@cache
def _all() -> dict[str, Limit]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {category: Limit(**limit) for category, limit in found.items()}


def limit_of(category: str) -> Limit:
    """The limit of a category."""
    return _all()[category]


def limit_until(day: date, *, received_at: datetime, basis: str) -> tuple[Limit, datetime]:
    """The limit of somebody else's ticket that names its last day."""
    days = max(0, (day - timezone.localdate(received_at)).days)
    return Limit(days, "calendar", basis), workdays.midnight_after(day)
