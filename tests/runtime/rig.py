"""A small installation to kill: the real servers, and a stand-in for each process of ours.

`python -m tests.runtime.rig <state folder>` prints `ready` and runs until it is stopped.
"""

import asyncio
import signal
import sys
from pathlib import Path

from backend.runtime import ports
from backend.runtime.forks import ForkServer
from backend.runtime.postgres import Postgres
from backend.runtime.program import Program
from backend.runtime.state import State
from backend.runtime.supervisor import Supervisor, say
from backend.runtime.valkey import Valkey

SLEEPER = "import time; time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


def python(state: State, name: str, code: str, *, once: bool = False) -> Program:
    """A program of one line of Python."""
    return Program(
        name=name,
        command=(sys.executable, "-c", code),
        log=state.log(name),
        once=once,
        cwd=Path("/"),
    )


def fork_server(forks: ForkServer, state: State, *modules: str) -> Program:
    """A fork server with some modules loaded."""
    return Program(
        name="forkserver",
        command=(sys.executable, "-m", "backend.runtime.forkserver", *modules),
        log=state.log("forkserver"),
        is_ready=lambda: True,
        starter=forks.spawn,
    )


def forked(forks: ForkServer, state: State, name: str, *command: str) -> Program:
    """A program that is forked."""
    return Program(
        name=name,
        command=(sys.executable, *command),
        log=state.log(name),
        prepare=forks.wait_until_loaded,
        starter=forks.fork,
    )


async def run(state: State) -> None:
    """Supervise until SIGTERM."""
    valkey = Valkey(state.root, port=ports.any_free(), password="only-for-the-rig")
    postgres = Postgres(state.root)
    forks, stubborn = ForkServer(), state.root / "stubborn.py"
    stubborn.write_text(STUBBORN, "utf-8")
    stages = (
        (postgres.program, valkey.program, fork_server(forks, state)),
        (python(state, "web", SLEEPER), forked(forks, state, "worker", str(stubborn))),
    )
    supervisor = Supervisor(stages, say=say, note_pids=state.write_processes)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, supervisor.ask_to_stop)
    try:
        await supervisor.run(on_ready=lambda: say("ready"))
    finally:
        forks.close()
        postgres.release()


def main(folder: str) -> None:
    """Run in one state folder, alone."""
    state = State(Path(folder))
    with state.lock():
        asyncio.run(run(state))


if __name__ == "__main__":
    main(sys.argv[1])
