import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from backend.runtime import backup, sealed
from backend.runtime.backup import database_of
from backend.runtime.errors import BackupFailed, RestoreRefused
from backend.runtime.postgres import Postgres
from backend.runtime.restore import restore as restore_with
from backend.runtime.state import State

SERVER = os.environ["DATABASE_URL"]
SECRET, PUBLIC = sealed.new_key()


def save(url: str, target: Path) -> int:
    """As a server that cannot read its own backups."""
    return backup.save(url, target, key=PUBLIC)


def restore(url: str, source: Path, *, key: str = SECRET, force: bool = False) -> int:
    """As whoever holds the secret key."""
    return restore_with(url, source, key=key, force=force)


@contextmanager
def a_database() -> Iterator[str]:
    name = f"backup_{secrets.token_hex(4)}"
    run(SERVER, f"CREATE DATABASE {name}")
    yield make_conninfo(SERVER, dbname=name)
    run(SERVER, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def source() -> Iterator[str]:
    with a_database() as url:
        run(url, "CREATE EXTENSION pg_trgm")
        run(url, "CREATE TABLE resident (id bigserial PRIMARY KEY, name text)")
        run(url, "CREATE INDEX ON resident USING gin (name gin_trgm_ops)")
        run(url, "INSERT INTO resident (name) VALUES ('王秀英'), ('阿卜杜拉·买买提')")
        yield url


@pytest.fixture
def target() -> Iterator[str]:
    with a_database() as url:
        yield url


def run(url: str, sql: str) -> list[tuple[object, ...]]:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def names(url: str) -> list[object]:
    return [name for (name,) in run(url, "SELECT name FROM resident ORDER BY id")]


def test_a_backup_fills_an_empty_database(source: str, target: str, tmp_path: Path) -> None:
    file = tmp_path / "备份 1.dump"
    assert save(source, file) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert restore(target, file) == 1
    assert names(target) == ["王秀英", "阿卜杜拉·买买提"]
    assert run(target, "INSERT INTO resident (name) VALUES ('新') RETURNING id") == [(3,)]


def test_a_backup_is_made_while_somebody_writes(source: str, target: str, tmp_path: Path) -> None:
    with closing(psycopg.connect(source)) as writing:
        writing.execute("INSERT INTO resident (name) VALUES ('not committed')")
        save(source, tmp_path / "dump")
    restore(target, tmp_path / "dump")
    assert "not committed" not in names(target)


def test_a_database_that_holds_something_is_not_overwritten(source: str, tmp_path: Path) -> None:
    save(source, tmp_path / "dump")
    run(source, "INSERT INTO resident (name) VALUES ('later')")
    with pytest.raises(RestoreRefused, match="not empty"):
        restore(source, tmp_path / "dump")
    assert "later" in names(source)


def test_a_database_in_use_is_not_restored(source: str, target: str, tmp_path: Path) -> None:
    save(source, tmp_path / "dump")
    with closing(psycopg.connect(target)), pytest.raises(RestoreRefused, match="in use by 1"):
        restore(target, tmp_path / "dump")


def test_force_replaces_all_and_leaves_nothing_of_later(source: str, tmp_path: Path) -> None:
    save(source, tmp_path / "dump")
    run(source, "CREATE TABLE of_a_later_version ()")
    with closing(psycopg.connect(source)) as idle:
        idle.execute("SELECT 1")
        restore(source, tmp_path / "dump", force=True)
    assert names(source) == ["王秀英", "阿卜杜拉·买买提"]
    assert run(source, "SELECT to_regclass('of_a_later_version')") == [(None,)]


def test_what_was_restored_by_force_can_be_saved_and_restored_again(
    source: str, target: str, tmp_path: Path
) -> None:
    save(source, tmp_path / "first")
    restore(source, tmp_path / "first", force=True)
    save(source, tmp_path / "second")
    restore(target, tmp_path / "second")
    assert names(target) == names(source)


def test_a_damaged_backup_changes_nothing_even_by_force(source: str, tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole", tmp_path / "damaged"
    run(source, "INSERT INTO resident (name) SELECT md5(n::text) FROM generate_series(1, 2000) n")
    save(source, whole)
    damaged.write_bytes(whole.read_bytes()[:-20_000])
    before = names(source)
    with pytest.raises(BackupFailed):
        restore(source, damaged, force=True)
    assert names(source) == before


def test_what_is_no_backup_is_refused(target: str, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("你好")
    with pytest.raises(BackupFailed, match="no whole backup"):
        restore(target, tmp_path / "letter")


def test_a_failed_backup_leaves_an_earlier_one_alone(tmp_path: Path) -> None:
    (tmp_path / "dump").write_text("yesterday's")
    with pytest.raises(BackupFailed, match="does not answer"):
        save("postgresql://nobody@127.0.0.1:1/none", tmp_path / "dump")
    assert (tmp_path / "dump").read_text() == "yesterday's"
    assert list(tmp_path.iterdir()) == [tmp_path / "dump"]


def test_a_password_is_never_on_a_command_line() -> None:
    tools = backup._tools(Path("/bin"), "postgresql://yian:geheim@db.example/yian")
    assert "geheim" not in tools.conninfo
    assert tools.environ["PGPASSWORD"] == "geheim"


def test_an_embedded_database_that_nobody_runs_is_started_for_its_backup(tmp_path: Path) -> None:
    state = State(tmp_path / "var")
    url = Postgres(state.root).url
    with database_of(state, url):
        assert save(url, tmp_path / "dump") == 0
        assert state.is_held()
    assert not state.is_held()


def test_a_database_that_refuses_a_statement_is_left_as_it_was(
    source: str, target: str, tmp_path: Path
) -> None:
    run(source, "INSERT INTO resident (name) SELECT md5(n::text) FROM generate_series(1, 50000) n")
    save(source, tmp_path / "dump")
    run(target, "CREATE TYPE resident AS (in_the_way int)")
    with pytest.raises(BackupFailed, match=r'nothing has changed: .*"resident" already exists'):
        restore(target, tmp_path / "dump")
    assert run(target, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'") == [(0,)]


def test_nothing_in_a_backup_can_be_read(source: str, tmp_path: Path) -> None:
    save(source, tmp_path / "dump")
    written = (tmp_path / "dump").read_bytes()
    assert "王秀英".encode() not in written
    assert b"resident" not in written
    assert b"PGDMP" not in written


def test_without_its_key_a_backup_is_refused_in_plain_words(
    source: str, target: str, tmp_path: Path
) -> None:
    save(source, tmp_path / "dump")
    other, _ = sealed.new_key()
    for key, sentence in (
        ("", "its secret key .* is needed"),
        (PUBLIC, "its secret key .* is needed"),
        (other, "This key does not open"),
        (SECRET[:-4], "no whole secret key"),
    ):
        with pytest.raises(BackupFailed, match=sentence):
            restore(target, tmp_path / "dump", key=key)


def test_no_backup_is_written_without_a_key(source: str, tmp_path: Path) -> None:
    for key in ("", "age1nonsense"):
        with pytest.raises(BackupFailed, match=r"manage\.py backup_key"):
            backup.save(source, tmp_path / "dump", key=key)
    assert list(tmp_path.iterdir()) == []


def changed(whole: bytes) -> dict[str, bytes]:
    """A backup of several chunks, as somebody who cannot read it may have changed it."""
    header = whole.index(b"\n---") + 1
    start = whole.index(b"\n", header) + 1 + 16
    chunk = 64 * 1024 + 16
    first, second = whole[start : start + chunk], whole[start + chunk : start + 2 * chunk]
    head, rest = whole[:start], whole[start + 2 * chunk :]
    flipped = bytes([whole[start + 100] ^ 1])
    return {
        "cut off": whole[:-100],
        "cut off between chunks": head + first,
        "reordered": head + second + first + rest,
        "one left out": head + second + rest,
        "changed": whole[: start + 100] + flipped + whole[start + 101 :],
        "longer": whole + b"more",
    }


def test_what_was_cut_off_reordered_or_changed_is_refused_and_changes_nothing(
    source: str, tmp_path: Path
) -> None:
    run(
        source,
        "INSERT INTO resident (name) SELECT md5(n::text) || md5((n+1)::text) "
        "FROM generate_series(1, 9000) n",
    )
    save(source, tmp_path / "whole")
    before = names(source)
    for what, content in changed((tmp_path / "whole").read_bytes()).items():
        (tmp_path / "damaged").write_bytes(content)
        with pytest.raises(BackupFailed, match="damaged"):
            restore(source, tmp_path / "damaged", force=True)
        assert names(source) == before, what


def test_a_backup_from_before_they_were_encrypted_is_still_restored(
    source: str, target: str, tmp_path: Path
) -> None:
    tools = backup.tools_for(source)
    options = ("--format=custom", "--no-owner", "--no-privileges")
    where = (f"--file={tmp_path / 'plain'}", f"--dbname={tools.conninfo}")
    tools.run("pg_dump", *options, *where, doing="")
    assert restore(target, tmp_path / "plain", key="") == 1
    assert names(target) == names(source)


TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname = 'public' ORDER BY 1
"""


def hashes(url: str) -> dict[object, object]:
    """What each table holds, in the order of its rows as text."""
    found = {}
    for (table,) in run(url, TABLES):
        whole = f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"  # noqa: S608
        found[table] = run(url, whole)[0][0]
    return found


def test_what_is_restored_is_the_same_in_every_table(source: str, tmp_path: Path) -> None:
    run(source, "CREATE TABLE visit (at timestamptz, note text, place float8, tasks text[])")
    run(
        source,
        "INSERT INTO visit SELECT now() + n * interval '1 s', md5(n::text), n / 7.0, "
        "ARRAY['洗澡', n::text] FROM generate_series(1, 500) n",
    )
    before = hashes(source)
    save(source, tmp_path / "dump")
    run(source, "DROP TABLE visit, resident")

    restore(source, tmp_path / "dump")

    assert hashes(source) == before
    assert len(before) == 2
    assert None not in before.values()
