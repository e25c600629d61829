"""Old rows leave the audit: first into a signed file, then out of the tables, with a signed cut.

Source: Cybersecurity Law, Article 21(3): logs at least six months. Network Data Security
Regulations, Article 12, and PIPL, Article 56: records of handing data to others at least three
years. `backend/env.py` refuses settings below these, and the database rows below six months.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from backend.audit import actions, cuts, exporting, signing
from backend.audit.models import AuditRow, Cut
from backend.audit.sealing import SEALER_LOCK

EXCHANGES = (AuditRow.Action.SHARE, AuditRow.Action.EXPORT, AuditRow.Action.CUT)
"""What tells that something was handed to others, or left."""


@dataclass(frozen=True)
class Trimmed:
    """What left, and how many exchange records of that time stay."""

    rows: int
    kept: int
    rows_to: int


@transaction.atomic
def trim(file: IO[bytes], *, by: str, now: datetime) -> Trimmed | None:
    """Write what is past its time into a file and take it out; None if nothing is.

    The caller keeps the file, and sees that it is on the disk, before the transaction ends.
    Needs the owner of the tables (`backend.core.owner`).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
    front = cuts.front(list(Cut.objects.all()))
    rows_to = _last_past_its_time(now - timedelta(days=settings.ENV.audit_kept_days))
    if rows_to <= front.rows_to:
        return None
    kept = _exchanges(rows_to, younger_than=now - timedelta(days=settings.ENV.exchange_kept_days))
    written = exporting.write_leaving(file, rows_to=rows_to, kept=kept, by=by, now=now)
    seals_to = min(kept, default=rows_to + 1) - 1
    cut = Cut(
        at=now,
        rows_to=rows_to,
        seals_to=seals_to,
        hash=_hash_at(seals_to) or front.hash,
        kept=kept,
        export_sha256=written.sha256,
    )
    signature = signing.sign(cuts.statement(cut))
    cut.key_id, cut.signature = signature.key_id, signature.text
    cut.save()
    actions.record(
        actor=by,
        action=AuditRow.Action.CUT,
        subject=f"audit:{rows_to}",
        reason=f"{written.rows} rows left, {written.sha256}",
        now=now,
    )
    _take_out(cut)
    return Trimmed(written.rows, len(kept), rows_to)


def _last_past_its_time(limit: datetime) -> int:
    """The last number before the first row that has to stay; the very last if none has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(min(s.number), (SELECT max(number) + 1 FROM audit_seal), 1) - 1"
            " FROM audit_seal s"
            " JOIN audit_auditrow r ON r.id = s.row_id WHERE r.at >= %s",
            [limit],
        )
        return int(cursor.fetchone()[0])


def _exchanges(rows_to: int, *, younger_than: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.number FROM audit_seal s JOIN audit_auditrow r ON r.id = s.row_id"
            " WHERE s.number <= %s AND r.at >= %s AND r.action = ANY (%s) ORDER BY s.number",
            [rows_to, younger_than, [str(action) for action in EXCHANGES]],
        )
        return [number for (number,) in cursor.fetchall()]


def _hash_at(number: int) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM audit_seal WHERE number = %s", [number])
        found = cursor.fetchone()
    return bytes(found[0]) if found else None


def _take_out(cut: Cut) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_auditrow r USING audit_seal s"
            " WHERE s.row_id = r.id AND s.number <= %s AND NOT s.number = ANY (%s)",
            [cut.rows_to, cut.kept],
        )
        cursor.execute("DELETE FROM audit_seal WHERE number <= %s", [cut.seals_to])
