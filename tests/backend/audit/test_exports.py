"""A period leaves as a signed file that holds against changes, and that it left is a row."""

import base64
import io
import os
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.audit import exporting, reading_exports, signing
from backend.audit.models import AuditRow
from tests.backend.audit.battery import ROWS, Chain, write_rows
from tests.builders import NOON

pytestmark = pytest.mark.django_db

Members = dict[str, bytes]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Ten rows of noon; one of the next day stays out."""
    chain = Chain(tmp_path)
    write_rows(1, at=NOON + timedelta(days=1))
    return exported(chain.folder / "audit.zip")


def exported(path: Path) -> Path:
    with path.open("wb") as opened:
        until = NOON + timedelta(hours=1)
        exporting.export_period(opened, since=NOON, until=until, by="user:1", now=NOON)
    return path


def rewritten(path: Path, change: Callable[[Members], None]) -> Path:
    """The same export with something changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def codes(path: Path, *, public_key: str = "") -> set[str]:
    return {each.code for each in reading_exports.check(path, public_key=public_key).findings}


def test_an_export_holds_the_rows_of_its_period_and_is_whole(file: Path) -> None:
    report = reading_exports.check(file)

    assert (report.findings, report.rows, report.last) == ([], ROWS, ROWS)
    assert codes(file, public_key=signing.public_key()) == set()


def test_every_export_is_itself_a_row(file: Path) -> None:
    row = AuditRow.objects.get(action=AuditRow.Action.EXPORT)

    assert (row.actor, row.subject) == ("user:1", "audit")
    assert "10 rows" in row.reason


def edit_a_row(members: Members) -> None:
    members[exporting.ROWS] = members[exporting.ROWS].replace(b"user:3", b"user:9")


def drop_a_row(members: Members) -> None:
    rows = members[exporting.ROWS].splitlines(keepends=True)
    members[exporting.ROWS] = b"".join(rows[:-1])


def write_another_manifest(members: Members) -> None:
    members[exporting.MANIFEST] = members[exporting.MANIFEST].replace(b"user:1", b"user:2")


def lose_the_signature(members: Members) -> None:
    del members[exporting.SIGNATURE]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (edit_a_row, {"row_edited", "export_changed"}),
        (drop_a_row, {"export_changed"}),
        (write_another_manifest, {"export_forged"}),
        (lose_the_signature, {"export_unreadable"}),
    ],
)
def test_a_changed_export_is_found_out(
    file: Path, change: Callable[[Members], None], finding: set[str]
) -> None:
    assert codes(rewritten(file, change)) == finding


def test_an_export_signed_by_somebody_else_is_not_ours(file: Path) -> None:
    key = Ed25519PrivateKey.from_private_bytes(os.urandom(32)).public_key()
    theirs = base64.b64encode(key.public_bytes_raw()).decode()

    assert codes(file, public_key=theirs) == {"export_forged"}


def test_a_file_that_is_no_export_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("你好")

    assert codes(tmp_path / "letter") == {"export_unreadable"}
    assert codes(tmp_path / "nowhere") == {"export_unreadable"}


def test_rows_that_wait_for_their_seal_are_sealed_for_the_export() -> None:
    write_rows(2)
    file = io.BytesIO()
    later = NOON + timedelta(hours=1)

    written = exporting.export_period(file, since=NOON, until=later, by="user:1", now=later)

    assert written.rows == 2
