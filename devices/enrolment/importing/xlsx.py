"""Rows of an Excel workbook, and no bomb among them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from devices.enrolment.errors import NoTable, TableTooLarge
from devices.enrolment.importing.cells import MOST_COLUMNS, MOST_ROWS, Row, harmless

UNPACKED_MOST_BYTES = 100 * 1024 * 1024
UNPACKED_MOST_TIMES = 200
"""A zip that grows more than this is a bomb; tables of people grow 5 to 20 times."""
MOST_PARTS = 500
BROKEN = (
    InvalidFileException,
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What zipfile and openpyxl raise, found by damaging workbooks: neither says what it may."""


def rows_of(content: bytes) -> Iterator[Row]:
    """The rows of the first sheet.

    Raises:
        TableTooLarge: more than is read at once, or packed to be so.
        NoTable: not a workbook.
    """
    try:
        _require_no_bomb(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)):
            if number > 2 * MOST_ROWS:
                raise TableTooLarge
            yield _trimmed([harmless(_as_text(cell)) for cell in row])
    except BROKEN as error:
        raise NoTable(why="xlsx") from error


def _trimmed(row: Row) -> Row:
    while row and not row[-1]:
        row.pop()
    return row


def _require_no_bomb(content: bytes) -> None:
    parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    size = sum(part.file_size for part in parts)
    grown = max((part.file_size / max(part.compress_size, 1) for part in parts), default=0)
    if len(parts) > MOST_PARTS or size > UNPACKED_MOST_BYTES or grown > UNPACKED_MOST_TIMES:
        raise TableTooLarge


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
