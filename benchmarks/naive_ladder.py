"""The naive peer of the ladder: each step a Celery task with a countdown, on Valkey.

The provider is called in the task; here that is a line in a file. Nothing else is kept. Kills of
worker and Valkey come while steps wait, as in the drill.
"""

import os
import random
import sys
import tempfile
import time
import uuid
from pathlib import Path
from subprocess import Popen

from celery import Celery
from kombu.exceptions import OperationalError

from backend.runtime import ports, program
from backend.runtime.program import Program
from backend.runtime.valkey import Valkey
from benchmarks.figures import Figures, say

ALARMS = 100
KILLS = 4
SPREAD_S = 20.0
COUNTDOWN_S = 5.0
PATIENCE_S = 15.0
"""How long after the last step was due a ring still counts."""
READY_AFTER_S = 3.0
BROKER, RUNG = "NAIVE_BROKER", "NAIVE_RUNG"

app = Celery("naive", broker=os.environ.get(BROKER, "memory://"))
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)


@app.task(name="ring")  # type: ignore[untyped-decorator]
def ring(alarm: str) -> None:
    """Call the provider."""
    with Path(os.environ[RUNG]).open("a", encoding="ascii") as rung:
        rung.write(f"{alarm}\n")


class Ladder:
    """Valkey, a worker, and alarms whose next step waits in both."""

    def __init__(self, folder: Path) -> None:
        """Start both."""
        valkey = Valkey(folder, port=ports.any_free(), password="naive")  # noqa: S106
        self._rung = folder / "rung"
        self._rung.touch()
        app.conf.broker_url = valkey.url
        worker = Program(
            name="worker",
            command=(
                *(sys.executable, "-m", "celery", "-A", "benchmarks.naive_ladder", "worker"),
                *("--pool", "threads", "--concurrency", "4", "--loglevel", "WARNING"),
            ),
            log=folder / "worker.log",
            environ={BROKER: valkey.url, RUNG: str(self._rung)},
        )
        self._programs = {"valkey": valkey.program, "worker": worker}
        self._running: dict[str, Popen[bytes]] = {}
        for name in self._programs:
            self._running[name] = program.start(self._programs[name])
        time.sleep(READY_AFTER_S)

    def press(self) -> str:
        """An alarm whose step is owed after a while; tried until the broker takes it."""
        alarm = uuid.uuid4().hex
        while True:
            try:
                ring.apply_async((alarm,), countdown=COUNTDOWN_S)
            except OperationalError:
                time.sleep(0.5)
            else:
                return alarm

    def kill(self, name: str) -> None:
        """Kill one of both and start it again, as a supervisor would."""
        self._running[name].kill()
        self._running[name].wait()
        say(f"naive: killed {name}")
        self._running[name] = program.start(self._programs[name])

    def rung(self) -> set[str]:
        """The alarms whose step was taken."""
        return set(self._rung.read_text("ascii").split())

    def stop(self) -> None:
        """Stop both."""
        for name in ("worker", "valkey"):
            program.stop(self._programs[name], self._running[name])


def measure(*, seed: int) -> Figures:
    """Press, kill, and count the steps that nobody took."""
    chance = random.Random(seed)  # noqa: S311 - it has to be repeatable
    kill_before = set(chance.sample(range(10, ALARMS), KILLS))
    with tempfile.TemporaryDirectory(prefix="yian-bench-") as folder:
        ladder = Ladder(Path(folder))
        try:
            pressed = []
            for number in range(ALARMS):
                if number in kill_before:
                    ladder.kill(("worker", "valkey")[len(kill_before) % 2])
                    kill_before.discard(number)
                pressed.append(ladder.press())
                time.sleep(SPREAD_S / ALARMS)
            time.sleep(COUNTDOWN_S + PATIENCE_S)
            lost = len(set(pressed) - ladder.rung())
        finally:
            ladder.stop()
    return {"naive_alarms": ALARMS, "naive_kills": KILLS, "naive_lost": lost}
