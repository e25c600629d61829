"""Killing a stack's processes at random, and watching when its database is away."""

import os
import random
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from benchmarks.figures import say
from benchmarks.stack import Stack

WATCH_EVERY_S = 0.05
NEXT_LIFE_WITHIN_S = 15.0


@dataclass(frozen=True)
class Kill:
    """What was killed, and when on the wall clock."""

    victim: str
    at: float


def plan(victims: Sequence[str], *, kills: int, seed: int) -> list[tuple[float, str]]:
    """For each kill the moment within its slot (0..1) and the victim.

    Every victim comes up before any comes up again.
    """
    chance = random.Random(seed)  # noqa: S311 - it has to be repeatable
    order: list[str] = []
    while len(order) < kills:
        order += chance.sample(victims, len(victims))
    return [(chance.random(), victim) for victim in order[:kills]]


class Killer(threading.Thread):
    """Carries out a plan over a time; killed processes are started again by their supervisor."""

    def __init__(self, stack: Stack, planned: Sequence[tuple[float, str]], *, over_s: float):
        """Nothing is killed before `start`."""
        super().__init__(name="killer", daemon=True)
        self._stack = stack
        self._planned = planned
        self._slot_s = over_s / max(1, len(planned))
        self.done: list[Kill] = []

    def run(self) -> None:
        """Kill one process a slot."""
        began = time.monotonic()
        for number, (moment, victim) in enumerate(self._planned):
            at = began + (number + moment) * self._slot_s
            time.sleep(max(0.0, at - time.monotonic()))
            self._kill(victim)

    def _kill(self, victim: str) -> None:
        give_up_at = time.monotonic() + NEXT_LIFE_WITHIN_S
        while time.monotonic() < give_up_at:
            pid = self._stack.processes().get(victim)
            if pid is not None and _killed(pid):
                self.done.append(Kill(victim, time.time()))
                say(f"killed {victim}")
                return
            time.sleep(WATCH_EVERY_S)
        say(f"{victim} was not there to be killed")


def _killed(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


class DatabaseWatch(threading.Thread):
    """Notes when the database does not answer."""

    def __init__(self, database_url: str) -> None:
        """Nothing is noted before `start`."""
        super().__init__(name="database watch", daemon=True)
        self._url = database_url
        self._stop_asked = threading.Event()
        self.outages: list[tuple[float, float]] = []
        """From when to when, on the wall clock."""

    def run(self) -> None:
        """Ask again and again until `end`."""
        away_since: float | None = None
        while not self._stop_asked.wait(WATCH_EVERY_S):
            asked_at = time.time()
            answers = self._answers()
            if not answers and away_since is None:
                away_since = asked_at
            elif answers and away_since is not None:
                self.outages.append((away_since, time.time()))
                away_since = None

    def end(self) -> list[tuple[float, float]]:
        """Stop watching; what was noted."""
        self._stop_asked.set()
        self.join()
        return self.outages

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self._url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True
