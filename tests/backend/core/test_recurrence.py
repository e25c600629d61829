"""Rules of days on the clock of a wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.core.recurrence import BadRule, Recurrence

SHANGHAI = ZoneInfo("Asia/Shanghai")
PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 23)


def days(recurrence: Recurrence, since: datetime, count: int) -> list[date]:
    found, moment = [], since
    for _ in range(count):
        following = recurrence.next_after(moment)
        assert following is not None
        found.append(following.astimezone(recurrence.zone).date())
        moment = following
    return found


def test_a_daily_rule_is_at_its_hour_in_the_persons_zone() -> None:
    recurrence = Recurrence("FREQ=DAILY", starts_on=MONDAY, at=time(8, 0))

    following = recurrence.next_after(datetime(2026, 11, 24, 0, 0, tzinfo=UTC))

    assert following == datetime(2026, 11, 25, 8, 0, tzinfo=SHANGHAI)


def test_the_moment_itself_is_not_after_it() -> None:
    recurrence = Recurrence("FREQ=DAILY", starts_on=MONDAY, at=time(8, 0))
    first = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)

    assert recurrence.next_after(first - timedelta(seconds=1)) == first
    assert recurrence.next_after(first) == first + timedelta(days=1)


def test_nothing_falls_before_the_first_day_or_after_the_last() -> None:
    recurrence = Recurrence(
        "FREQ=DAILY", starts_on=MONDAY, at=time(8, 0), ends_on=date(2026, 11, 24)
    )
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)

    assert days(recurrence, long_ago, 2) == [MONDAY, date(2026, 11, 24)]
    assert recurrence.next_after(datetime(2026, 11, 24, 1, 0, tzinfo=UTC)) is None


def test_days_that_are_left_out_do_not_come() -> None:
    recurrence = Recurrence(
        "FREQ=WEEKLY;BYDAY=MO,TH",
        starts_on=MONDAY,
        at=time(9, 30),
        except_on=frozenset({date(2026, 11, 26)}),
    )

    found = days(recurrence, datetime(2026, 11, 22, tzinfo=UTC), 3)
    assert found == [MONDAY, date(2026, 11, 30), date(2026, 12, 3)]


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "FREQ=DAILY;INTERVAL=3"])
def test_every_second_week_stays_every_second_week_years_later(rule: str) -> None:
    recurrence = Recurrence(rule, starts_on=date(2010, 3, 3), at=time(8, 0))
    whole = list(
        recurrence.between(datetime(2010, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
    )

    asked = recurrence.between(
        datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    )
    assert list(asked) == [one for one in whole if one > datetime(2026, 11, 1, tzinfo=UTC)]


def test_the_thirty_first_skips_short_months_and_the_last_day_does_not() -> None:
    since = datetime(2027, 1, 1, tzinfo=UTC)
    on_31 = Recurrence("FREQ=MONTHLY;BYMONTHDAY=31", starts_on=date(2027, 1, 1), at=time(8))
    last = Recurrence("FREQ=MONTHLY;BYMONTHDAY=-1", starts_on=date(2027, 1, 1), at=time(8))

    assert [day.month for day in days(on_31, since, 3)] == [1, 3, 5]
    assert [day.day for day in days(last, since, 3)] == [31, 28, 31]


def test_eight_in_the_morning_stays_eight_when_summer_time_ends() -> None:
    recurrence = Recurrence("FREQ=DAILY", starts_on=date(2026, 10, 20), at=time(8), zone=PARIS)

    before, after = (
        recurrence.next_after(datetime(2026, 10, day, 12, tzinfo=UTC)) for day in (23, 25)
    )
    assert before == datetime(2026, 10, 24, 6, tzinfo=UTC)
    assert after == datetime(2026, 10, 26, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "daily",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=3",
        "FREQ=DAILY;INTERVAL=x",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY\nRDATE:20260101",
        "DTSTART:20260101\nFREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;" + "BYDAY=MO;" * 40,
    ],
)
def test_what_is_no_rule_of_days_is_refused(rule: str) -> None:
    recurrence = Recurrence(rule, starts_on=MONDAY, at=time(8))

    with pytest.raises(BadRule):
        recurrence.next_after(datetime(2026, 11, 24, tzinfo=UTC))
