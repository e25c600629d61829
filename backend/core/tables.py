"""Writing tables for spreadsheets: the one writer, so that no cell ever is a formula.

A test finds every other (`tests/security/rules.py`).
"""

import csv
import io
from collections.abc import Iterable

FORMULA_BEGINS = tuple("=+-@\t\r\n＝＋－＠|")
"""Source: OWASP, CSV injection; the full-width signs, which spreadsheets of East Asia take for the
same; and the sign by which commands were once begun (DDE)."""
Cell = str | int | float | None


def csv_of(heading: Iterable[object], rows: Iterable[Iterable[Cell]]) -> bytes:
    """A table as CSV (RFC 4180), with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([plain(str(cell)) for cell in heading])
    for row in rows:
        writer.writerow([plain(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def plain(said: str) -> str:
    """A cell that every spreadsheet shows as text: what could begin a formula stands behind a '."""
    return f"'{said}" if said.lstrip(" \u3000\u200b\ufeff").startswith(FORMULA_BEGINS) else said
