"""Rows of the audit as one signed file that can be checked without the database.

A ZIP of three: `rows.jsonl` (each line a row with its number, its hash and the hash before it),
`manifest.json` (what this is, how many rows, the SHA-256 of them) and `signature.json` (Ed25519
over the manifest).
"""

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import msgspec
from django.db import transaction

from backend.audit import actions, chain, cuts, sealing, signing
from backend.audit.models import AuditRow, Cut
from backend.audit.signing import Signature
from backend.audit.streams import stream

FORMAT = "yian-audit-1"
ROWS, MANIFEST, SIGNATURE = "rows.jsonl", "manifest.json", "signature.json"

_SELECT = f"""
SELECT s.number, s.hash, p.hash, {", ".join(f"r.{name}" for name in chain.COLUMNS)}
FROM audit_seal s JOIN audit_auditrow r ON r.id = s.row_id
LEFT JOIN audit_seal p ON p.number = s.number - 1
"""  # noqa: S608 - the names are ours
_BETWEEN = f"{_SELECT} WHERE r.at >= %s AND r.at < %s ORDER BY s.number"
_LEAVING = f"{_SELECT} WHERE s.number <= %s AND NOT s.number = ANY (%s) ORDER BY s.number"


class Line(msgspec.Struct, frozen=True):
    """A row with its place in the chain; hashes are hexadecimal."""

    number: int
    before: str
    hash: str
    row: msgspec.Raw
    """Its canonical bytes, as they were hashed."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an export says of itself."""

    format: str
    what: str
    """The period, or that these rows left the audit."""
    by: str
    exported_at: datetime
    rows: int
    first: int
    last: int
    rows_sha256: str


class Signed(msgspec.Struct, frozen=True):
    """The signature over the manifest, and whose it is."""

    key: str
    public_key: str
    signature: str


@dataclass(frozen=True)
class Written:
    """An export that was written."""

    rows: int
    sha256: str
    """Of `rows.jsonl`, hexadecimal."""


_encoder = msgspec.json.Encoder(order="sorted")


@transaction.atomic
def export_period(
    file: IO[bytes], *, since: datetime, until: datetime, by: str, now: datetime
) -> Written:
    """Write the rows of a period, `until` not included; the export is itself a row."""
    while sealing.seal_committed():
        pass
    what = f"{since.isoformat()} to {until.isoformat()}"
    written = _write(file, _lines(_BETWEEN, [since, until]), what=what, by=by, now=now)
    actions.record(
        actor=by,
        action=AuditRow.Action.EXPORT,
        subject="audit",
        reason=f"{what}: {written.rows} rows, {written.sha256}",
        now=now,
    )
    return written


def write_leaving(
    file: IO[bytes], *, rows_to: int, kept: list[int], by: str, now: datetime
) -> Written:
    """Write the rows that are about to leave the audit, in the current transaction."""
    what = f"left the audit: numbers up to {rows_to}"
    return _write(file, _lines(_LEAVING, [rows_to, kept]), what=what, by=by, now=now)


def _lines(query: str, parameters: Sequence[int | datetime | list[int]]) -> Iterator[Line]:
    start = cuts.front(list(Cut.objects.all())).hash
    for number, sealed, before, *values in stream(query, parameters):
        row = chain.content(values)
        earlier = start if before is None else bytes(before)
        yield Line(number, earlier.hex(), bytes(sealed).hex(), msgspec.Raw(row))


def _write(file: IO[bytes], lines: Iterator[Line], *, what: str, by: str, now: datetime) -> Written:
    digest, count, first, last = hashlib.sha256(), 0, 0, 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(ROWS, "w", force_zip64=True) as rows:
            for line in lines:
                content = _encoder.encode(line) + b"\n"
                digest.update(content)
                rows.write(content)
                count, first, last = count + 1, first or line.number, line.number
        manifest = _encoder.encode(
            Manifest(
                format=FORMAT,
                what=what,
                by=by,
                exported_at=now,
                rows=count,
                first=first,
                last=last,
                rows_sha256=digest.hexdigest(),
            )
        )
        signature = signing.sign(manifest)
        signed = Signed(signature.key_id, signing.public_key(), signature.text)
        archive.writestr(MANIFEST, manifest)
        archive.writestr(SIGNATURE, _encoder.encode(signed))
    return Written(count, digest.hexdigest())


def is_signed(manifest: bytes, signed: Signed, *, public_key: str = "") -> bool:
    """Whether the holder of a public key, else this installation, signed a manifest."""
    signature = Signature(signed.key, signed.signature)
    if public_key:
        return signing.is_signed_by(public_key, manifest, signature)
    return signing.is_ours(manifest, signature)
