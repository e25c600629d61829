"""How a process that runs for long is settled: its garbage, its threads, its core."""

import gc
import os
import sys

SWITCH_S = 0.001
"""A thread back from the database waits at most so long for one that computes; Python's own 5 ms
come again at each of the dozens of statements behind a press."""
FIRST_CORE, LAST_CORE = 0, -1


def settle() -> None:
    """Keep what is loaded out of garbage collection, and let threads take turns fairly.

    Looking through the program's own objects again and again costs the doors a third of what they
    can take, and stops everything for tens of milliseconds each time.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_S)


def keep_to_core(number: int) -> None:
    """Stay on one of the cores this process may use, counted from 0, or from the end if below.

    An interpreter computes on one core at a time. When its threads are spread over several, each
    hand-over of its lock wakes another core, which under a hypervisor costs ten times as much as
    going on where one is; behind a press are hundreds of them. Call it before threads are
    started: they inherit the core. Where the system knows no such thing, nothing is done.
    """
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {allowed[number % len(allowed)]})
