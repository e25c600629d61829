"""bandit over our packages. It is told nothing to leave out; what stays is in accepted.yaml."""

import json
import subprocess
import sys
from collections.abc import Iterator

from tests.security.findings import Finding
from tests.security.rules import PACKAGES, ROOT

TOOL = "bandit"


def findings() -> Iterator[Finding]:
    """Everything that bandit finds.

    Raises:
        RuntimeError: it could not read something.
    """
    command = (sys.executable, "-m", "bandit", "--quiet", "--recursive", "--format", "json")
    ran = subprocess.run((*command, *PACKAGES), cwd=ROOT, capture_output=True, check=False)
    report = json.loads(ran.stdout)
    if report["errors"]:
        raise RuntimeError(report["errors"])
    for each in report["results"]:
        where = each["filename"].removeprefix("./")
        yield Finding(
            TOOL, each["test_id"], where, f"line {each['line_number']}: {each['issue_text']}"
        )
