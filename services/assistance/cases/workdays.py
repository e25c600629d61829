"""Counting working days by the editable holiday table.

The day of the event is not counted, the last day ends at midnight; calendar limits that bind
somebody end on a working day. Source: Civil Code, articles 201 and 203.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from services.assistance.models import Deadline, Holiday, HolidayYear

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WARNED_BEFORE = timedelta(days=60)
"""The State Council names next year's days in November; by then somebody should enter them."""

Unit = Deadline.Unit


@dataclass(frozen=True)
class Workdays:
    """The calendar of the State as far as it is known; later years are weekends only."""

    named: Mapping[date, bool] = field(default_factory=dict)
    """Whether a named day is worked on."""
    years: frozenset[int] = frozenset()
    """Years whose notice was entered."""

    def is_workday(self, day: date) -> bool:
        """Whether it is worked on."""
        known = self.named.get(day)
        return day.weekday() < SATURDAY if known is None else known

    def is_known(self, day: date) -> bool:
        """Whether the day's year was announced, so that the count up to it is final."""
        return day.year in self.years

    def known_until(self, today: date) -> date | None:
        """The last day of the last announced year without a gap from this one; None: not known."""
        if today.year not in self.years:
            return None
        year = today.year
        while year + 1 in self.years:
            year += 1
        return date(year, 12, 31)

    def ends_soon(self, today: date) -> bool:
        """Whether next year's days should be entered now."""
        until = self.known_until(today)
        return until is None or until - today <= WARNED_BEFORE

    def add(self, start: date, days: int) -> date:
        """The day that is so many working days after `start`; the start is not counted."""
        day = start
        while days > 0:
            day += ONE_DAY
            days -= self.is_workday(day)
        return day

    def subtract(self, start: date, days: int) -> date:
        """The day that is so many working days before `start`."""
        day = start
        while days > 0:
            day -= ONE_DAY
            days -= self.is_workday(day)
        return day

    def between(self, after: date, until: date) -> int:
        """Working days after `after` up to and with `until`; 0 if it lies before."""
        days = range((until - after).days)
        return sum(self.is_workday(after + ONE_DAY * (n + 1)) for n in days)

    def last_day(self, start: date, days: int, unit: str, *, rolls: bool = True) -> date:
        """The last day of a limit that begins on `start`.

        `rolls`: a calendar limit whose last day is not worked on ends on the next working day.
        """
        if unit == Unit.WORKING:
            return self.add(start, days)
        day = start + ONE_DAY * days
        while rolls and not self.is_workday(day):
            day += ONE_DAY
        return day

    def left(self, today: date, ends_on: date, unit: str) -> int:
        """How many days of a limit are left after today."""
        if unit == Unit.WORKING:
            return self.between(today, ends_on)
        return max(0, (ends_on - today).days)


def current() -> Workdays:
    """The calendar as the table now says."""
    return Workdays(
        named=dict(Holiday.objects.values_list("date", "is_workday")),
        years=frozenset(HolidayYear.objects.values_list("year", flat=True)),
    )


def midnight_after(day: date) -> datetime:
    """When a day is over."""
    return datetime.combine(day + ONE_DAY, time(), timezone.get_default_timezone())


def morning_of(day: date) -> datetime:
    """When people begin to work on a day."""
    return datetime.combine(day, time(9), timezone.get_default_timezone())
