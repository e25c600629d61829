#!/usr/bin/env python3
"""Entry of every command; `up` starts the supervisor, for which Django is not loaded."""

import os
import sys
from importlib import import_module

from backend.runtime import state, supervisor


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    if sys.argv[1:2] == ["up"]:
        sys.exit(supervisor.main(sys.argv[2:]))
    state.fill(os.environ)
    import_module("django.core.management").execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
