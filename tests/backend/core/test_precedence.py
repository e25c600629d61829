"""Requests let alarms go first, but never wait for long."""

import asyncio
import time

import pytest

from backend.core import precedence
from backend.core.precedence import Precedence

LONG_S = 5.0


async def waited(alarms: Precedence, *, at_most_s: float) -> float:
    began = time.monotonic()
    await alarms.given(at_most_s=at_most_s)
    return time.monotonic() - began


async def test_without_an_alarm_nobody_waits() -> None:
    assert await waited(Precedence(), at_most_s=LONG_S) < 1


async def test_all_who_wait_go_on_when_the_last_alarm_is_over() -> None:
    alarms = Precedence()
    with alarms.goes_first():
        with alarms.goes_first():
            waiting = [asyncio.create_task(waited(alarms, at_most_s=LONG_S)) for _ in range(3)]
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)
    assert max(await asyncio.gather(*waiting)) < 1
    assert await waited(alarms, at_most_s=LONG_S) < 1


async def test_an_alarm_that_takes_long_is_waited_for_no_longer_than_said() -> None:
    alarms = Precedence()
    with alarms.goes_first():
        assert 0.02 <= await waited(alarms, at_most_s=0.02) < 1
        assert 0.02 <= await waited(alarms, at_most_s=0.02) < 1
    assert await waited(alarms, at_most_s=LONG_S) < 1


async def test_an_alarm_that_cannot_be_stored_is_over_too() -> None:
    alarms = Precedence()
    try:
        with alarms.goes_first():
            raise ConnectionError
    except ConnectionError:
        assert await waited(alarms, at_most_s=LONG_S) < 1


async def test_a_request_lets_an_alarm_reach_the_screens_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precedence, "SHOWN_WITHIN_S", 0.05)
    alarms = Precedence()
    with alarms.goes_first():
        pass

    assert await waited(alarms, at_most_s=LONG_S) >= 0.04
    assert await waited(alarms, at_most_s=LONG_S) < 0.04
