"""`make security` in its bounded form, as `make prove` runs it."""

import subprocess
import sys

import pytest

from backend.runtime.program import ROOT

pytestmark = pytest.mark.prove


def test_no_tool_finds_what_has_no_written_reason() -> None:
    ran = subprocess.run(
        (sys.executable, "-m", "tests.security", "--bounded"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
