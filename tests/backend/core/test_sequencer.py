"""The sequencer numbers what is committed, and soon."""

import threading
import time
from collections.abc import Callable

import pytest

from backend.core import journal, sequencer
from tests.builders import NOON
from tests.threads import on_own_connection

SOON_S = 2.0


@pytest.mark.parametrize("numbering", [sequencer.run, sequencer.stand_in])
@pytest.mark.django_db(transaction=True)
def test_an_event_is_numbered_soon_after_its_commit_and_the_sequencer_stops_when_told(
    numbering: Callable[[threading.Event], None],
) -> None:
    stop = threading.Event()
    running = threading.Thread(target=on_own_connection, args=(numbering, stop))
    running.start()
    try:
        for number in range(3):
            journal.append(f"call:{number}", "call.note", at=NOON)
            deadline = time.monotonic() + SOON_S
            while journal.since(0).count() <= number and time.monotonic() < deadline:
                time.sleep(0.005)
        numbered = [event.subject for event in journal.since(0)]
    finally:
        stop.set()
        running.join(SOON_S)

    assert numbered == ["call:0", "call:1", "call:2"]
    assert not running.is_alive()
