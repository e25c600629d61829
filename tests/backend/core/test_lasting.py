"""A process that runs for long stays on one of the cores it was given."""

import os
import subprocess
import sys

import pytest

SHOWN = """
import os
from backend.core import lasting
os.sched_setaffinity(0, {given})
lasting.keep_to_core({core})
print(sorted(os.sched_getaffinity(0)))
"""


GIVEN = sorted(os.sched_getaffinity(0))


def shown(core: str, given: list[int]) -> str:
    command = [sys.executable, "-c", SHOWN.format(core=core, given=given)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("number", ["lasting.FIRST_CORE", "lasting.LAST_CORE"])
def test_the_only_core_it_was_given_is_its_core(number: str) -> None:
    assert shown(number, GIVEN[:1]) == f"{GIVEN[:1]}"


def test_the_doors_take_the_first_and_what_is_due_the_last() -> None:
    assert shown("lasting.FIRST_CORE", GIVEN) == f"{GIVEN[:1]}"
    assert shown("lasting.LAST_CORE", GIVEN) == f"{GIVEN[-1:]}"
