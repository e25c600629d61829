"""The story of `make demo`, from the button to the outcome, against a stack of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.runtime.program import ROOT
from benchmarks.stack import ITS_OWN

pytestmark = pytest.mark.prove


def test_the_story_of_a_press_at_home_plays_to_its_end(tmp_path: Path) -> None:
    story = subprocess.run(
        (sys.executable, "-m", "backend.runtime.story"),
        cwd=ROOT,
        env={**os.environ, **ITS_OWN, "YIAN_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert story.returncode == 0, story.stdout + story.stderr
    assert "Every step happened." in story.stdout
