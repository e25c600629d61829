"""Rows get their place once they are committed: none is skipped and none has two."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from backend.audit import checkpoints, sealing
from backend.audit.checkpoints import CheckpointFile
from backend.audit.models import AuditRow, Seal, Unsealed
from backend.audit.verifying import verify
from tests.backend.audit.battery import Chain, seal_all, write_rows
from tests.builders import NOON
from tests.threads import Held, at_once, on_own_connection

SOON_S = 2.0


def subjects() -> list[str]:
    rows = AuditRow.objects.in_bulk()
    return [rows[seal.row_id].subject for seal in Seal.objects.order_by("number")]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_commits_late_is_not_skipped_and_gets_a_later_number() -> None:
    with Held(lambda: write_rows(1)) as late:
        write_rows(2)
        seal_all()
        assert subjects() == ["resident:0", "resident:1"]
        late.commit()
    seal_all()

    assert subjects() == ["resident:0", "resident:1", "resident:0"]
    assert Seal.objects.get(number=3).row_id == AuditRow.objects.earliest("pk").pk


@pytest.mark.django_db
def test_a_row_that_is_rolled_back_leaves_no_gap() -> None:
    with transaction.atomic():
        write_rows(1)
        transaction.set_rollback(True)
    write_rows(1)
    seal_all()

    assert list(Seal.objects.values_list("number", flat=True)) == [1]


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            sealing.seal_committed()

    def write() -> None:
        for _ in range(5):
            write_rows(4)
        stop.set()

    at_once(work, work, write)
    seal_all()
    sealer = sealing.Sealer(CheckpointFile(tmp_path))
    sealer.write_checkpoint(NOON)

    report = verify(checkpoints.read([tmp_path / checkpoints.NAME]), now=NOON)
    assert (report.findings, report.rows, report.last) == ([], 20, 20)


@pytest.mark.django_db
def test_without_the_lock_the_database_itself_keeps_the_chain_from_forking() -> None:
    write_rows(1)
    seal_all()

    with pytest.raises(DatabaseError), transaction.atomic():
        Seal.objects.create(number=1, row_id=2, hash=b"")


@pytest.mark.django_db
def test_a_sealer_that_is_started_again_goes_on(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    write_rows(1)
    sealing.Sealer(CheckpointFile(tmp_path)).round(NOON + timedelta(seconds=20))

    report = chain.verified()
    assert (report.findings, report.last) == ([], 11)
    assert chain.file.read_text().count("\n") == 3


@pytest.mark.django_db
def test_a_checkpoint_is_written_every_ten_seconds_in_which_the_chain_grew(tmp_path: Path) -> None:
    sealer = sealing.Sealer(CheckpointFile(tmp_path))
    for second in (0, 5, 11, 30, 45):
        if second != 30:
            write_rows(1)
        sealer.round(NOON + timedelta(seconds=second))

    known = checkpoints.read([tmp_path / checkpoints.NAME])
    assert sorted(known.ends) == [1, 3, 4]


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_stops_no_sealing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    sealer = sealing.Sealer(CheckpointFile(tmp_path / "file"))
    write_rows(1)
    sealer.round(NOON)

    assert not Unsealed.objects.exists()
    assert "audit.checkpoint_not_written" in caplog.text


@pytest.mark.django_db
def test_two_machines_write_checkpoints_that_fit_together(tmp_path: Path) -> None:
    chain = Chain(tmp_path / "one")
    other = tmp_path / "other"
    sealing.Sealer(CheckpointFile(other)).write_checkpoint(NOON)

    known = checkpoints.read([chain.file, other / checkpoints.NAME])
    assert (sorted(known.ends), known.forked, known.tampered) == ([5, 10], [], [])


@pytest.mark.django_db(transaction=True)
def test_tick_seals_soon_and_stops_when_told() -> None:
    stop = threading.Event()
    running = threading.Thread(target=on_own_connection, args=(sealing.run, stop))
    write_rows(1)
    running.start()
    try:
        deadline = time.monotonic() + SOON_S
        while not Seal.objects.exists() and time.monotonic() < deadline:
            time.sleep(0.005)
    finally:
        stop.set()
        running.join(SOON_S)

    assert subjects() == ["resident:0"]
    assert not running.is_alive()
