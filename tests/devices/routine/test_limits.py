"""How long nobody may move, hour by hour."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.routine.limits import FIXED, Limits, is_out
from devices.routine.sights import Sights

ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 11, 23, tzinfo=ZONE)


def at(clock: str, *, day: int = 0) -> datetime:
    hours, minutes = clock.split(":")
    return DAY + timedelta(days=day, hours=int(hours), minutes=int(minutes))


@pytest.mark.parametrize(
    ("moved", "ends"),
    [
        (at("07:35"), at("12:35")),
        (at("13:00"), at("18:00")),
        (at("21:00"), at("07:15", day=1)),
        (at("02:00", day=1), at("09:20", day=1)),
        (at("22:30"), at("07:52", day=1)),
    ],
)
def test_an_hour_by_night_uses_up_less_of_what_is_allowed(moved: datetime, ends: datetime) -> None:
    verdict = FIXED.judge(Sights(inside_at=moved), since=moved)

    assert verdict.state == "at_home"
    assert abs(verdict.ends_at - ends) < timedelta(minutes=1)


def test_who_opened_the_door_and_is_not_seen_inside_afterwards_is_out() -> None:
    sights = Sights(inside_at=at("09:00"), door_at=at("09:01"))

    verdict = FIXED.judge(sights, since=at("08:00"))

    assert verdict.state == "out"
    assert verdict.limit == Limits().out


def test_a_movement_just_after_the_door_is_of_who_leaves_and_a_later_one_of_who_is_there() -> None:
    assert is_out(Sights(inside_at=at("09:02"), door_at=at("09:01")))
    assert not is_out(Sights(inside_at=at("09:05"), door_at=at("09:01")))
    assert not is_out(Sights(inside_at=at("09:05")))


@given(st.integers(0, 48 * 60), st.integers(0, 600))
def test_a_later_movement_never_ends_sooner(minute: int, later: int) -> None:
    first = DAY + timedelta(minutes=minute)
    second = first + timedelta(minutes=later)

    ends = [FIXED.judge(Sights(inside_at=one), since=one).ends_at for one in (first, second)]

    assert ends[0] <= ends[1]
    assert Limits().day <= ends[0] - first <= Limits().night
