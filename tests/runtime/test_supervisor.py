import asyncio
import time
from pathlib import Path

import psutil
import pytest

from backend.runtime.errors import DidNotStart
from backend.runtime.program import Program
from backend.runtime.state import State
from backend.runtime.supervisor import Supervisor
from tests.runtime.rig import SLEEPER, STUBBORN, python


class Watched:
    """A supervisor whose words and processes a test can see."""

    def __init__(self, *stages: tuple[Program, ...]) -> None:
        self.said: list[str] = []
        self.pids: list[dict[str, int]] = []
        self.ready = asyncio.Event()
        self.supervisor = Supervisor(stages, say=self.said.append, note_pids=self.pids.append)

    def start(self) -> "asyncio.Task[None]":
        return asyncio.create_task(self.supervisor.run(self.ready.set))

    async def stop(self, running: "asyncio.Task[None]") -> None:
        self.supervisor.ask_to_stop()
        await running


async def test_a_stage_starts_when_the_one_before_has_done_its_work(tmp_path: Path) -> None:
    state, mark = State(tmp_path), tmp_path / "migrated"
    watched = Watched(
        (
            python(
                state,
                "migrate",
                f"import time; time.sleep(.2); open({str(mark)!r}, 'w')",
                once=True,
            ),
        ),
        (python(state, "web", f"open({str(mark)!r}); {SLEEPER}"),),
    )
    running = watched.start()
    await asyncio.wait_for(watched.ready.wait(), 10)
    await watched.stop(running)
    assert list(watched.pids[-1]) == ["web"]
    assert watched.said == []


async def test_a_program_that_is_killed_is_started_again(tmp_path: Path) -> None:
    state = State(tmp_path)
    watched = Watched((python(state, "web", SLEEPER),))
    running = watched.start()
    await asyncio.wait_for(watched.ready.wait(), 10)
    first = psutil.Process(watched.pids[-1]["web"])
    first.kill()
    async with asyncio.timeout(5):
        while watched.pids[-1]["web"] == first.pid:
            await asyncio.sleep(0.02)
    await watched.stop(running)
    assert watched.said == ["web: ended (-9); starting it again in 0.2 s"]


async def test_what_never_becomes_ready_ends_the_start_and_shows_its_last_words(
    tmp_path: Path,
) -> None:
    state = State(tmp_path)
    watched = Watched((python(state, "web", "raise SystemExit('no such table')"),))
    with pytest.raises(DidNotStart, match=r"^web did not start[^\n]*\nno such table") as told:
        await watched.start()
    assert str(state.log("web")) in str(told.value)
    assert not watched.ready.is_set()


async def test_a_migration_that_fails_ends_the_start(tmp_path: Path) -> None:
    state = State(tmp_path)
    watched = Watched(
        (python(state, "migrate", "raise SystemExit('conflict')", once=True),),
        (python(state, "web", SLEEPER),),
    )
    with pytest.raises(DidNotStart, match="migrate"):
        await watched.start()
    assert [list(pids) for pids in watched.pids] == [["migrate"]]


async def test_a_program_that_will_not_stop_is_killed_within_the_time(tmp_path: Path) -> None:
    state = State(tmp_path)
    watched = Watched((python(state, "worker", STUBBORN),), (python(state, "web", STUBBORN),))
    running = watched.start()
    await asyncio.wait_for(watched.ready.wait(), 10)
    pids = watched.pids[-1].values()
    began = time.monotonic()
    await watched.stop(running)
    assert time.monotonic() - began < 4
    assert not any(map(psutil.pid_exists, pids))


async def test_children_of_a_program_do_not_outlive_it(tmp_path: Path) -> None:
    state, note = State(tmp_path), tmp_path / "child"
    code = (
        "import subprocess, sys; "
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); "
        f"open({str(note)!r}, 'w').write(str(child.pid)); child.wait()"
    )
    watched = Watched((python(state, "worker", code),))
    running = watched.start()
    await asyncio.wait_for(watched.ready.wait(), 10)
    child = psutil.Process(int(note.read_text()))
    psutil.Process(watched.pids[-1]["worker"]).kill()
    gone, _ = await asyncio.to_thread(psutil.wait_procs, [child], 3)
    await watched.stop(running)
    assert gone == [child] or child.status() == psutil.STATUS_ZOMBIE
