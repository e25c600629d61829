"""Sealing: each second, committed rows get their numbers and hashes, in one order.

A row waits in `audit_unsealed` from the commit of its transaction, so a row that commits late is
sealed late and none is skipped. One sealer works at a time.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from backend.audit import chain, checkpoints
from backend.audit.models import Cut, Seal
from backend.core.loops import repeat

# Any constant; it only has to differ from other advisory locks of this database.
SEALER_LOCK = 0x5345414C
BATCH = 2_000
EVERY_S = 1.0
CHECKPOINT_EVERY = timedelta(seconds=10)

_ROWS = f"SELECT {', '.join(chain.COLUMNS)} FROM audit_auditrow WHERE id = ANY (%s)"  # noqa: S608
_SEAL = """
INSERT INTO audit_seal (number, row_id, hash)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[])
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Head:
    """Where the chain ends."""

    number: int
    hash: bytes


def head() -> Head:
    """The last seal; where rows were cut and nothing came after, the place of the cut."""
    seal = Seal.objects.order_by("-number").first()
    if seal is not None:
        return Head(seal.number, bytes(seal.hash))
    cut = Cut.objects.order_by("-rows_to").first()
    return Head(cut.seals_to, bytes(cut.hash)) if cut else Head(0, chain.START)


@transaction.atomic
def seal_committed() -> int:
    """Seal up to 2,000 committed rows; returns how many.

    Safe to call from anywhere at any time: one caller at a time works, the others return 0.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "DELETE FROM audit_unsealed WHERE row_id IN"
            " (SELECT row_id FROM audit_unsealed ORDER BY row_id LIMIT %s) RETURNING row_id",
            [BATCH],
        )
        waiting = [row_id for (row_id,) in cursor.fetchall()]
    if not waiting:
        return 0
    _seal(sorted(waiting), head())
    return len(waiting)


def _seal(row_ids: list[int], end: Head) -> None:
    """A row that somebody took away before its seal keeps its place, empty, for the verifier."""
    numbers = range(end.number + 1, end.number + 1 + len(row_ids))
    hashes, before = [], end.hash
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [row_ids])
        contents = {row[0]: chain.content(row) for row in cursor.fetchall()}
        for number, row_id in zip(numbers, row_ids, strict=True):
            before = chain.link(before, number, contents.get(row_id, b""))
            hashes.append(before)
        cursor.execute(_SEAL, [list(numbers), row_ids, hashes])


class Sealer:
    """Seals round by round, and writes where the chain ends into a file outside the database."""

    def __init__(self, file: checkpoints.CheckpointFile) -> None:
        """Nothing is written yet."""
        self._file = file
        self._written = 0
        self._due_at: datetime | None = None

    def round(self, now: datetime) -> None:
        """Seal what is committed; a checkpoint every 10 s in which the chain grew."""
        while seal_committed() == BATCH:
            pass
        if self._due_at is None or now >= self._due_at:
            self._due_at = now + CHECKPOINT_EVERY
            self.write_checkpoint(now)

    def write_checkpoint(self, now: datetime) -> None:
        """Write where the chain ends if it has moved; a disk that refuses is tried again."""
        end = head()
        if end.number == self._written:
            return
        if end.number < self._written:
            logger.error("audit.chain_went_back from=%d to=%d", self._written, end.number)
        try:
            self._file.append(checkpoints.Checkpoint(end.number, end.hash.hex(), now))
        except OSError as error:
            logger.error("audit.checkpoint_not_written error=%s", type(error).__name__)
        else:
            self._written = end.number


def note_restore(*, now: datetime) -> None:
    """Write into the checkpoints that a backup was brought back, and where its chain ends.

    A backup from before there was a chain has none, and nothing is written.
    """
    if Seal._meta.db_table not in connection.introspection.table_names():
        return
    end = head()
    restored = checkpoints.Checkpoint(end.number, end.hash.hex(), now, "restored")
    checkpoints.CheckpointFile(settings.AUDIT_CHECKPOINTS).append(restored)


def run(stop: threading.Event) -> None:
    """Seal until `stop`."""
    sealer = Sealer(checkpoints.CheckpointFile(settings.AUDIT_CHECKPOINTS))
    repeat(stop, sealer.round, every_s=EVERY_S)
