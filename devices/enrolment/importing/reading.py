"""From the bytes of an upload to rows of text: CSV in UTF-8 or GB18030, or XLSX."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from devices.enrolment.errors import NoTable, TableTooLarge

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 80
LONGEST_CELL = 2_000
UNPACKED_MOST_BYTES = 100 * 1024 * 1024
UNPACKED_MOST_TIMES = 200
"""A zip that grows more than this is a bomb; tables of people grow 5 to 20 times."""
MOST_PARTS = 500
ZIP_BEGINS = b"PK\x03\x04"
"""Source: APPNOTE.TXT 4.3.7, local file header."""
SEPARATORS = ",;\t"
_FORMULA = re.compile(r"^[=+\-@\t\r]+")
_DIALLED = re.compile(r"\+[\d\s()-]+")

Row = list[str]


def read_rows(content: bytes) -> list[Row]:
    """All rows of a table as text, the heading first; empty ones are left out.

    Raises:
        TableTooLarge: more than is read at once, or packed to be so.
        NoTable: neither of the forms.
    """
    if len(content) > MOST_BYTES:
        raise TableTooLarge
    rows = _of_xlsx(content) if content.startswith(ZIP_BEGINS) else _of_csv(content)
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


def harmless(cell: str) -> str:
    """A cell that a spreadsheet program does not run: signs that begin a formula are left out.

    Source: OWASP, CSV injection. A number as dialled abroad keeps its plus.
    """
    text = cell.replace("\0", "").strip()[:LONGEST_CELL]
    return text if _DIALLED.fullmatch(text) else _FORMULA.sub("", text).strip()


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


def _of_xlsx(content: bytes) -> Iterator[Row]:
    _require_no_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)):
            if number > 2 * MOST_ROWS:
                raise TableTooLarge
            yield _trimmed([harmless(_as_text(cell)) for cell in row])
    except (InvalidFileException, KeyError, IndexError, ValueError, ParseError) as error:
        raise NoTable(why="xlsx") from error
    except zipfile.BadZipFile as error:
        raise NoTable(why="xlsx") from error


def _trimmed(row: Row) -> Row:
    while row and not row[-1]:
        row.pop()
    return row


def _require_no_bomb(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise NoTable(why="xlsx") from error
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
