"""A program to run: what the supervisor and the servers' launchers agree on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from backend.runtime import logs
from backend.runtime.errors import DidNotStart

ROOT = Path(__file__).resolve().parents[2]
TIED = Path(__file__).with_name("tied.py")


def _nothing() -> None:
    pass


class Process(Protocol):
    """A running program, in the words of `subprocess.Popen`."""

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """How it ended, None while it runs."""

    def wait(self) -> int:
        """How it ended, when it has."""

    def send_signal(self, sig: int) -> None:
        """Send it a signal, if it runs."""

    def kill(self) -> None:
        """End it by force."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program with what it needs before, how one sees that it is ready, and how it ends.

    `once` marks one that does its work and ends; it is ready when it has ended well. Without
    `is_ready` a program counts as ready when it has not ended soon.
    `wrapper` comes before the command; `uid` is the account it runs as, None for our own.
    `death_signal` is what it gets when its starter dies without stopping it. `starter` starts it
    in another way than `spawn`.
    """

    name: str
    command: tuple[str, ...]
    log: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = ROOT
    wrapper: tuple[str, ...] = ()
    uid: int | None = None
    once: bool = False
    prepare: Callable[[], None] = _nothing
    is_ready: Callable[[], bool] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    grace_s: float = 1.5
    starter: Callable[["Program"], Process] | None = None

    def argv(self) -> list[str]:
        """The command, tied to the calling process."""
        uid = "-" if self.uid is None else str(self.uid)
        tie = (sys.executable, "-I", "-S", str(TIED), str(os.getpid()))
        return [*self.wrapper, *tie, str(int(self.death_signal)), uid, *self.command]

    def begin(self) -> Process:
        """Start it in its way; call it from the main thread."""
        return self.spawn() if self.starter is None else self.starter(self)

    def spawn(self, *, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, writing to its log.

        Call it from the main thread: the tie is to the thread that starts the program.
        """
        with logs.append_to(self.log) as log:
            return subprocess.Popen(
                self.argv(),
                stdin=stdin,
                stdout=log,
                stderr=log,
                cwd=self.cwd,
                env={**os.environ, **self.environ},
                start_new_session=True,
            )

    def did_not_start(self) -> DidNotStart:
        """The error that shows the end of the log."""
        return DidNotStart(name=self.name, log=self.log, tail=logs.tail(self.log))


def start(program: Program, *, within_s: float = 30.0) -> subprocess.Popen[bytes]:
    """Start a program and return when it is ready.

    Raises:
        DidNotStart: it ended or was not ready in time; it does not run any more.
    """
    program.prepare()
    process = program.spawn()
    deadline = time.monotonic() + within_s
    while program.is_ready is not None and not program.is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            stop(program, process)
            raise program.did_not_start()
        time.sleep(0.01)
    return process


def stop(program: Program, process: subprocess.Popen[bytes]) -> None:
    """End a program kindly, then by force."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
    try:
        process.wait(timeout=program.grace_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    end_group(process.pid)


def end_group(pid: int) -> None:
    """Kill what a program left behind in its process group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
