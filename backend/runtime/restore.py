"""Bring a saved database back, whole or not at all."""

import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from subprocess import PIPE
from typing import IO

import psycopg

from backend.runtime.backup import Tools, count_tables, pour, tools_for
from backend.runtime.errors import BackupFailed, RestoreRefused

TABLES = """
    SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND nspname <> 'information_schema' AND nspname !~ '^pg_'
"""
OTHERS = """
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""
EMPTY = """
    SET lock_timeout = '20s';
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public;
    ALTER SCHEMA public OWNER TO pg_database_owner;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


def restore(url: str, source: Path, *, key: str, force: bool = False) -> int:
    """Fill a database from a backup, in one transaction.

    The database has to be empty and unused. With `force` its tables are dropped and whoever is
    connected is cut off; when the restore fails it is as it was before.

    Returns:
        How many tables were filled.

    Raises:
        RestoreRefused: the database holds tables or is in use, and `force` is not given.
        BackupFailed: the file cannot be read, or could not be restored; nothing has changed.
    """
    tools = tools_for(url)
    tables = count_tables(tools, source, key=key)
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        if force:
            connection.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")
        else:
            _require_empty_and_unused(connection)
    _pour(tools, source, key=key, before=EMPTY if force else "")
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute("ANALYZE")
    return tables


def _require_empty_and_unused(connection: psycopg.Connection[tuple[int]]) -> None:
    if _number(connection, TABLES):
        raise RestoreRefused("The database is not empty. --force drops what it holds.")
    if others := _number(connection, f"SELECT count(*) {OTHERS}"):
        raise RestoreRefused(
            f"The database is in use by {others} connections: stop Yian first. "
            "--force cuts them off."
        )


def _number(connection: psycopg.Connection[tuple[int]], sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return row[0] if row else 0


def _pour(tools: Tools, source: Path, *, key: str, before: str) -> None:
    """Send the backup as SQL into psql, and commit only when all of it could be read."""
    read = (str(tools.folder / "pg_restore"), "--no-owner", "--no-privileges", "--file=-")
    write = (str(tools.folder / "psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1")
    where = ("--output=/dev/null", f"--dbname={tools.conninfo}")
    steps = ("--command=BEGIN", *((f"--command={before}",) if before else ()), "--file=-")
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(read, stdin=PIPE, stdout=PIPE, stderr=complaints) as reading,
        subprocess.Popen(
            (*write, *where, *steps), stdin=PIPE, stderr=complaints, env=tools.environ
        ) as writing,
    ):
        with ThreadPoolExecutor(1) as opener:
            opening = opener.submit(_open, source, reading, key=key)
            _pass_on(reading, writing)
            opening.result()
        if reading.wait() or writing.wait():
            complaints.seek(0)
            told = complaints.read().decode("utf-8", "replace").strip()
            raise BackupFailed(f"The restore failed, nothing has changed: {told}")


def _open(source: Path, reading: "subprocess.Popen[bytes]", *, key: str) -> None:
    """Give the backup to its reader, which is ended where that cannot be done to the end."""
    if reading.stdin is None:
        return
    try:
        pour(source, _AsFarAsRead(reading.stdin), key=key)
        with suppress(BrokenPipeError):
            reading.stdin.close()
    except BackupFailed:
        reading.kill()
        raise


class _AsFarAsRead:
    """A pipe whose reader may have enough before the end."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe

    def write(self, data: bytes) -> int:
        with suppress(BrokenPipeError):
            self._pipe.write(data)
        return len(data)


def _pass_on(reading: "subprocess.Popen[bytes]", writing: "subprocess.Popen[bytes]") -> None:
    """A backup that ends too soon ends without COMMIT."""
    if reading.stdout is None or writing.stdin is None:
        return
    try:
        shutil.copyfileobj(reading.stdout, writing.stdin)
        if reading.wait() == 0:
            writing.stdin.write(b"\nCOMMIT;\n")
        writing.stdin.close()
    except BrokenPipeError:  # psql stopped at an error, which it tells itself
        reading.kill()
