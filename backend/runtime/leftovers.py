"""Servers of an earlier start that still use a folder, found by their working directory."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from backend.runtime.errors import StillRunning

PATIENCE_S = 3.0
PROC = Path("/proc")


def _server_pids(folder: Path, executable: str) -> Iterator[int]:
    for entry in PROC.iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            here = (entry / "cwd").readlink() == folder
            if here and (entry / "exe").readlink().name.startswith(executable):
                yield int(entry.name)
        except OSError:  # gone meanwhile, or somebody else's
            continue


def clear(folder: Path, *, executable: str, patience_s: float = PATIENCE_S) -> None:
    """Wait until no such server works in the folder, and end those that stay.

    Raises:
        StillRunning: even force did not end them.
    """
    folder = folder.resolve()
    deadline = time.monotonic() + patience_s
    while pids := list(_server_pids(folder, executable)):
        if time.monotonic() > deadline + patience_s:
            raise StillRunning(folder=folder, pids=pids)
        if time.monotonic() > deadline:
            _kill(pids)
        time.sleep(0.05)


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
