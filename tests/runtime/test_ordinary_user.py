"""What root can show about users without its rights: one with a name, and one without."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from backend.runtime.account import open_to_others, server_uid
from backend.runtime.program import ROOT

NOBODY = 65534

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else"),
    pytest.mark.skipif(
        not all(open_to_others(path / "x") for path in (ROOT, Path(sys.executable).resolve())),
        reason="the interpreter or the code is in a closed folder, where other users cannot come",
    ),
]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others can pass through, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.mark.parametrize("uid", [NOBODY, server_uid()], ids=["with a name", "without a name"])
def test_an_ordinary_user_runs_the_servers_in_a_closed_home(uid: int, open_folder: Path) -> None:
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, uid, uid)
    holder = subprocess.Popen(
        (sys.executable, "-B", "-m", "backend.runtime.throwaway"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={"TMPDIR": str(home), "PATH": os.environ["PATH"]},
        user=uid,
        group=uid,
        extra_groups=[],
    )
    assert holder.stdout is not None
    environ = json.loads(holder.stdout.readline())
    with psycopg.connect(environ["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("yian",)
    connection.close()
    holder.communicate()
    assert holder.returncode == 0
    assert list(home.iterdir()) == []
