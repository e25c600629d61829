"""`manage.py up` itself: everything, on one machine, as a newcomer starts it."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from backend.runtime.doors import answers_ok
from backend.runtime.program import ROOT

pytestmark = pytest.mark.prove

OURS = (
    "YIAN_",
    "DATABASE_URL",
    "MIGRATE_DATABASE_URL",
    "AUDIT_",
    "REDIS_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "PUBLIC_URL",
    "ALLOWED_HOSTS",
)
STOP_WITHIN_S, IDLE_PSS_MB = 3.5, 500
IDLE_AFTER_S = 30


def bare_environment(state: Path) -> dict[str, str]:
    """What a newcomer's shell has: none of the variables that the tests set."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**environ, "YIAN_STATE": str(state)}


def start(state: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        (sys.executable, "manage.py", "up"),
        cwd=ROOT,
        env=bare_environment(state),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_ready(up: "subprocess.Popen[str]") -> str:
    """What it printed until it was ready."""
    assert up.stdout is not None
    said = ""
    while "Ready after" not in said:
        line = up.stdout.readline()
        assert line, said
        said += line
    return said


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "数据 var"


@pytest.fixture
def up(state: Path) -> Iterator["subprocess.Popen[str]"]:
    with start(state) as running:
        yield running
        running.kill()


def test_a_first_start_is_ready_says_so_and_stops_in_three_seconds(
    up: "subprocess.Popen[str]", state: Path
) -> None:
    said = wait_until_ready(up)
    run = json.loads((state / "run.json").read_text())
    assert run["state"] == "ready"
    assert run["http"] in said
    assert {user["role"] for user in run["users"]}
    assert stat.S_IMODE((state / "run.json").stat().st_mode) == 0o600
    host, _, port = run["http"].removeprefix("http://").partition(":")
    assert answers_ok(host, int(port), "/readyz")

    whole = psutil.Process(up.pid).children(recursive=True)
    began = time.monotonic()
    up.send_signal(signal.SIGTERM)
    up.communicate()
    assert time.monotonic() - began < STOP_WITHIN_S
    assert up.returncode == 0
    assert psutil.wait_procs(whole, 0)[1] == []
    assert not (state / "run.json").exists()


def test_all_of_it_together_stays_small(up: "subprocess.Popen[str]") -> None:
    wait_until_ready(up)
    time.sleep(IDLE_AFTER_S)
    processes = [psutil.Process(up.pid), *psutil.Process(up.pid).children(recursive=True)]
    assert sum(process.memory_full_info().pss for process in processes) / 2**20 < IDLE_PSS_MB
