"""The clock by which everything is due: whoever looks after people learns when it is wrong."""

import logging
from datetime import datetime, timedelta

import pytest

from backend.core.models import JournalEvent
from backend.runtime import clocks, health
from tests.builders import NOON, an_area

pytestmark = pytest.mark.django_db


def look(*, database: datetime, machine: datetime | None = None, name: str = "one") -> None:
    clocks.check(machine=name, machine_at=machine or database, now=database)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def told() -> list[tuple[str, str]]:
    events = JournalEvent.objects.filter(subject="clock:one").order_by("id")
    return [(event.type, event.data["reason"]) for event in events]


def test_a_clock_that_goes_on_is_no_news() -> None:
    an_area()
    for seconds in (0, 5, 10, 9):
        look(database=after(seconds), machine=after(seconds + 4))

    assert told() == []
    assert clocks.trouble(now=after(10)) is None


def test_a_clock_that_was_set_back_is_told_once_until_its_time_has_come_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    area = an_area()
    look(database=after(600))
    with caplog.at_level(logging.WARNING):
        for seconds in (0, 5, 595):
            look(database=after(seconds))

    wrong = clocks.trouble(now=after(595))
    assert wrong is not None
    assert (wrong.reason, wrong.wrong_by_s) == ("back", 5)
    assert told() == [("clock.wrong", "back")]
    assert JournalEvent.objects.get().area_path == area.path
    assert "clock.wrong: back by 600 s" in caplog.text

    look(database=after(601))
    assert told()[-1] == ("clock.right", "")
    assert clocks.trouble(now=after(601)) is None


def test_another_machine_knows_that_it_was_set_back() -> None:
    an_area()
    look(database=after(600), name="another")
    look(database=NOON)

    assert told() == [("clock.wrong", "back")]


@pytest.mark.parametrize("seconds", [-6, 6])
def test_clocks_apart_are_told(seconds: float) -> None:
    an_area()
    look(database=NOON, machine=after(seconds))

    assert told() == [("clock.wrong", "apart")]


def test_a_machine_that_looks_no_more_says_nothing_of_now() -> None:
    look(database=NOON, machine=after(60), name="gone")

    assert clocks.trouble(now=after(59)) is not None
    assert clocks.trouble(now=after(61)) is None


def test_readiness_says_what_is_wrong_with_the_clock() -> None:
    now = datetime.now(NOON.tzinfo)
    assert health.readiness()["clock_good"] is True

    clocks.check(machine="one", machine_at=now + timedelta(minutes=1), now=now)

    state = health.readiness()
    assert (state["clock_good"], state["clock_wrong"]) == (False, "apart")
