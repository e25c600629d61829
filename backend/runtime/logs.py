"""One log file a program, appended to, kept from growing for ever."""

import os
from pathlib import Path
from typing import BinaryIO

LIMIT_BYTES = 20 * 1024 * 1024
TAIL_LINES = 15
TAIL_BYTES = 8 * 1024


def append_to(path: Path) -> BinaryIO:
    """The log opened for appending, readable by its owner only; a long one is put aside first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and path.stat().st_size > LIMIT_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def tail(path: Path) -> str:
    """The last lines of a log, for a person to read."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - TAIL_BYTES))
        lines = log.read().decode("utf-8", "replace").splitlines()
    return "\n".join(lines[-TAIL_LINES:])
