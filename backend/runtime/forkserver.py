"""A process that has loaded what the programs have in common, and forks each of them.

    python -m backend.runtime.forkserver <module>…

Loaded once it is held once, and a program that ended is back without loading anything
(docs/adr/0014). What is asked for comes on standard input, a socket of packets: a command as
`python` takes it, the log to write to, and a pipe on which the fork is told to begin once the
answer, its number, has been heard.
"""

import ctypes
import gc
import json
import os
import runpy
import socket
import sys
from importlib import import_module
from typing import Any

from backend.runtime.tied import name_process, tie

LOADED = b"loaded"
MOST_BYTES = 16 * 1024

Command = list[str]


def main() -> None:
    """Load the modules, then fork until nobody asks any more; a fork goes on as its program."""
    door = socket.socket(fileno=sys.stdin.fileno())
    load(sys.argv[1:])
    door.send(LOADED)
    command = serve(door)
    if command is not None:
        run(command)


def load(modules: list[str]) -> None:
    """Import them, and leave no garbage whose finding would write to what forks share.

    What compiling them has used, 10 MB of a first start, is given back.
    """
    for module in modules:
        import_module(module)
    gc.collect()
    gc.freeze()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # glibc
        libc.malloc_trim(0)


def serve(door: socket.socket) -> Command | None:
    """Fork what is asked for; returns in a fork with its command, here when the door closes."""
    supervisor = os.getppid()
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(door, MOST_BYTES, 2)
        if not message:
            return None
        log, may_begin = descriptors
        pid = _fork_away()
        if pid == 0:
            _wait_for_the_word(may_begin)
            return _settled(json.loads(message), door=door, log=log, supervisor=supervisor)
        os.close(log)
        os.close(may_begin)
        door.send(b"%d" % pid)


def run(command: Command) -> None:
    """Be the program that `python <command>` is."""
    if command[0] == "-m":
        sys.argv = command[1:]
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = command
        runpy.run_path(command[0], run_name="__main__")


def _fork_away() -> int:
    """Fork a process that loses its parent at once; returns its number, 0 inside of it.

    Who has asked is its parent then, as the nearest that takes on such processes
    (PR_SET_CHILD_SUBREAPER): they do not live by this one.
    """
    reading, writing = os.pipe()
    between = os.fork()
    if between == 0:
        os.setsid()  # out of this one's group, which is ended as one when this one dies
        pid = os.fork()
        if pid:
            os.write(writing, b"%d" % pid)
            os._exit(0)
    os.close(writing)
    pid = 0
    if between:
        os.waitpid(between, 0)
        pid = int(os.read(reading, MOST_BYTES))
    os.close(reading)
    return pid


def _wait_for_the_word(may_begin: int) -> None:
    """Go on when who asked has heard of us; end if it has given us up, or is dead."""
    if not os.read(may_begin, 1):
        os._exit(1)
    os.close(may_begin)


def _settled(request: dict[str, Any], *, door: socket.socket, log: int, supervisor: int) -> Command:
    """Make a fork a program of its own, as `Program.spawn` and `tied` make one."""
    door.detach()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, takes in ((0, nothing), (1, log), (2, log)):
        os.dup2(takes, number)
    os.close(nothing)
    os.close(log)
    os.setsid()
    tie(supervisor, request["death_signal"])
    name_process(request["name"])
    command: Command = request["command"]
    return command


if __name__ == "__main__":
    main()
