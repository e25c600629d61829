"""Old rows leave only past their time, into a signed file, and the chain stays whole."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from backend import env
from backend.audit import checkpoints, reading_exports, retention, sealing
from backend.audit.checkpoints import CheckpointFile
from backend.audit.models import AuditRow, Cut, Seal
from backend.audit.verifying import Report, read_all
from tests.backend.audit.battery import as_superuser, seal_all, write_rows

pytestmark = pytest.mark.django_db

THEN = datetime(2001, 5, 4, 12, tzinfo=UTC)
KEPT = timedelta(days=1100)
"""The settings' own: for both kinds."""
LATER = THEN + KEPT + timedelta(days=1)
SHARE = AuditRow.Action.SHARE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three old rows, an exchange record in their midst, then three new ones."""
    write_rows(2, at=THEN)
    write_rows(1, at=THEN, action=SHARE)
    write_rows(1, at=THEN)
    write_rows(3, at=LATER)
    sealing.Sealer(CheckpointFile(tmp_path)).round(LATER)
    return tmp_path


def trimmed(folder: Path, *, now: datetime = LATER) -> retention.Trimmed | None:
    with (folder / "left.zip").open("wb") as file:
        return retention.trim(file, by="system:trim_audit", now=now)


def verified(folder: Path) -> Report:
    sealing.Sealer(CheckpointFile(folder)).round(LATER)
    return read_all(checkpoints.read([folder / checkpoints.NAME]), now=LATER)


def keep_exchanges_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    longer = msgspec.structs.replace(settings.ENV, exchange_kept_days=2000)
    monkeypatch.setattr(settings, "ENV", longer)


def test_what_is_past_its_time_leaves_and_the_chain_stays_whole(folder: Path) -> None:
    gone = trimmed(folder)

    assert gone is not None
    assert (gone.rows, gone.kept, gone.rows_to) == (4, 0, 4)
    assert not AuditRow.objects.filter(at=THEN).exists()
    report = verified(folder)
    assert (report.findings, report.rows, report.last) == ([], 4, 8)
    assert AuditRow.objects.get(action=AuditRow.Action.CUT).subject == "audit:4"


def test_what_left_stands_in_a_signed_file(folder: Path) -> None:
    trimmed(folder)

    report = reading_exports.check(folder / "left.zip")
    assert (report.findings, report.rows) == ([], 4)


def test_exchange_records_stay_for_their_own_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_exchanges_longer(monkeypatch)
    gone = trimmed(folder)

    assert gone is not None
    assert (gone.rows, gone.kept) == (3, 1)
    assert AuditRow.objects.get(at=THEN).action == SHARE
    assert verified(folder).findings == []


def test_an_exchange_record_that_was_kept_cannot_vanish_either(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_exchanges_longer(monkeypatch)
    trimmed(folder)
    as_superuser("DELETE FROM audit_auditrow WHERE action = 'share'")

    assert [each.code for each in verified(folder).findings] == ["row_deleted"]


def test_a_second_cut_goes_on_where_the_first_ended(folder: Path) -> None:
    trimmed(folder)
    seal_all()
    much_later = LATER + KEPT + timedelta(days=1)
    gone = trimmed(folder, now=much_later)

    assert gone is not None
    assert (gone.rows, gone.rows_to) == (4, 8)
    assert verified(folder).findings == []


def test_nothing_leaves_before_its_time(folder: Path) -> None:
    assert trimmed(folder, now=LATER - timedelta(days=2)) is None
    assert Seal.objects.count() == 7


def test_the_database_lets_no_row_go_that_is_younger_than_six_months() -> None:
    write_rows(1, at=datetime.now(UTC) - timedelta(days=150))
    seal_all()
    Cut.objects.create(at=THEN, rows_to=1, seals_to=0, hash=bytes(32))

    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
        AuditRow.objects.all().delete()


def test_no_row_leaves_without_a_cut(folder: Path) -> None:
    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
        AuditRow.objects.filter(at=THEN).delete()


def test_a_cut_that_was_changed_is_a_forged_one(folder: Path) -> None:
    trimmed(folder)
    as_superuser("UPDATE audit_cut SET rows_to = rows_to + 1")

    assert "cut_forged" in {each.code for each in verified(folder).findings}


@pytest.mark.parametrize("below", [{"AUDIT_KEPT_DAYS": "183"}, {"EXCHANGE_KEPT_DAYS": "1095"}])
def test_settings_below_what_the_law_asks_are_refused(below: dict[str, str]) -> None:
    given = {"SECRET_KEY": "s" * 40, "FIELD_KEYS": "k", "DATABASE_URL": "d", "REDIS_URL": "r"}

    with pytest.raises(SystemExit, match="KEPT_DAYS"):
        env.read({**given, **below})
    assert env.read(given).audit_kept_days == KEPT.days


def test_a_trim_that_fails_leaves_everything(folder: Path) -> None:
    class Full(io.BytesIO):
        def write(self, _content: object) -> int:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"), transaction.atomic():
        retention.trim(Full(), by="system:trim_audit", now=LATER)
    assert AuditRow.objects.count() == 7
