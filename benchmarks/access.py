"""What permission checks cost, and whether lists and pages stay flat up to 1,000,000 residents.

A process with a database of its own asks the API and the desk as a browser would. Beside our list
in the same run: the same list without permission, scope and fields (naive), and the bare query of
its rows (limit). The access matrix is walked there too: every door, every role, own and foreign.
"""

import argparse
import json
import os
import subprocess
import sys

from backend.runtime import throwaway
from benchmarks.figures import Figures, run
from tests.servers import ENVIRON

WITHIN = "benchmarks.access_within"


def measure(arguments: argparse.Namespace) -> Figures:
    """The figures of a process that has a database of its own."""
    sizes = (f"--few={arguments.few}", f"--many={arguments.many}")
    with throwaway.servers() as served:
        environ = {
            **os.environ,
            **ENVIRON,
            **served,
            "DJANGO_SETTINGS_MODULE": "backend.settings",
        }
        command = (sys.executable, "-m", WITHIN, *sizes)
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    run("access", measure, few=1_000, many=1_000_000)
