"""Working days are counted as a slow and simple count does, and unknown years are said to be."""

from datetime import date, timedelta
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assistance.cases.workdays import Workdays

FILE = Path("services/assistance/cases/holidays.yaml")
RESTS = {
    # Written down a second time from the notice, month and day.
    "01-01", "01-02", "01-03", "02-15", "02-16", "02-17", "02-18", "02-19", "02-20", "02-21",
    "02-22", "02-23", "04-04", "04-05", "04-06", "05-01", "05-02", "05-03", "05-04", "05-05",
    "06-19", "06-20", "06-21", "09-25", "09-26", "09-27", "10-01", "10-02", "10-03", "10-04",
    "10-05", "10-06", "10-07",
}  # fmt: skip
WORKED = {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}
DAYS_OF_2026 = st.dates(date(2026, 1, 1), date(2026, 11, 1))


def the_calendar() -> Workdays:
    """The calendar as it is shipped."""
    named: dict[date, bool] = {}
    for notice in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        for rest in notice["rest"]:
            for number in range((rest["until"] - rest["from"]).days + 1):
                named[rest["from"] + timedelta(days=number)] = False
        named.update({work["day"]: True for work in notice["work"]})
    return Workdays(named, frozenset({2026}))


CALENDAR = the_calendar()


def is_worked_on(day: date) -> bool:
    """The same, told the slow way."""
    if day.year == 2026 and f"{day:%m-%d}" in RESTS:
        return False
    return (day.year == 2026 and f"{day:%m-%d}" in WORKED) or day.isoweekday() <= 5


@given(DAYS_OF_2026, st.integers(1, 60))
@settings(max_examples=500, deadline=None)
def test_a_limit_ends_on_the_day_of_a_slow_count(start: date, days: int) -> None:
    every_day = [start + timedelta(days=n) for n in range(1, 200)]
    worked = [day for day in every_day if is_worked_on(day)]

    assert CALENDAR.add(start, days) == worked[days - 1]
    assert CALENDAR.between(start, worked[days - 1]) == days


@given(DAYS_OF_2026, st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_a_calendar_limit_rolls_to_the_next_day_that_is_worked_on(start: date, days: int) -> None:
    last = start + timedelta(days=days)
    while not is_worked_on(last):
        last += timedelta(days=1)

    assert CALENDAR.last_day(start, days, "calendar") == last
    kept = CALENDAR.last_day(start, days, "calendar", rolls=False)
    assert kept == start + timedelta(days=days)


@given(DAYS_OF_2026, st.integers(1, 30), st.integers(1, 30))
@settings(max_examples=200, deadline=None)
def test_a_longer_limit_is_the_shorter_one_and_the_rest(start: date, some: int, more: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, some), more) == CALENDAR.add(start, some + more)


@given(DAYS_OF_2026, st.integers(1, 30))
@settings(max_examples=200, deadline=None)
def test_days_before_are_counted_back_over_the_same_days(start: date, days: int) -> None:
    back = CALENDAR.subtract(CALENDAR.add(start, days), days)

    assert CALENDAR.between(back, CALENDAR.add(start, days)) == days


def test_the_weeks_around_the_spring_festival() -> None:
    assert CALENDAR.add(date(2026, 2, 13), 1) == date(2026, 2, 14), "a Saturday that is worked on"
    assert CALENDAR.add(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert CALENDAR.add(date(2026, 2, 24), 4) == date(2026, 2, 28)


def test_what_is_not_announced_is_weekends_only_and_said_so() -> None:
    assert CALENDAR.is_workday(date(2027, 2, 8)), "the first working day in weekends-only 2027"
    assert not CALENDAR.is_known(date(2027, 2, 8))
    assert CALENDAR.known_until(date(2026, 6, 1)) == date(2026, 12, 31)
    assert CALENDAR.known_until(date(2027, 1, 1)) is None


def test_sixty_days_before_the_known_ends_it_is_warned() -> None:
    assert not CALENDAR.ends_soon(date(2026, 10, 31))
    assert CALENDAR.ends_soon(date(2026, 11, 1))
    assert CALENDAR.ends_soon(date(2027, 1, 1))
