"""Save a database into one encrypted file, and read what it holds while it is written."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from backend.runtime import postgres, sealed
from backend.runtime.errors import BackupFailed, NoServerHere
from backend.runtime.postgres import Postgres
from backend.runtime.sealed import Writable
from backend.runtime.state import State

CONNECT_WITHIN_S = 10


@dataclass(frozen=True, kw_only=True)
class Tools:
    """PostgreSQL's client programs, and how they reach one database."""

    folder: Path
    conninfo: str
    environ: Mapping[str, str]

    def run(self, name: str, *arguments: str, doing: str) -> str:
        """Run one of them and return what it printed.

        Raises:
            BackupFailed: it failed; the sentence says doing what, and its own words.
        """
        run = subprocess.run(
            (str(self.folder / name), *arguments),
            env=self.environ,
            check=False,
            capture_output=True,
            text=True,
        )
        if run.returncode:
            raise BackupFailed(f"{doing}: {run.stderr.strip()}")
        return run.stdout


def save(url: str, target: Path, *, key: str) -> int:
    """Write a backup, compressed and encrypted, as of one moment; the database may be in use.

    The file appears under its name only when it is whole; nothing readable touches the disk.

    Returns:
        How many tables it holds.

    Raises:
        BackupFailed: nothing was written under that name.
    """
    tools = tools_for(url)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with sealed.make_room(unfinished) as file:
            tables = _dump(tools, file, key=key)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return tables


def _dump(tools: Tools, file: IO[bytes], *, key: str) -> int:
    what = ("--format=custom", "--no-owner", "--no-privileges", f"--dbname={tools.conninfo}")
    with (
        tempfile.TemporaryFile() as complaints,
        Contents(tools) as contents,
        subprocess.Popen(
            (str(tools.folder / "pg_dump"), *what),
            env=tools.environ,
            stdout=subprocess.PIPE,
            stderr=complaints,
        ) as dumping,
    ):
        try:
            sealed.seal(_Read(dumping, contents), file, key=key)
        except BackupFailed:
            dumping.kill()
            raise
        if dumping.wait():
            complaints.seek(0)
            told = complaints.read().decode("utf-8", "replace").strip()
            raise BackupFailed(f"The backup failed: {told}")
    return contents.tables(doing="The backup failed")


class Contents:
    """What a backup holds, found out by pg_restore as its bytes go by."""

    def __init__(self, tools: Tools) -> None:
        """Take the programs."""
        self._command = (str(tools.folder / "pg_restore"), "--list")
        self._told = self._complaints = b""

    def __enter__(self) -> "Contents":
        """Start listening."""
        self._out, self._errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self._listing = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=self._out, stderr=self._errors
        )
        return self

    def write(self, data: bytes) -> int:
        """Bytes that go by; of those after the list of contents nothing is kept."""
        if self._listing.stdin is not None:
            with suppress(BrokenPipeError):
                self._listing.stdin.write(data)
        return len(data)

    def __exit__(self, *_error: object) -> None:
        """The end."""
        if self._listing.stdin is not None:
            with suppress(BrokenPipeError):
                self._listing.stdin.close()
        self._listing.wait()
        for file in (self._out, self._errors):
            file.seek(0)
        self._told, self._complaints = self._out.read(), self._errors.read()
        self._out.close()
        self._errors.close()

    def tables(self, *, doing: str) -> int:
        """How many tables' rows it holds.

        Raises:
            BackupFailed: it is no backup.
        """
        if self._listing.returncode:
            raise BackupFailed(f"{doing}: {self._complaints.decode('utf-8', 'replace').strip()}")
        return self._told.count(b" TABLE DATA ")


class _Read:
    """What pg_dump writes, seen by `Contents` as it goes by."""

    def __init__(self, dumping: "subprocess.Popen[bytes]", contents: Contents) -> None:
        self._from, self._contents = dumping.stdout, contents

    def read(self, size: int = -1) -> bytes:
        data = self._from.read(size) if self._from else b""
        self._contents.write(data)
        return data


def pour(source: Path, plain: Writable, *, key: str) -> None:
    """Write a backup's bytes, decrypted if it is encrypted.

    Raises:
        BackupFailed: it cannot be opened, or is damaged.
    """
    try:
        if sealed.is_sealed(source):
            sealed.unseal(source, plain, key=key)
        else:
            with source.open("rb") as file:
                shutil.copyfileobj(file, plain)
    except OSError as error:
        raise BackupFailed(f"{source} cannot be read: {error}") from error


def count_tables(tools: Tools, source: Path, *, key: str) -> int:
    """How many tables' rows a backup holds; an encrypted one is read to its end.

    Raises:
        BackupFailed: it cannot be opened or read, or is damaged.
    """
    with Contents(tools) as contents:
        pour(source, contents, key=key)
    return contents.tables(doing=f"{source} is no whole backup")


def tools_for(url: str) -> Tools:
    """Client programs that are not older than the server.

    The machine's own come first, because they speak TLS and the wheel's do not.

    Raises:
        BackupFailed: the server does not answer, or no programs are new enough.
    """
    try:
        with closing(psycopg.connect(url, connect_timeout=CONNECT_WITHIN_S)) as connection:
            server = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise BackupFailed(f"The database does not answer: {error}") from error
    for folder in _tool_folders():
        if _major_version(folder) >= server:
            return _tools(folder, url)
    raise BackupFailed(
        f"No pg_dump of PostgreSQL {server} or newer is installed: add postgresql-client-{server}."
    )


def _tools(folder: Path, url: str) -> Tools:
    """The password goes by environment, as command lines can be read by everybody."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environ = {**os.environ, "PGCONNECT_TIMEOUT": str(CONNECT_WITHIN_S)}
    if password:
        environ["PGPASSWORD"] = str(password)
    return Tools(folder=folder, conninfo=make_conninfo("", **parts), environ=environ)


def _tool_folders() -> Iterator[Path]:
    if (found := shutil.which("pg_dump")) is not None:
        yield Path(found).parent
    try:
        yield postgres.installed() / "bin"
    except NoServerHere:
        return


def _major_version(folder: Path) -> int:
    said = subprocess.run(
        (str(folder / "pg_dump"), "--version"), check=False, capture_output=True, text=True
    ).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


@contextmanager
def database_of(state: State, url: str) -> Iterator[None]:
    """Have a database answer while the block runs: start the embedded one if nobody does.

    Raises:
        RuntimeFault: the embedded server did not start.
    """
    host = str(conninfo_to_dict(url).get("host", ""))
    if not Path(host).name.startswith("yian-") or state.is_held():
        yield
        return
    with state.lock():
        server = Postgres(state.root)
        try:
            server.start()
            yield
        finally:
            server.stop()
