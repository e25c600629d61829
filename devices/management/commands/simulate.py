"""Run the demo's homes; the same as `python -m devices.simulator`."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Becomes the simulator, which needs nothing of Django and so little memory."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """All go to the simulator."""
        parser.add_argument("arguments", nargs="*")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take this process's place."""
        command = [sys.executable, "-m", "devices.simulator", *options["arguments"]]
        os.execv(sys.executable, command)  # noqa: S606 - ourselves
