"""Lanes: work in groups, each answered for itself, none turned away that must not be."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from devices.ingest.lanes import Lane, Limits
from devices.mqtt.ports import NotCommitted

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """Commits numbers; waits while it is shut, and cannot bear a negative one."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.opened = threading.Event()
        self.opened.set()

    def commit(self, numbers: list[int]) -> list[int]:
        self.opened.wait(10)
        if any(number < 0 for number in numbers):
            raise ZeroDivisionError
        self.groups.append(numbers)
        return [number * 2 for number in numbers]


def in_a_lane(
    desk: Desk,
    limits: Limits,
    give: Callable[[Lane[int, int]], "list[asyncio.Future[int]]"],
    *,
    source_of: Callable[[int], object] = lambda _: None,
) -> list[int | BaseException]:
    """The results of what `give` gives to a lane, in order."""

    async def story() -> list[int | BaseException]:
        lane: Lane[int, int] = Lane("test", desk.commit, limits, source_of=source_of)
        lane.start()
        given = give(lane)
        desk.opened.set()
        results = await asyncio.gather(*given, return_exceptions=True)
        await lane.stop()
        return results

    return asyncio.run(story())


def all_at_once(*numbers: int) -> Callable[[Lane[int, int]], "list[asyncio.Future[int]]"]:
    return lambda lane: [lane.do(number) for number in numbers]


def test_what_waits_is_committed_together_up_to_the_limit_and_in_order() -> None:
    desk = Desk()
    desk.opened.clear()

    results = in_a_lane(desk, Limits(at_once=3), all_at_once(*range(10)))

    assert results == [number * 2 for number in range(10)]
    assert [number for group in desk.groups for number in group] == list(range(10))
    assert max(len(group) for group in desk.groups) == 3
    assert len(desk.groups) <= 5


def test_a_work_that_breaks_its_group_fails_alone() -> None:
    desk = Desk()
    desk.opened.clear()

    results = in_a_lane(desk, Limits(at_once=10), all_at_once(1, 2, -3, 4))

    assert results[:2] == [2, 4]
    assert isinstance(results[2], NotCommitted)
    assert results[3] == 8


def test_several_threads_answer_every_work_once() -> None:
    desk = Desk()

    results = in_a_lane(desk, Limits(at_once=3, threads=3), all_at_once(*range(50)))

    assert results == [number * 2 for number in range(50)]
    assert sorted(number for group in desk.groups for number in group) == list(range(50))


def test_while_one_thread_waits_for_the_database_another_goes_on() -> None:
    desk = Desk()
    both_are_in = threading.Barrier(2)

    def commit(numbers: list[int]) -> list[int]:
        both_are_in.wait(5)
        return desk.commit(numbers)

    async def story() -> list[int]:
        lane: Lane[int, int] = Lane("test", commit, Limits(at_once=1, threads=2))
        lane.start()
        results = await asyncio.gather(*all_at_once(1, 2)(lane))
        await lane.stop()
        return results

    assert asyncio.run(story()) == [2, 4]


def test_beyond_its_limit_a_lane_turns_work_away_at_once() -> None:
    desk = Desk()
    desk.opened.clear()

    results = in_a_lane(desk, Limits(at_once=1, waiting=4), all_at_once(*range(20)))

    refused = [each for each in results if isinstance(each, NotCommitted)]
    assert 14 <= len(refused) <= 16
    assert results[:4] == [0, 2, 4, 6]


def test_in_a_flood_works_of_one_source_share_a_place_and_none_is_turned_away() -> None:
    desk = Desk()
    desk.opened.clear()
    limits = Limits(at_once=4, collapse_above=10)

    results = in_a_lane(desk, limits, all_at_once(*range(1000)), source_of=lambda n: n % 20)

    assert not [each for each in results if isinstance(each, BaseException)]
    committed = [number for group in desk.groups for number in group]
    assert {number % 20 for number in committed} == set(range(20))
    assert len(committed) < 40


def test_stopping_commits_what_waits_and_takes_no_more() -> None:
    async def story() -> tuple[list[int], bool]:
        lane: Lane[int, int] = Lane("test", Desk().commit, Limits(at_once=1))
        lane.start()
        given = [lane.do(number) for number in range(5)]
        await lane.stop()
        assert all(each.done() for each in given)
        late = lane.do(6)
        return [each.result() for each in given], isinstance(late.exception(), NotCommitted)

    assert asyncio.run(story()) == ([0, 2, 4, 6, 8], True)


def test_a_lanes_statements_do_not_wait_for_ever() -> None:
    def limits_of(_works: list[int]) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            return [cursor.fetchone()[0]]

    async def story() -> str:
        lane: Lane[int, str] = Lane("test", limits_of, Limits(at_once=1))
        lane.start()
        told = await lane.do(1)
        await lane.stop()
        return told

    assert asyncio.run(story()) == "3s"
