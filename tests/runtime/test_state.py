import base64
import json
import stat
from pathlib import Path

import pytest

from backend.runtime import state as states
from backend.runtime.errors import AlreadyRunning
from backend.runtime.state import State


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_invented_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = State(tmp_path / "var").secrets()

    assert State(tmp_path / "var").secrets() == first
    assert State(tmp_path / "other").secrets() != first
    assert mode(tmp_path / "var" / "secrets") == 0o600
    assert mode(tmp_path / "var") == 0o700


def test_secrets_brought_from_another_machine_are_kept_and_the_missing_ones_invented(
    tmp_path: Path,
) -> None:
    (tmp_path / "secrets").write_text("FIELD_KEYS=k1:from-the-old-machine\n")
    secrets = State(tmp_path).secrets()
    assert secrets["FIELD_KEYS"] == "k1:from-the-old-machine"
    assert len(secrets["SECRET_KEY"]) > 32
    assert State(tmp_path).secrets() == secrets


def test_the_field_key_is_32_bytes_under_an_id(tmp_path: Path) -> None:
    name, _, key = State(tmp_path).secrets()["FIELD_KEYS"].partition(":")
    assert name == "k1"
    assert len(base64.b64decode(key, validate=True)) == 32


def test_a_second_start_in_the_same_folder_is_refused_by_a_clear_sentence(tmp_path: Path) -> None:
    with (
        State(tmp_path).lock(),
        pytest.raises(AlreadyRunning, match=r"already runs .* \(process \d+\).* YIAN_STATE"),
        State(tmp_path).lock(),
    ):
        pytest.fail("held twice")
    assert not State(tmp_path).is_held()


def test_what_runs_is_written_privately_and_in_chinese_as_it_is(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.write_run({"state": "ready", "users": [{"role": "值班员"}]})
    assert mode(state.run_file) == 0o600
    assert "值班员" in state.run_file.read_text("utf-8")
    assert json.loads(state.run_file.read_text("utf-8"))["state"] == "ready"


def test_a_command_beside_a_running_installation_gets_its_environment(tmp_path: Path) -> None:
    State(tmp_path).write_environment({"DATABASE_URL": "postgresql://here", "SECRET_KEY": "a=b"})
    environ = {"YIAN_STATE": str(tmp_path), "PORT": "1"}
    states.fill(environ)
    assert environ["DATABASE_URL"] == "postgresql://here"
    assert environ["SECRET_KEY"] == "a=b"
    assert environ["PORT"] == "1"


def test_another_database_never_gets_this_installations_secrets(tmp_path: Path) -> None:
    State(tmp_path).write_environment({"DATABASE_URL": "postgresql://here", "SECRET_KEY": "ours"})
    environ = {"YIAN_STATE": str(tmp_path), "DATABASE_URL": "postgresql://elsewhere"}
    states.fill(environ)
    assert "SECRET_KEY" not in environ
