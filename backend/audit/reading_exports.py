"""Checking a signed export without the database it came from."""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec
from django.utils.translation import gettext as _

from backend.audit import chain
from backend.audit.exporting import MANIFEST, ROWS, SIGNATURE, Line, Manifest, Signed, is_signed
from backend.audit.verifying import Report

_manifest = msgspec.json.Decoder(Manifest)
_signed = msgspec.json.Decoder(Signed)
_line = msgspec.json.Decoder(Line)


def check(file: Path, *, public_key: str = "") -> Report:
    """Read an export; without a public key it has to be one of this installation's."""
    report = Report()
    try:
        with zipfile.ZipFile(file) as archive:
            _check_archive(archive, report, public_key)
    except (OSError, KeyError, zipfile.BadZipFile, msgspec.MsgspecError) as error:
        text = _("This is no whole export of the audit: %(why)s")
        report.add("export_unreadable", text % {"why": error})
    return report


def _check_archive(archive: zipfile.ZipFile, report: Report, public_key: str) -> None:
    content = archive.read(MANIFEST)
    manifest, signed = _manifest.decode(content), _signed.decode(archive.read(SIGNATURE))
    if not is_signed(content, signed, public_key=public_key):
        text = _("The manifest is not signed by this key; it names the public key %(key)s.")
        report.add("export_forged", text % {"key": signed.public_key})
    digest = hashlib.sha256()
    with archive.open(ROWS) as rows:
        for line in _lines(rows, digest):
            _check_line(line, report)
    if (digest.hexdigest(), report.rows) != (manifest.rows_sha256, manifest.rows):
        report.add("export_changed", _("The rows are not those that the manifest was signed for."))
    report.notes.append(_("Exported by %(by)s: %(what)s.") % msgspec.to_builtins(manifest))


def _lines(rows: IO[bytes], digest: "hashlib._Hash") -> Iterator[Line]:
    for raw in rows:
        digest.update(raw)
        yield _line.decode(raw)


def _check_line(line: Line, report: Report) -> None:
    report.rows, report.last = report.rows + 1, line.number
    sealed = chain.link(bytes.fromhex(line.before), line.number, bytes(line.row))
    if sealed.hex() != line.hash:
        text = _("Number %(number)d is not what was sealed.")
        report.add("row_edited", text % {"number": line.number})
