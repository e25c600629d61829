"""Secrets come from the environment or from files that only their owner reads."""

from pathlib import Path

import pytest

from backend import env
from backend.runtime import checks

GIVEN = {
    "SECRET_KEY": "0123456789-0123456789-0123456789-0123",
    "DATABASE_URL": "postgresql://db/yian",
    "REDIS_URL": "redis://valkey/0",
}


def a_file(folder: Path, content: str, *, mode: int = 0o400) -> str:
    """A file of this mode; the one before is gone."""
    file = folder / "secret"
    file.unlink(missing_ok=True)
    file.write_text(content)
    file.chmod(mode)
    return str(file)


def test_a_secret_is_read_from_the_file_that_its_variable_names(tmp_path: Path) -> None:
    found = env.read({**GIVEN, "FIELD_KEYS_FILE": a_file(tmp_path, "k1:abc\n")})
    assert found.field_keys == "k1:abc"


def test_a_variable_and_a_file_that_say_different_things_stop_the_start(tmp_path: Path) -> None:
    given = {**GIVEN, "FIELD_KEYS": "k1:abc", "FIELD_KEYS_FILE": a_file(tmp_path, "k2:def")}
    with pytest.raises(SystemExit, match="FIELD_KEYS and FIELD_KEYS_FILE say different things"):
        env.read(given)
    assert env.read({**given, "FIELD_KEYS": "k2:def"}).field_keys == "k2:def"


def test_a_file_that_is_missing_stops_the_start_and_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="FIELD_KEYS_FILE cannot be read"):
        env.read({**GIVEN, "FIELD_KEYS_FILE": str(tmp_path / "none")})


def test_what_is_no_secret_comes_from_no_file(tmp_path: Path) -> None:
    given = {**GIVEN, "FIELD_KEYS": "k1:abc", "PORT_FILE": a_file(tmp_path, "9000")}
    assert env.read(given).port == 8000


def test_a_file_that_everybody_can_read_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELD_KEYS_FILE", a_file(tmp_path, "k1:abc", mode=0o444))
    assert [warning.id for warning in checks.check_secret_files()] == ["yian.W002"]
    monkeypatch.setenv("FIELD_KEYS_FILE", a_file(tmp_path, "k1:abc", mode=0o600))
    assert checks.check_secret_files() == []
