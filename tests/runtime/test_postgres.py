import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from backend.runtime import account, postgres
from backend.runtime.account import Account
from backend.runtime.errors import DatabaseOutOfReach, NoServerHere, UnsafeFolder
from backend.runtime.folders import SOCKET_PATH_LIMIT_BYTES, private
from backend.runtime.postgres import Postgres

FAR_AWAY = "数据 与 空格/" + "很长的名字" * 8 + "/第二层 folder"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change its name")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    yield from running(Postgres(tmp_path / "var", fsync=False))


def running(server: Postgres) -> Iterator[Postgres]:
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.forget()


def answer(server: Postgres, sql: str) -> object:
    with closing(psycopg.connect(server.url, autocommit=True)) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]


def kill(server: Postgres) -> None:
    assert server._process is not None
    server._process.kill()
    server._process.wait()


def modes_above(path: Path) -> dict[Path, int]:
    return {parent: stat.S_IMODE(parent.stat().st_mode) for parent in path.parents}


def test_it_answers_in_chinese_and_finds_it_by_trigram(server: Postgres) -> None:
    answer(server, "CREATE EXTENSION pg_trgm")
    answer(server, "CREATE EXTENSION btree_gist")
    assert answer(server, "SELECT '颐安' % '颐安里'") is True
    assert answer(server, "SHOW server_encoding") == "UTF8"


def test_it_listens_on_no_network_port(server: Postgres) -> None:
    assert answer(server, "SHOW listen_addresses") == ""


def test_what_was_committed_survives_a_kill_and_the_second_start(server: Postgres) -> None:
    answer(server, "CREATE TABLE kept AS SELECT 42 AS number")
    kill(server)
    server.start()
    assert answer(server, "SELECT number FROM kept") == 42


def test_a_lock_file_that_names_somebody_elses_process_does_not_stop_it(
    server: Postgres, tmp_path: Path
) -> None:
    kill(server)
    lock_file = tmp_path / "var" / "postgres" / "data" / "postmaster.pid"
    lines = lock_file.read_text().splitlines()
    lock_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    server.start()
    assert answer(server, "SELECT 1") == 1


def test_a_long_path_with_spaces_and_chinese_is_no_obstacle(tmp_path: Path) -> None:
    state = tmp_path / FAR_AWAY
    assert len(os.fsencode(state)) > SOCKET_PATH_LIMIT_BYTES
    for server in running(Postgres(state, fsync=False)):
        assert answer(server, "SELECT 1") == 1


def test_no_mode_outside_the_state_folder_is_changed_below_a_closed_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    before = modes_above(home / "var")
    for server in running(Postgres(home / "var", fsync=False)):
        assert answer(server, "SELECT 1") == 1
    assert modes_above(home / "var") == before
    assert stat.S_IMODE((home / "var").stat().st_mode) == 0o700


@as_root
def test_root_without_namespaces_serves_from_a_folder_that_others_can_enter(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    before = modes_above(home / "x")
    own_id = Account(uid=account.server_uid())
    with_copy = Postgres(
        home / "var", fsync=False, account=own_id, library=Path("/var/lib/yian-test")
    )
    try:
        for server in running(with_copy):
            assert answer(server, "SELECT pg_backend_pid() > 0") is True
            assert server._process is not None
            status = Path(f"/proc/{server._process.pid}/status").read_text()
            assert f"Uid:\t{own_id.uid}\t{own_id.uid}" in status
    finally:
        Path("/var/lib/yian-test").rmdir()
    assert modes_above(home / "x") == before


@as_root
def test_the_server_is_copied_where_its_account_can_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "open_to_others", lambda path: "yian-test" in str(path))
    library = Path("/var/lib/yian-test")
    own_id = Account(uid=account.server_uid())
    try:
        for server in running(
            Postgres(tmp_path / "var", fsync=False, account=own_id, library=library)
        ):
            assert server.program.command[0].startswith(str(library))
            assert answer(server, "SELECT 1") == 1
    finally:
        library.rmdir()


@as_root
def test_a_cluster_that_its_account_cannot_reach_is_not_silently_replaced(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    state = tmp_path / "home" / "var"
    (state / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(DatabaseOutOfReach, match="DATABASE_URL"):
        Postgres(state, account=Account(uid=account.server_uid()))


def test_where_there_is_no_wheel_one_sentence_names_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "PACKAGE", "no_such_package")
    with pytest.raises(NoServerHere, match=r"^There is no embedded PostgreSQL.*DATABASE_URL"):
        postgres.installed()


def test_a_folder_open_to_others_is_not_used_for_sockets(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir(mode=0o755)
    with pytest.raises(UnsafeFolder):
        private(tmp_path / "taken", owner_uid=os.geteuid())


def test_a_link_is_not_used_for_sockets(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(UnsafeFolder):
        private(tmp_path / "link", owner_uid=os.geteuid())
