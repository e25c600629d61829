"""Cells of a table, whatever file they came in: how many, how long, and harmless."""

import re

MOST_ROWS = 20_000
MOST_COLUMNS = 80
LONGEST_CELL = 2_000
_FORMULA = re.compile(r"^[=+\-@\t\r]+")
_DIALLED = re.compile(r"\+[\d\s()-]+")

Row = list[str]


def harmless(cell: str) -> str:
    """A cell that a spreadsheet program does not run: signs that begin a formula are left out.

    Source: OWASP, CSV injection. A number as dialled abroad keeps its plus.
    """
    text = cell.replace("\0", "").strip()[:LONGEST_CELL]
    return text if _DIALLED.fullmatch(text) else _FORMULA.sub("", text).strip()
