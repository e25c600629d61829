"""Save a database into one file, and prove that the file can be read."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from backend.runtime import postgres
from backend.runtime.errors import BackupFailed, NoServerHere
from backend.runtime.postgres import Postgres
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


def save(url: str, target: Path) -> int:
    """Write a backup, compressed, as of one moment; the database may be in use.

    The file appears under its name only when it is whole and was read back.

    Returns:
        How many tables it holds.

    Raises:
        BackupFailed: nothing was written under that name.
    """
    tools = tools_for(url)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.touch(mode=0o600)
        what = ("--format=custom", "--no-owner", "--no-privileges")
        where = (f"--file={unfinished}", f"--dbname={tools.conninfo}")
        tools.run("pg_dump", *what, *where, doing="The backup failed")
        tables = count_tables(tools, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return tables


def count_tables(tools: Tools, source: Path) -> int:
    """How many tables' rows a backup holds.

    Raises:
        BackupFailed: it cannot be read.
    """
    listing = tools.run("pg_restore", "--list", str(source), doing=f"{source} is no whole backup")
    return sum(" TABLE DATA " in line for line in listing.splitlines())


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
