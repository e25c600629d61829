"""Nothing outlives a killed supervisor, and the next start finds everything as it was committed."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from backend.runtime.program import ROOT

pytestmark = pytest.mark.prove


def start(state: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.runtime.rig", str(state)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def processes_of(state: Path) -> list[psutil.Process]:
    """Every process of the installation: the ones noted, and PostgreSQL's own children."""
    noted = json.loads((state / "processes.json").read_text()).values()
    parents = [psutil.Process(pid) for pid in noted]
    return [*parents, *(child for parent in parents for child in parent.children())]


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_killed_supervisor_leaves_no_orphan_and_the_next_start_recovers(tmp_path: Path) -> None:
    state = tmp_path / "国 家" / "var"
    first = start(state)
    processes = processes_of(state)
    assert len(processes) > 4
    first.kill()
    first.communicate()
    deadline = time.monotonic() + 3
    while not all(map(is_gone, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [process for process in processes if not is_gone(process)] == []

    second = start(state)
    second.send_signal(signal.SIGTERM)
    second.communicate()
    assert second.returncode == 0


def test_a_start_at_the_very_moment_of_the_kill_waits_for_what_is_still_ending(
    tmp_path: Path,
) -> None:
    first = start(tmp_path)
    first.kill()
    second = start(tmp_path)
    first.communicate()
    second.send_signal(signal.SIGTERM)
    second.communicate()
    assert second.returncode == 0


def test_a_killed_database_is_back_and_the_supervisor_says_so(tmp_path: Path) -> None:
    rig = start(tmp_path)
    before = json.loads((tmp_path / "processes.json").read_text())
    psutil.Process(before["postgres"]).kill()
    deadline = time.monotonic() + 10
    while (after := json.loads((tmp_path / "processes.json").read_text())) == before:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert {**after, "postgres": 0} == {**before, "postgres": 0}
    rig.send_signal(signal.SIGTERM)
    said, _ = rig.communicate()
    assert "postgres: ended (-9); starting it again in 0.2 s" in said


def test_everything_stops_within_three_seconds_even_if_a_program_ignores_it(tmp_path: Path) -> None:
    rig = start(tmp_path)
    processes = processes_of(tmp_path)
    began = time.monotonic()
    rig.send_signal(signal.SIGTERM)
    rig.communicate()
    assert time.monotonic() - began < 3
    assert all(map(is_gone, processes))


def test_a_second_supervisor_is_refused(tmp_path: Path) -> None:
    rig = start(tmp_path)
    second = subprocess.run(
        (sys.executable, "-m", "tests.runtime.rig", str(tmp_path)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    rig.send_signal(signal.SIGTERM)
    rig.communicate()
    assert second.returncode == 1
    assert f"already runs in {tmp_path} (process {rig.pid})" in second.stderr
