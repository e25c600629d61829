"""Processes die while alarms come in, and every alarm still rings, once."""

import pytest

from benchmarks import drill
from benchmarks.stack import own_stack

pytestmark = pytest.mark.prove


def test_no_alarm_is_lost_or_rung_twice_when_processes_are_killed() -> None:
    with own_stack() as stack:
        figures = drill.drill(stack, alarm_count=40, kill_count=4, victims=drill.VICTIMS, seed=7)

    assert figures["kills"] == 4
    assert figures["lost"] == 0
    assert figures["not_answered"] == 0
    assert figures["not_rung"] == 0
    assert figures["counted_twice"] == 0
    assert figures["unexplained_duplicates"] == 0
