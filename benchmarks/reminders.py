"""1,000 reminders a minute, and 1,000 due at the same moment: how late each is owed to its person.

Two loops as `manage.py tick` runs them ask what is due; lateness is from the moment a reminder is
due to its delivery in the database. Beside them the limit, which only claims the same rows and
says when they are due next, and the naive peer, which takes one reminder after the other.
"""

import argparse
import json
import os
import subprocess
import sys

from backend.runtime import throwaway
from benchmarks.figures import Figures, run

WITHIN = "benchmarks.reminders_within"
REACHABLE = {
    "DJANGO_SETTINGS_MODULE": "backend.settings",
    "TWILIO_API_BASE": "http://127.0.0.1:1",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
    "TWILIO_AUTH_TOKEN": "nobody-is-asked",
    "TWILIO_FROM": "+15005550006",
}
"""Everybody can be reached, so that deliveries are owed; no engine runs that would ring them."""


def measure(arguments: argparse.Namespace) -> Figures:
    """The figures of a process that has a database of its own."""
    command = (
        sys.executable,
        "-m",
        WITHIN,
        f"--a-minute={arguments.a_minute}",
        f"--seconds={arguments.seconds}",
    )
    with throwaway.servers() as served:
        environ = {**os.environ, **served, **REACHABLE}
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    run("reminders", measure, a_minute=1_000, seconds=60)
