"""The running stack that a story is played against: found, or started for it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_WITHIN_S = 120.0
STOP_WITHIN_S = 15.0
ROOT = Path(__file__).resolve().parents[3]

Run = dict[str, Any]
"""The content of run.json."""


class NotStarted(RuntimeError):
    """The stack did not become ready."""


def running(state: Path) -> Run | None:
    """run.json of a ready stack in a state folder, or None."""
    try:
        run: Run = json.loads((state / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return run if run.get("state") == "ready" and _alive(run) else None


def _alive(run: Run) -> bool:
    pid = run.get("pid")
    if not isinstance(pid, int):
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def found_or_started(state: Path) -> Iterator[Run]:
    """The ready stack of a state folder, or one of its own that is stopped at the end.

    Raises:
        NotStarted: it did not become ready in two minutes; the log's last lines are in it.
    """
    run = running(state)
    if run is not None:
        yield run
        return
    with tempfile.TemporaryDirectory(prefix="yian-demo-") as folder, started(Path(folder)) as own:
        yield own


@contextmanager
def started(state: Path, *, environ: dict[str, str] | None = None) -> Iterator[Run]:
    """A stack of its own in `state`, stopped at the end.

    Raises:
        NotStarted: it did not become ready in two minutes.
    """
    state.mkdir(parents=True, exist_ok=True)
    log = state / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env={**os.environ, "YIAN_STATE": str(state), **(environ or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _ready(process, state, log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ready(process: subprocess.Popen[bytes], state: Path, log: Path) -> Run:
    give_up_at = time.monotonic() + START_WITHIN_S
    while time.monotonic() < give_up_at and process.poll() is None:
        run = running(state)
        if run is not None:
            return run
        time.sleep(0.1)
    raise NotStarted(log.read_text(errors="replace")[-2000:])
