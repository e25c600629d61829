"""`manage.py up`: start everything in order, keep it running, stop it cleanly.

It loads neither Django nor any package, to stay a few megabytes small. Every program is tied to
its life: when it is killed, they die too (backend/runtime/tied.py).
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from backend.runtime import program as programs
from backend.runtime import state as states
from backend.runtime.errors import RuntimeFault
from backend.runtime.installation import Installation, Stages, summary
from backend.runtime.program import Process, Program

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
STEADY_AFTER_S = 10.0
ALIVE_AFTER_S = 1.0
READY_WITHIN_S = 120.0
ATTEMPTS_BEFORE_READY = 3
LOOK_EVERY_S = 0.05

Say = Callable[[str], None]


class Supervisor:
    """Programs in stages: each stage is ready before the next one starts."""

    def __init__(self, stages: Stages, *, say: Say, note_pids: Callable[[dict[str, int]], None]):
        """Supervise these; nothing starts before `run`."""
        self._stages = stages
        self._say = say
        self._note_pids = note_pids
        self._running: dict[str, Process] = {}
        self._started_at_s: dict[str, float] = {}
        self._ready: set[str] = set()
        self._ends: dict[str, asyncio.Future[None]] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._stop_asked = asyncio.Event()

    def ask_to_stop(self) -> None:
        """Make `run` stop everything and return."""
        self._stop_asked.set()

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Run until asked to stop; all is stopped when this returns.

        Raises:
            RuntimeFault: a program did not become ready.
        """
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._look_for_ends)
        starting = asyncio.create_task(self._start())
        stopping = asyncio.create_task(self._stop_asked.wait())
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                on_ready()
                await stopping
        finally:
            for task in (starting, stopping, *self._keepers):
                task.cancel()
            await self._stop()

    async def _start(self) -> None:
        for stage in self._stages:
            await asyncio.gather(*map(self._bring_up, stage))

    async def _bring_up(self, program: Program) -> None:
        if program.once:
            if await self._run_one(program):
                raise program.did_not_start()
            return
        keeper = asyncio.create_task(self._keep(program))
        self._keepers.append(keeper)
        deadline = time.monotonic() + READY_WITHIN_S
        while not await self._is_ready(program):
            if keeper.done():
                keeper.result()
            if time.monotonic() > deadline:
                raise program.did_not_start()
            await asyncio.sleep(LOOK_EVERY_S)
        self._ready.add(program.name)

    async def _is_ready(self, program: Program) -> bool:
        if program.name not in self._running:
            return False
        if program.is_ready is None:
            return time.monotonic() - self._started_at_s[program.name] > ALIVE_AFTER_S
        return await asyncio.to_thread(program.is_ready)

    async def _keep(self, program: Program) -> None:
        """Start a program again whenever it ends, after a pause that grows while it keeps ending.

        Raises:
            RuntimeFault: it ended several times without having been ready.
        """
        pause_s, attempts = FIRST_PAUSE_S, 0
        while True:
            began = time.monotonic()
            reason = await self._attempt(program)
            attempts += 1
            if program.name not in self._ready and attempts == ATTEMPTS_BEFORE_READY:
                raise program.did_not_start()
            if time.monotonic() - began >= STEADY_AFTER_S:
                pause_s = FIRST_PAUSE_S
            self._say(f"{program.name}: {reason}; starting it again in {pause_s:g} s")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _attempt(self, program: Program) -> str:
        try:
            return f"ended ({await self._run_one(program)})"
        except RuntimeFault as fault:
            return str(fault)

    async def _run_one(self, program: Program) -> int:
        """Run a program to its end and return how it ended, as subprocess counts."""
        await asyncio.to_thread(program.prepare)
        # Not in a thread: a program dies with the thread that started it.
        process = program.begin()
        self._running[program.name] = process
        self._started_at_s[program.name] = time.monotonic()
        self._tell_pids()
        code = await self._end_of(program.name, process)
        programs.end_group(process.pid)
        del self._running[program.name]
        return code

    async def _end_of(self, name: str, process: Process) -> int:
        while (code := process.poll()) is None:
            self._ends[name] = asyncio.get_running_loop().create_future()
            await self._ends[name]
        return code

    def _look_for_ends(self) -> None:
        for future in self._ends.values():
            if not future.done():
                future.set_result(None)

    def _tell_pids(self) -> None:
        self._note_pids({name: process.pid for name, process in self._running.items()})

    async def _stop(self) -> None:
        for stage in reversed(self._stages):
            await asyncio.gather(*(self._end(p) for p in stage if p.name in self._running))

    async def _end(self, program: Program) -> None:
        process = self._running.pop(program.name)
        if process.poll() is None:
            process.send_signal(program.stop_signal)
        deadline = time.monotonic() + program.grace_s
        while process.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_EVERY_S)
        if process.poll() is None:
            self._say(f"{program.name}: did not stop in {program.grace_s:g} s, killed")
            process.kill()
            process.wait()
        programs.end_group(process.pid)


class Up:
    """One run of `manage.py up`: the installation, what it tells others, and its supervisor."""

    def __init__(self, installation: Installation, *, leave_when_ready: bool) -> None:
        """Prepare to run; must be made inside the event loop."""
        self._installation = installation
        self._state = installation.state
        self._leave_when_ready = leave_when_ready
        self._began_s = time.monotonic()
        self._supervisor = Supervisor(
            installation.stages(), say=say, note_pids=self._state.write_processes
        )

    async def run(self) -> None:
        """Run until a signal asks to stop.

        Raises:
            RuntimeFault: something did not start.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup keeps SIGHUP ignored
                loop.add_signal_handler(number, self._supervisor.ask_to_stop)
        self._state.write_environment(self._installation.environ)
        self._state.write_run(self._about("starting", {}))
        try:
            await self._supervisor.run(self._on_ready)
        finally:
            self._state.forget_run()
            self._installation.close()

    def _on_ready(self) -> None:
        seeded = self._seeded()
        self._state.write_run(self._about("ready", seeded))
        say(summary(self._installation, seeded))
        say(f"Ready after {time.monotonic() - self._began_s:.1f} s.")
        if self._leave_when_ready:
            self._supervisor.ask_to_stop()

    def _seeded(self) -> dict[str, Any]:
        if not self._installation.demo:
            return {}
        seeded: dict[str, Any] = json.loads(self._installation.demo_file.read_text("utf-8"))
        return seeded

    def _about(self, state: str, seeded: dict[str, Any]) -> dict[str, Any]:
        doors = self._installation.doors
        return {
            "state": state,
            "http": doors.url,
            "mqtt": {"host": doors.host, "port": doors.mqtt},
            "watch": {"host": doors.host, "port": doors.watch},
            "users": seeded.get("users", []),
            "devices": seeded.get("devices", []),
            "phones": seeded.get("phones", []),
            "stories": seeded.get("stories", {}),
        }


def say(text: str) -> None:
    """Write a line to the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run `manage.py up`; return the exit code."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start all of Yian.")
    parser.add_argument(
        "--no-demo", action="store_true", help="without the invented district and its phones"
    )
    parser.add_argument(
        "--once-ready-exit", action="store_true", help="stop again as soon as all is ready"
    )
    options = parser.parse_args(arguments)
    os.umask(0o077)
    try:
        state = states.from_environ()
        with state.lock():
            installation = Installation(state, demo=not options.no_demo)
            asyncio.run(_up(installation, leave_when_ready=options.once_ready_exit))
    except RuntimeFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


async def _up(installation: Installation, *, leave_when_ready: bool) -> None:
    await Up(installation, leave_when_ready=leave_when_ready).run()
