"""What somebody who rules the database does to the audit, and that it is found."""

from datetime import timedelta
from pathlib import Path

import pytest

from backend.audit import chain as links
from backend.audit import checkpoints
from backend.audit.checkpoints import Checkpoint, CheckpointFile
from backend.audit.models import AuditRow, Cut, Seal
from tests.backend.audit.battery import ROWS, Attack, Chain, as_superuser, seal_all, write_rows
from tests.builders import NOON

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=5)


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path)


def test_a_chain_that_nobody_touched_is_whole(chain: Chain) -> None:
    report = chain.verified(after=LATER)

    assert (report.findings, report.rows, report.last) == ([], ROWS, ROWS)


def edit(chain: Chain) -> None:
    as_superuser("UPDATE audit_auditrow SET actor = 'user:99' WHERE id = %s", chain.row(4))


def edit_the_fields(chain: Chain) -> None:
    as_superuser("UPDATE audit_auditrow SET fields = '{}' WHERE id = %s", chain.row(4))


def delete(chain: Chain) -> None:
    as_superuser("DELETE FROM audit_auditrow WHERE id = %s", chain.row(4))


def delete_with_its_seal(chain: Chain) -> None:
    delete(chain)
    as_superuser("DELETE FROM audit_seal WHERE number = 4")


def empty(_chain: Chain) -> None:
    as_superuser("TRUNCATE audit_auditrow, audit_seal, audit_unsealed")


def change_places(chain: Chain) -> None:
    one, other = chain.row(3), chain.row(7)
    as_superuser("UPDATE audit_seal SET row_id = -1 WHERE number = 3")
    as_superuser("UPDATE audit_seal SET row_id = %s WHERE number = 7", one)
    as_superuser("UPDATE audit_seal SET row_id = %s WHERE number = 3", other)


def insert_past_the_trigger(_chain: Chain) -> None:
    as_superuser(
        "INSERT INTO audit_auditrow (at, actor, action, subject, fields, reason)"
        " VALUES (%s, 'user:1', 'read', 'resident:2', '{}', '')",
        NOON,
    )


def take_out_of_the_queue(_chain: Chain) -> None:
    write_rows(1)
    as_superuser("DELETE FROM audit_unsealed")


def delete_before_its_seal(_chain: Chain) -> None:
    write_rows(1)
    as_superuser("DELETE FROM audit_auditrow WHERE id = (SELECT max(id) FROM audit_auditrow)")
    seal_all()


def cut_the_tail(chain: Chain) -> None:
    as_superuser("DELETE FROM audit_auditrow WHERE id >= %s", chain.row(8))
    as_superuser("DELETE FROM audit_seal WHERE number >= 8")


def cut_the_front(chain: Chain) -> None:
    as_superuser("DELETE FROM audit_auditrow WHERE id <= %s", chain.row(3))
    as_superuser("DELETE FROM audit_seal WHERE number <= 3")


def cut_the_front_with_a_forged_cut(chain: Chain) -> None:
    sealed = Seal.objects.get(number=3)
    Cut.objects.create(at=NOON, rows_to=3, seals_to=3, hash=sealed.hash, signature="x")
    cut_the_front(chain)


def rewrite_the_chain(chain: Chain) -> None:
    """Everything that can be reckoned without the key."""
    edit(chain)
    before = links.START
    for seal in Seal.objects.order_by("number"):
        row = AuditRow.objects.filter(pk=seal.row_id).values_list(*links.COLUMNS).get()
        before = links.link(before, seal.number, links.content(row))
        as_superuser("UPDATE audit_seal SET hash = %s WHERE number = %s", before, seal.number)


def bring_an_old_backup_back(chain: Chain) -> None:
    """As it was at the first checkpoint; people go on working, and tick goes on sealing."""
    as_superuser("DELETE FROM audit_auditrow WHERE id > %s", chain.row(5))
    as_superuser("DELETE FROM audit_seal WHERE number > 5")


def bring_an_old_backup_back_and_go_on(chain: Chain) -> None:
    bring_an_old_backup_back(chain)
    write_rows(ROWS)
    seal_all()
    chain.sealer.write_checkpoint(NOON)


def edit_a_checkpoint(chain: Chain) -> None:
    first, *others = chain.file.read_text().splitlines(keepends=True)
    chain.file.write_text("".join([first.replace(":5,", ":6,"), *others]))


def drop_a_checkpoint(chain: Chain) -> None:
    _first, *others = chain.file.read_text().splitlines(keepends=True)
    chain.file.write_text("".join(others))


def forge_the_last_checkpoint(chain: Chain) -> None:
    first, last = chain.file.read_text().splitlines(keepends=True)
    chain.file.write_text(first + last.replace(":10,", ":11,"))


def cut_the_checkpoints(chain: Chain) -> None:
    first, *_others = chain.file.read_text().splitlines(keepends=True)
    chain.file.write_text(first)


def lose_the_checkpoints(chain: Chain) -> None:
    chain.file.unlink()


def declare_a_restore_without_the_key(chain: Chain) -> None:
    bring_an_old_backup_back(chain)
    restored = Checkpoint(5, bytes(Seal.objects.get(number=5).hash).hex(), NOON, "restored")
    text = (
        checkpoints._signed_line(restored, previous="")
        .decode()
        .replace('"number":5', '"number":5 ')
    )
    chain.file.write_text(chain.file.read_text() + text + "\n")


def stop_the_sealer(_chain: Chain) -> None:
    write_rows(1)
    as_superuser("UPDATE audit_unsealed SET since = %s", NOON)


@pytest.mark.parametrize(
    ("attack", "finding"),
    [
        (edit, "row_edited"),
        (edit_the_fields, "row_edited"),
        (delete, "row_deleted"),
        (delete_with_its_seal, "numbers_missing"),
        (empty, "end_missing"),
        (change_places, "row_moved"),
        (insert_past_the_trigger, "row_inserted"),
        (take_out_of_the_queue, "row_inserted"),
        (delete_before_its_seal, "row_deleted"),
        (cut_the_tail, "end_missing"),
        (cut_the_front, "numbers_missing"),
        (cut_the_front_with_a_forged_cut, "cut_forged"),
        (rewrite_the_chain, "chain_rewritten"),
        (bring_an_old_backup_back, "end_missing"),
        (bring_an_old_backup_back_and_go_on, "chain_rewritten"),
        (edit_a_checkpoint, "checkpoints_tampered"),
        (drop_a_checkpoint, "checkpoints_tampered"),
        (forge_the_last_checkpoint, "checkpoints_tampered"),
        (cut_the_checkpoints, "checkpoints_end_early"),
        (lose_the_checkpoints, "checkpoints_end_early"),
        (declare_a_restore_without_the_key, "end_missing"),
        (stop_the_sealer, "row_unsealed"),
    ],
)
def test_what_a_superuser_of_the_database_does_is_found(
    chain: Chain, attack: Attack, finding: str
) -> None:
    attack(chain)

    assert finding in chain.found(after=LATER)


def test_a_backup_brought_back_by_command_is_a_note_and_no_finding(chain: Chain) -> None:
    bring_an_old_backup_back(chain)
    restored = Checkpoint(5, bytes(Seal.objects.get(number=5).hash).hex(), NOON + LATER, "restored")
    CheckpointFile(chain.folder).append(restored)
    write_rows(1)
    seal_all()

    report = chain.verified()
    assert report.findings == []
    assert [note for note in report.notes if "5" in note] == report.notes != []


def test_every_column_of_a_row_is_sealed() -> None:
    assert {each.attname for each in AuditRow._meta.concrete_fields} == set(links.COLUMNS)
