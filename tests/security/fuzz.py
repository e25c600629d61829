"""The fuzz of the public doors, longer than `make test` runs it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

from tests.security.findings import Finding
from tests.security.rules import ROOT

TOOL = "fuzz"
FILES = (
    "tests/security/test_fuzz.py",
    "tests/devices/mqtt/test_decoding.py",
    "tests/devices/watch/test_reading.py",
)
EXAMPLES, BOUNDED_EXAMPLES = 300, 30
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)(?: - (.*))?$", re.MULTILINE)


def findings(*, is_bounded: bool) -> Iterator[Finding]:
    """Each door that did not bear what it was sent.

    Raises:
        RuntimeError: the tests could not be run.
    """
    examples = str(BOUNDED_EXAMPLES if is_bounded else EXAMPLES)
    ran = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", *FILES),
        cwd=ROOT,
        env={**os.environ, "FUZZ_EXAMPLES": examples, "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = FAILED.findall(ran.stdout)
    if ran.returncode and not failed:
        raise RuntimeError(ran.stdout[-2000:] + ran.stderr[-2000:])
    for where, what in failed:
        yield Finding(TOOL, "door-broke", where, what)
