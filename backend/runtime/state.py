"""The state folder: secrets, logs, the lock, and what a running installation says of itself."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backend.runtime import sealed
from backend.runtime.errors import AlreadyRunning
from backend.runtime.program import ROOT


class State:
    """Everything an installation keeps outside its database, readable by its owner only."""

    def __init__(self, root: Path) -> None:
        """Make the folder if it is missing."""
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.root = root.resolve()
        self.run_file = self.root / "run.json"
        self.processes_file = self.root / "processes.json"
        self.environment_file = self.root / "environment"

    def log(self, name: str) -> Path:
        """The log of a program."""
        return self.root / "log" / f"{name}.log"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for this process; the hold ends with the process at the latest.

        Raises:
            AlreadyRunning: another process holds it.
        """
        with (self.root / "lock").open("a+", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise AlreadyRunning(folder=self.root, pid=file.read().strip()) from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield

    def is_held(self) -> bool:
        """Whether a process holds the folder now."""
        try:
            with self.lock():
                return False
        except AlreadyRunning:
            return True

    def secrets(self) -> dict[str, str]:
        """The secrets of this installation: invented when first needed, kept as they are after."""
        file = self.root / "secrets"
        known = _parsed(file.read_text("utf-8")) if file.exists() else {}
        complete = {**_invented(), **known}
        if complete != known:
            write_privately(file, _lines(complete))
        return complete

    def write_environment(self, environ: Mapping[str, str]) -> None:
        """Keep what the processes were started with, for commands in other terminals."""
        write_privately(self.environment_file, _lines(environ))

    def environment(self) -> dict[str, str]:
        """What the processes were last started with; empty before the first start."""
        if not self.environment_file.exists():
            return {}
        return _parsed(self.environment_file.read_text("utf-8"))

    def write_run(self, run: Mapping[str, Any]) -> None:
        """Say where the doors are, as DESIGN promises it to others."""
        write_privately(self.run_file, json.dumps(run, ensure_ascii=False, indent=1) + "\n")

    def write_processes(self, pids: Mapping[str, int]) -> None:
        """Say which process does what."""
        write_privately(self.processes_file, json.dumps(pids) + "\n")

    def forget_run(self) -> None:
        """Nothing runs any more."""
        self.run_file.unlink(missing_ok=True)
        self.processes_file.unlink(missing_ok=True)


def from_environ(environ: Mapping[str, str] = os.environ) -> State:
    """The state folder that YIAN_STATE names, else `var` beside the code."""
    return State(Path(environ.get("YIAN_STATE") or ROOT / "var"))


def fill(environ: MutableMapping[str, str]) -> None:
    """Add to an environment what the running installation has and the environment lacks.

    So `manage.py shell` in a second terminal needs no variables. What is given is kept, and an
    environment that names another database is another installation's and gets nothing.
    """
    if environ.get("DATABASE_URL_FILE"):
        return
    folder = Path(environ.get("YIAN_STATE") or ROOT / "var")
    running = State(folder).environment() if folder.is_dir() else {}
    if environ.get("DATABASE_URL", running.get("DATABASE_URL")) == running.get("DATABASE_URL"):
        for name, value in running.items():
            environ.setdefault(name, value)


def kept_secrets(folder: Path) -> dict[str, str]:
    """The secrets that `manage.py up` invented in a folder; none if it never ran there."""
    file = folder / "secrets"
    return _parsed(file.read_text("utf-8")) if file.is_file() else {}


def write_privately(path: Path, text: str) -> None:
    """Replace a file at once by one that only its owner reads."""
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as written:
        written.write(text)
    unfinished.replace(path)


def _invented() -> dict[str, str]:
    key = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    audit_key = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": f"k1:{key}",
        "BACKUP_KEY": sealed.new_key()[0],
        "AUDIT_KEYS": f"a1:{audit_key}",
        "VALKEY_PASSWORD": secrets.token_urlsafe(24),
        "DEMO_TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "DEMO_TWILIO_AUTH_TOKEN": secrets.token_hex(16),
    }


def _lines(environ: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in environ.items())


def _parsed(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
