"""Servers for a test session or a benchmark: in a temporary folder, gone with who asked for them.

A small process of its own holds them (`python -m backend.runtime.throwaway`). When the asking
process closes the pipe, or is killed, the holder stops the servers and removes the folder; when
the holder is killed, the servers die with it.
"""

import base64
import json
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.runtime import ports
from backend.runtime.errors import RuntimeFault
from backend.runtime.postgres import Postgres
from backend.runtime.program import ROOT
from backend.runtime.valkey import Valkey

STOP_WITHIN_S = 15.0


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """The environment of a fresh PostgreSQL and Valkey, while the block runs.

    Raises:
        RuntimeFault: they did not start.
    """
    command = (sys.executable, "-m", "backend.runtime.throwaway")
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT) as holder:
        try:
            said = holder.stdout.readline() if holder.stdout else b""
            if not said:
                raise RuntimeFault("The throwaway servers did not start.")
            environ: dict[str, str] = json.loads(said)
            yield environ
        finally:
            holder.communicate(timeout=STOP_WITHIN_S)


def hold() -> None:
    """Run both servers until standard input ends, and leave nothing behind."""
    # The terminal's Ctrl-C is for who asked; it then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with tempfile.TemporaryDirectory(prefix="yian-") as folder:
        state = Path(folder)
        postgres = Postgres(state, fsync=False)
        valkey = Valkey(state, port=ports.any_free(), password=secrets.token_urlsafe(24))
        try:
            postgres.start()
            valkey.start()
            sys.stdout.write(json.dumps(_environ(state, postgres, valkey)) + "\n")
            sys.stdout.flush()
            sys.stdin.read()
        finally:
            valkey.stop()
            postgres.stop()
            postgres.forget()


def _environ(state: Path, postgres: Postgres, valkey: Valkey) -> dict[str, str]:
    key = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    return {
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": f"k1:{key}",
        "YIAN_STATE": str(state),
    }


if __name__ == "__main__":
    hold()
