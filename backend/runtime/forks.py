"""The supervisor's side of the fork server: asking for programs, and being their parent."""

import json
import os
import signal
import socket
import threading
from contextlib import ExitStack
from typing import Any

from backend.runtime import logs
from backend.runtime.program import Process, Program
from backend.runtime.tied import take_on_orphans

LOADED_WITHIN_S, LOADED_AGAIN_WITHIN_S = 60.0, 5.0
"""A first start compiles all, in 15 to 40 s; later ones take 3."""
FREE_WITHIN_S, FORKED_WITHIN_S = 0.2, 1.0
ANSWER_BYTES = 32


class Adopted:
    """A child that another process forked for us, in the words of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        """It is our child already, and nobody else waits for it."""
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, None while it runs."""
        if self.returncode is None:
            self._wait(os.WNOHANG)
        return self.returncode

    def wait(self) -> int:
        """How it ended, when it has."""
        while self.returncode is None:
            self._wait(0)
        return self.returncode

    def send_signal(self, sig: int) -> None:
        """To it, and never to another that has got its number meanwhile."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """End it by force."""
        self.send_signal(signal.SIGKILL)

    def _wait(self, options: int) -> None:
        pid, status = os.waitpid(self.pid, options)
        if pid:
            self.returncode = os.waitstatus_to_exitcode(status)


class ForkServer:
    """Starts programs by forking them from one process; without it they start as any other."""

    def __init__(self) -> None:
        """There is none yet: `spawn` starts it."""
        self._door: socket.socket | None = None
        self._loaded = False
        self._load_within_s = LOADED_WITHIN_S
        self._lock = threading.Lock()

    def spawn(self, program: Program) -> Process:
        """Start the fork server itself, a program like others."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, ExitStack() as if_it_fails:
            if_it_fails.enter_context(ours)
            process = program.spawn(stdin=theirs.fileno())
            if_it_fails.pop_all()
        with self._lock:
            self._close()
            self._door = ours
        return process

    def wait_until_loaded(self) -> None:
        """Return when it can fork, or when waiting for it any longer helps nobody."""
        with self._lock:
            if self._door is None or self._loaded:
                return
            self._door.settimeout(self._load_within_s)
            self._load_within_s = LOADED_AGAIN_WITHIN_S
            try:
                self._loaded = bool(self._door.recv(ANSWER_BYTES))
            except OSError:
                self._close()

    def fork(self, program: Program) -> Process:
        """Start a program by a fork, or as any other where that does not work."""
        pid = self._ask_for(program)
        return Adopted(pid) if pid else program.spawn()

    def _ask_for(self, program: Program) -> int | None:
        if not self._lock.acquire(timeout=FREE_WITHIN_S):
            return None
        try:
            if self._door is None or not self._loaded:
                return None
            return self._answer(self._door, program)
        except (OSError, ValueError):  # it has died, or says nothing
            self._close()
            return None
        finally:
            self._lock.release()

    def _answer(self, door: socket.socket, program: Program) -> int:
        """Its number. A fork of which we hear too late is never told to begin, and ends."""
        _python, *command = program.command
        request: dict[str, Any] = {
            "name": program.name,
            "command": command,
            "death_signal": int(program.death_signal),
        }
        door.settimeout(FORKED_WITHIN_S)
        may_begin, begin = os.pipe()
        take_on_orphans(True)
        try:
            with logs.append_to(program.log) as log:
                descriptors = [log.fileno(), may_begin]
                socket.send_fds(door, [json.dumps(request).encode()], descriptors)
            pid = int(door.recv(ANSWER_BYTES))
            # Our child, or ChildProcessError: an OSError.
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            os.write(begin, b"!")
            return pid
        finally:
            take_on_orphans(False)
            os.close(may_begin)
            os.close(begin)

    def close(self) -> None:
        """Ask for nothing more; the server ends by itself then."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._door is not None:
            self._door.close()
        self._door, self._loaded = None, False
