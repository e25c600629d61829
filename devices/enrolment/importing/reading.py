"""From the bytes of an upload to rows of text: CSV in UTF-8 or GB18030, or XLSX."""

import csv
import io
from collections.abc import Iterator

from django.utils.module_loading import import_string

from devices.enrolment.errors import NoTable, TableTooLarge
from devices.enrolment.importing.cells import MOST_COLUMNS, MOST_ROWS, Row, harmless

MOST_BYTES = 5 * 1024 * 1024
ZIP_BEGINS = b"PK\x03\x04"
"""Source: APPNOTE.TXT 4.3.7, local file header."""
SEPARATORS = ",;\t"
READ_XLSX = "devices.enrolment.importing.xlsx.rows_of"
"""Loaded when a workbook comes: openpyxl takes 15 MB of every process that imports it."""


def read_rows(content: bytes) -> list[Row]:
    """All rows of a table as text, the heading first; empty ones are left out.

    Raises:
        TableTooLarge: more than is read at once, or packed to be so.
        NoTable: neither of the forms.
    """
    if len(content) > MOST_BYTES:
        raise TableTooLarge
    is_packed = content.startswith(ZIP_BEGINS)
    rows: Iterator[Row] = import_string(READ_XLSX)(content) if is_packed else _of_csv(content)
    kept: list[Row] = []
    for row in rows:
        if not any(row):
            continue
        if len(kept) > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise TableTooLarge
        kept.append(row)
    if not kept:
        raise NoTable(why="empty")
    return kept


def _of_csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield [harmless(cell) for cell in row]
    except csv.Error as error:
        raise NoTable(why="csv") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoTable(why="encoding")
