"""A sealed audit through a restore, from end to end: two roles, the commands, a server."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from backend.runtime import sealed
from backend.runtime.program import ROOT
from backend.runtime.restore import restore
from tests import template

pytestmark = pytest.mark.prove

SERVER = os.environ["DATABASE_URL"]
SECRET, PUBLIC = sealed.new_key()
WRITE = """
import django
django.setup()
from django.conf import settings
from backend.audit.checkpoints import CheckpointFile
from backend.audit.sealing import Sealer
from backend.core import clock
from tests.backend.audit.battery import write_rows
write_rows(3)
Sealer(CheckpointFile(settings.AUDIT_CHECKPOINTS)).round(clock.now())
"""


def run(url: str, statement: sql.Composed) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(statement)


class District:
    """A database of two roles, and the commands of whoever keeps it."""

    def __init__(self, owner: str, application: str, folder: Path) -> None:
        self.owner, self.application, self.folder = owner, application, folder

    def python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        environ = {
            **os.environ,
            "DATABASE_URL": self.application,
            "MIGRATE_DATABASE_URL": self.owner,
            "YIAN_STATE": str(self.folder),
            "AUDIT_CHECKPOINTS": str(self.folder / "checkpoints"),
            "DJANGO_SETTINGS_MODULE": "backend.settings",
            "LANGUAGE_CODE": "en",
        }
        command = (sys.executable, *arguments)
        return subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
        )

    def manage(self, *arguments: str) -> str:
        done = self.python("manage.py", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(self) -> None:
        """Three rows more, sealed, with a checkpoint."""
        done = self.python("-c", WRITE)
        assert done.returncode == 0, done.stderr

    def verify(self) -> "subprocess.CompletedProcess[str]":
        return self.python("manage.py", "verify_audit")


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    name, role = f"audit_{secrets.token_hex(4)}", f"app_{secrets.token_hex(4)}"
    copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    run(SERVER, copied.format(sql.Identifier(name), sql.Identifier(template.when_ready())))
    owner = make_conninfo(SERVER, dbname=name)
    district = District(owner, make_conninfo(owner, user=role), tmp_path)
    yield district
    run(SERVER, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    run(SERVER, sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """The file with the secret key, and where the backup is to lie."""
    key = tmp_path / "backup.key"
    key.write_text(f"{SECRET}\n")
    return key, tmp_path / "saved.dump.age"


@pytest.fixture(autouse=True)
def public_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_KEY", PUBLIC)


def by_command(district: District, key: Path, saved: Path) -> None:
    district.manage("restore", str(saved), "--key", str(key), "--force")


def by_hand(district: District, _key: Path, saved: Path) -> None:
    """Past the command; the start that follows grants again."""
    restore(district.owner, saved, key=SECRET, force=True)
    district.manage("migrate", "--verbosity=0")


@pytest.mark.parametrize(
    ("brought_back", "is_whole", "said"),
    [(by_command, True, "3"), (by_hand, False, "end_missing")],
)
def test_a_restore_is_told_to_the_audit_and_what_came_past_the_command_is_found(
    district: District,
    keys: tuple[Path, Path],
    brought_back: Callable[[District, Path, Path], None],
    is_whole: bool,
    said: str,
) -> None:
    district.manage("migrate", "--verbosity=0")
    district.write()
    district.manage("backup", str(keys[1]))
    district.write()
    assert district.verify().returncode == 0

    brought_back(district, *keys)

    found = district.verify()
    assert (found.returncode == 0) is is_whole, found.stdout
    assert said in found.stdout


def test_after_a_restore_the_application_can_only_add_to_the_audit(
    district: District, keys: tuple[Path, Path]
) -> None:
    district.manage("migrate", "--verbosity=0")
    district.write()
    district.manage("backup", str(keys[1]))
    by_command(district, *keys)

    district.write()
    with closing(psycopg.connect(district.application)) as application:
        assert application.execute("SELECT count(*) FROM audit_auditrow").fetchone() == (6,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM audit_auditrow")
