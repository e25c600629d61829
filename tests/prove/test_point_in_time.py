"""The runbook's way back to a second, followed word for word."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from backend.runtime import archive, postgres, sealed
from backend.runtime.errors import BackupFailed
from backend.runtime.postgres import Postgres
from backend.runtime.program import ROOT

pytestmark = pytest.mark.prove

RUNBOOK = ROOT / "docs" / "runbook.md"
PATIENCE_S = 90
SECOND = "2026-03-14 02:10:00+08"


def blocks() -> tuple[str, str, str]:
    """What the runbook says to write into the settings, to run weekly, and to run to go back."""
    section = RUNBOOK.read_text("utf-8").partition("## Point in time")[2].partition("\n## ")[0]
    settings, weekly, back = re.findall(r"```(?:ini|sh)\n(.*?)```", section, re.DOTALL)
    return settings, weekly, back


def run(server: Postgres, sql: str) -> object:
    with closing(psycopg.connect(server.url, autocommit=True)) as connection:
        cursor = connection.execute(sql.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def wait_for(server: Postgres, question: str) -> None:
    """As whoever follows the runbook: look again until it is so."""
    ends_at = time.monotonic() + PATIENCE_S
    while not run(server, question):
        assert time.monotonic() < ends_at, question
        time.sleep(0.1)


@pytest.fixture
def server(tmp_path: Path) -> Postgres:
    """A server, and around it the machine that the runbook speaks of."""
    server = Postgres(tmp_path / "var")
    if server._account.uid is not None:
        pytest.skip("The server runs under an account that cannot read this folder.")
    return server


@pytest.fixture
def here(server: Postgres, tmp_path: Path) -> Callable[[str], str]:
    """The runbook's text with this machine's paths in place of its own."""
    safe, keys = tmp_path / "safe", tmp_path / "keys"
    for folder in (safe, keys):
        folder.mkdir()
    secret, public = sealed.new_key()
    (keys / "backup.key").write_text(f"# {public}\n{secret}\n")
    (keys / "backup.pub").write_text(public)
    places = {
        "/opt/yian/.venv/bin/python": sys.executable,
        ".venv/bin/python": sys.executable,
        "/opt/yian": str(ROOT),
        "/etc/yian": str(keys),
        "/run/yian": str(keys),
        "/mnt/safe": str(safe),
        "/var/lib/postgresql/18/main": str(server._data),
        "host=/var/run/postgresql user=postgres": server.url,
    }

    def read(text: str) -> str:
        pattern = "|".join(re.escape(each) for each in places)
        return re.sub(pattern, lambda found: places[found[0]], text)

    return read


def shell(block: str, tmp_path: Path) -> None:
    """Run a block of the runbook; starting and stopping servers is done by the test."""
    programs = tmp_path / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "systemctl").write_text("#!/bin/sh\n")
    (programs / "systemctl").chmod(0o755)
    path = f"{programs}:{postgres.installed() / 'bin'}:{os.environ['PATH']}"
    subprocess.run(
        ("sh", "-e", "-c", block), check=True, env={**os.environ, "PATH": path}, timeout=120
    )


def test_a_mistake_is_undone_and_what_was_before_it_is_there(
    server: Postgres, here: Callable[[str], str], tmp_path: Path
) -> None:
    settings, weekly, back = blocks()
    server.start()
    server.stop()
    with (server._data / "postgresql.conf").open("a") as file:
        file.write(here(settings))
    server.start()
    try:
        run(server, "CREATE TABLE resident (name text)")
        shell(here(weekly), tmp_path)
        run(server, "INSERT INTO resident VALUES ('A')")
        moment = str(run(server, "SELECT clock_timestamp()::text"))
        run(server, "DELETE FROM resident")
        run(server, "INSERT INTO resident VALUES ('B')")
        segment = run(server, "SELECT pg_walfile_name(pg_switch_wal())")
        archived = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
        wait_for(server, archived.replace("%s", f"'{segment}'"))
    finally:
        server.stop()

    assert SECOND in back
    shell(here(back).replace(SECOND, moment), tmp_path)
    server.start()
    try:
        wait_for(server, "SELECT NOT pg_is_in_recovery()")
        names = run(server, "SELECT string_agg(name, ' ') FROM resident")
        assert names == "A"
    finally:
        server.stop()
        server.forget()
    kept = list((tmp_path / "safe").rglob("*.age"))
    assert kept
    assert all(file.read_bytes().startswith(sealed.HEADER) for file in kept)


def test_a_segment_that_comes_again_is_kept_once_and_another_under_its_name_is_refused(
    tmp_path: Path,
) -> None:
    secret, _ = sealed.new_key()
    key, segment = tmp_path / "key", tmp_path / "00000001"
    key.write_text(f"{secret}\n")
    segment.write_bytes(b"log" * 1000)
    archive.keep(str(key), str(segment), str(tmp_path))
    archive.keep(str(key), str(segment), str(tmp_path))
    archive.fetch(str(key), str(tmp_path), segment.name, str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == segment.read_bytes()
    segment.write_bytes(b"another")
    with pytest.raises(BackupFailed, match="something else"):
        archive.keep(str(key), str(segment), str(tmp_path))
    assert archive.main(["fetch", str(key), str(tmp_path), "none", "x"]) == 1
