#!/usr/bin/env python3
"""Entry of every command; `up` starts the supervisor before Django is loaded."""

import os
import sys

from django.core.management import execute_from_command_line

from backend.runtime import state, supervisor


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    if sys.argv[1:2] == ["up"]:
        sys.exit(supervisor.main(sys.argv[2:]))
    state.fill(os.environ)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
