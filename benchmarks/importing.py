"""A table of 5,000 residents taken in by `manage.py import_residents`, as CSV and as a workbook.

In a district where 100,000 live already. Each time is that of the whole command, its start
included. Beside them the limit, a bare COPY of the same rows, and the naive peer, which looks each
person up and enrols them alone.
"""

import argparse
import json
import os
import subprocess
import sys

from backend.runtime import throwaway
from benchmarks.figures import Figures, run

WITHIN = "benchmarks.importing_within"


def measure(arguments: argparse.Namespace) -> Figures:
    """The figures of a process that has a database of its own."""
    command = (
        sys.executable,
        "-m",
        WITHIN,
        f"--rows={arguments.rows}",
        f"--residents={arguments.residents}",
    )
    with throwaway.servers() as served:
        environ = {**os.environ, **served, "DJANGO_SETTINGS_MODULE": "backend.settings"}
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    run("importing", measure, rows=5_000, residents=100_000)
