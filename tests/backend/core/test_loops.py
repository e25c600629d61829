import threading
import time
from contextlib import suppress
from datetime import datetime
from functools import partial
from queue import Empty, Queue

import pytest
from django.db import connection

from backend.core import hints
from backend.core.loops import repeat, repeat_without_clock
from tests.threads import on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)


def is_open(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend])
        (count,) = cursor.fetchone()
    return bool(count)


def one_round(*, every_s: float) -> bool:
    """Whether a loop still holds its connection half a second after its first round."""
    stop, seen = threading.Event(), Queue[int]()

    def work(_now: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            seen.put(cursor.fetchone()[0])

    loop = partial(repeat, stop, work, every_s=every_s)
    thread = threading.Thread(target=on_own_connection, args=(loop,))
    thread.start()
    backend = seen.get(timeout=5)
    time.sleep(0.5)
    held = is_open(backend)
    stop.set()
    thread.join()
    return held


def test_a_loop_that_rests_for_long_holds_no_connection_meanwhile() -> None:
    assert not one_round(every_s=10)


def test_a_loop_that_comes_again_soon_keeps_its_connection() -> None:
    assert one_round(every_s=5)


def rounds_after(*words: str, rest_s: float) -> list[float]:
    """When a loop worked after these hints, in seconds since the first of them."""
    stop, begun, rounds = threading.Event(), Queue[float](), list[float]()
    channel = hints.JOURNAL_NUMBERED

    def loop() -> None:
        repeat_without_clock(
            stop,
            lambda: begun.put(time.monotonic()),
            every_s=30,
            wake_on=channel,
            rest_s=rest_s,
            ended_by="at once",
        )

    thread = threading.Thread(target=on_own_connection, args=(loop,))
    thread.start()
    begun.get(timeout=5)
    first = time.monotonic()
    for word in words:
        hints.give(channel, word)
    with suppress(Empty):
        while True:
            rounds.append(begun.get(timeout=rest_s * 1.5) - first)
    stop.set()
    thread.join()
    return rounds


def test_hints_in_a_rest_are_answered_together_at_its_end() -> None:
    rounds = rounds_after("", "", "", rest_s=0.5)
    assert len(rounds) == 1
    assert rounds[0] > 0.3


def test_a_hint_that_is_pressing_ends_the_rest() -> None:
    rounds = rounds_after("", "at once", rest_s=2)
    assert rounds[0] < 1
