import threading
import time
from datetime import datetime
from functools import partial
from queue import Queue

import pytest
from django.db import connection

from backend.core.loops import repeat
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
