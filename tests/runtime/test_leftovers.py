import shutil
import subprocess
import time
from pathlib import Path

from backend.runtime import leftovers

SLEEP = shutil.which("sleep") or "sleep"


def test_a_server_that_stays_is_ended_before_another_may_use_its_folder(tmp_path: Path) -> None:
    with subprocess.Popen((SLEEP, "600"), cwd=tmp_path) as left_behind:
        began = time.monotonic()
        leftovers.clear(tmp_path, executable="sleep", patience_s=0.3)
        assert left_behind.wait() == -9
        assert time.monotonic() - began >= 0.3


def test_one_that_is_ending_by_itself_is_given_its_time(tmp_path: Path) -> None:
    with subprocess.Popen((SLEEP, "0.3"), cwd=tmp_path) as ending:
        leftovers.clear(tmp_path, executable="sleep", patience_s=5)
        assert ending.wait() == 0


def test_what_is_no_such_server_or_works_elsewhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with (
        subprocess.Popen((SLEEP, "600"), cwd=tmp_path) as shell_in_the_folder,
        subprocess.Popen((SLEEP, "600"), cwd=tmp_path / "other") as elsewhere,
    ):
        leftovers.clear(tmp_path, executable="postgres", patience_s=0)
        leftovers.clear(tmp_path / "other" / "none", executable="sleep", patience_s=0)
        alive = [shell_in_the_folder.poll(), elsewhere.poll()]
        shell_in_the_folder.kill()
        elsewhere.kill()
    assert alive == [None, None]
