"""Programs forked from one that has loaded: the same programs, started sooner, held once."""

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from backend.runtime.forks import Adopted, ForkServer
from backend.runtime.installation import PRELOADED, PRELOADED_BY_DEMO
from backend.runtime.program import Process, end_group
from backend.runtime.state import State
from backend.runtime.tied import take_on_orphans
from tests.runtime.rig import fork_server, forked
from tests.runtime.test_supervisor import Watched

SAYS_WHO_IT_IS = """
import os, sys
loaded = "wave" in sys.modules
print(sys.argv[1:], loaded, os.getsid(0) == os.getpid(), sys.stdin.read(), __name__, flush=True)
sys.exit(7)
"""

SAYS_WHAT_IT_HAS = """
import json, os, socket, stat, sys, threading
kinds = [stat.S_ISSOCK(os.fstat(number).st_mode) for number in range(3, 256)
         if os.path.exists(f"/proc/self/fd/{number}")]
run_anew = ["backend.runtime.serving", "backend.runtime.worker", "devices.simulator.__main__"]
print(json.dumps({
    "threads": len(os.listdir("/proc/self/task")),
    "sockets": sum(kinds),
    "run anew": [name for name in run_anew if name in sys.modules],
    "django": "backend.asgi" in sys.modules,
}), flush=True)
"""


@pytest.fixture
def forks() -> Iterator[ForkServer]:
    forks = ForkServer()
    yield forks
    forks.close()


def a_script(folder: Path, code: str) -> str:
    script = folder / "script.py"
    script.write_text(code)
    return str(script)


def ended(process: Process, *, within_s: float = 5.0) -> int | None:
    deadline = time.monotonic() + within_s
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    return process.poll()


def test_a_fork_is_the_program_with_all_that_was_loaded(forks: ForkServer, tmp_path: Path) -> None:
    state = State(tmp_path)
    server = fork_server(forks, state, "wave").begin()
    program = forked(forks, state, "web", a_script(tmp_path, SAYS_WHO_IT_IS), "a", "b c")

    program.prepare()
    process = program.begin()

    assert isinstance(process, Adopted)
    assert ended(process) == 7
    assert state.log("web").read_text() == "['a', 'b c'] True True  __main__\n"
    server.kill()
    server.wait()


def test_a_fork_is_our_child_and_lives_on_without_its_server(
    forks: ForkServer, tmp_path: Path
) -> None:
    state = State(tmp_path)
    server = fork_server(forks, state).begin()
    program = forked(forks, state, "web", a_script(tmp_path, "import time; time.sleep(60)"))
    program.prepare()
    process = program.begin()
    assert os.getpgid(process.pid) != os.getpgid(server.pid)
    assert psutil.Process(process.pid).ppid() == psutil.Process().pid

    server.kill()
    server.wait()
    time.sleep(0.2)

    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait() == -signal.SIGTERM
    process.kill()  # nobody else is hit
    end_group(process.pid)


@pytest.mark.parametrize("how", ["never there", "died while loading", "died after"])
def test_without_a_server_a_program_starts_as_any_other(
    forks: ForkServer, tmp_path: Path, how: str
) -> None:
    state = State(tmp_path)
    if how != "never there":
        modules = ["no.such.module"] if how == "died while loading" else []
        server = fork_server(forks, state, *modules).begin()
        forks.wait_until_loaded()
        server.kill()
        server.wait()
    program = forked(forks, state, "web", a_script(tmp_path, SAYS_WHO_IT_IS), "a")

    program.prepare()
    process = program.begin()

    assert not isinstance(process, Adopted)
    assert ended(process) == 7
    assert state.log("web").read_text() == "['a'] False True  __main__\n"


async def test_what_is_killed_is_forked_again_also_the_server(
    forks: ForkServer, tmp_path: Path
) -> None:
    state = State(tmp_path)
    web = forked(forks, state, "web", a_script(tmp_path, "import time; time.sleep(60)"))
    watched = Watched((fork_server(forks, state),), (web,))
    running = watched.start()
    await asyncio.wait_for(watched.ready.wait(), 10)
    for name in ("web", "forkserver", "web"):
        before = watched.pids[-1]
        psutil.Process(before[name]).kill()
        async with asyncio.timeout(5):
            while set(watched.pids[-1]) != set(before) or watched.pids[-1][name] == before[name]:
                await asyncio.sleep(0.02)
    last = psutil.Process(watched.pids[-1]["web"])
    async with asyncio.timeout(5):
        while last.name() != "web":
            await asyncio.sleep(0.02)
    assert last.cmdline()[-1] == "backend.runtime.forkserver"

    await watched.stop(running)

    assert not last.is_running()
    assert [each.partition(":")[0] for each in watched.said] == ["web", "forkserver", "web"]


def test_a_command_of_a_module_is_run_as_python_runs_it(forks: ForkServer, tmp_path: Path) -> None:
    state = State(tmp_path)
    server = fork_server(forks, state).begin()
    program = forked(forks, state, "tool", "-m", "json.tool", "--help")
    program.prepare()

    assert ended(program.begin()) == 0
    assert "json.tool" in state.log("tool").read_text()
    server.kill()
    server.wait()


def test_a_fork_that_is_never_told_to_begin_ends_and_has_done_nothing(tmp_path: Path) -> None:
    state, mark = State(tmp_path), tmp_path / "ran"
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    script = a_script(tmp_path, f"open({str(mark)!r}, 'w')")
    request = {"name": "web", "command": [script], "death_signal": int(signal.SIGKILL)}
    with ours, theirs:
        server = fork_server(ForkServer(), state).spawn(stdin=theirs.fileno())
        assert ours.recv(32) == b"loaded"
        may_begin, begin = os.pipe()
        take_on_orphans(True)
        with state.log("web").open("ab") as log:
            socket.send_fds(ours, [json.dumps(request).encode()], [log.fileno(), may_begin])
        fork = Adopted(int(ours.recv(32)))
        take_on_orphans(False)
        assert fork.poll() is None
        os.close(begin)  # as by our death, or when we wait no longer

        assert ended(fork) == 1
        assert not mark.exists()
        os.close(may_begin)
    server.kill()
    server.wait()


def test_a_server_that_says_nothing_is_done_without_and_runs_nothing_twice(
    forks: ForkServer, tmp_path: Path
) -> None:
    state, mark = State(tmp_path), tmp_path / "ran"
    server = fork_server(forks, state).begin()
    program = forked(
        forks, state, "web", a_script(tmp_path, f"print(1, file=open({str(mark)!r}, 'a'))")
    )
    program.prepare()
    server.send_signal(signal.SIGSTOP)

    process = program.begin()
    assert not isinstance(process, Adopted)
    assert ended(process) == 0
    server.send_signal(signal.SIGCONT)
    time.sleep(0.5)

    assert mark.read_text() == "1\n"
    server.kill()
    server.wait()


def test_what_the_programs_have_in_common_has_no_threads_and_no_lines_to_anybody(
    forks: ForkServer, tmp_path: Path
) -> None:
    state = State(tmp_path)
    server = fork_server(forks, state, *PRELOADED, *PRELOADED_BY_DEMO).begin()
    program = forked(forks, state, "web", a_script(tmp_path, SAYS_WHAT_IT_HAS))
    program.prepare()

    assert ended(program.begin()) == 0

    has = json.loads(state.log("web").read_text())
    assert has == {"threads": 1, "sockets": 0, "run anew": [], "django": True}
    server.kill()
    server.wait()
