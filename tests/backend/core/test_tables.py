"""The one writer of tables: what people wrote stays text in every spreadsheet."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.tables import FORMULA_BEGINS, csv_of, plain


@pytest.mark.parametrize(
    "said",
    [
        "=HYPERLINK(1)",
        "+8613800000000",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "＝1",
        "|cmd",
        "\ufeff=1",
    ],
)
def test_what_could_begin_a_formula_is_text(said: str) -> None:
    assert plain(said) == f"'{said}"


@settings(deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_no_cell_of_any_table_begins_a_formula_and_nothing_is_lost(said: list[str]) -> None:
    table = csv_of(said, [said]).decode("utf-8-sig")

    for row in csv.reader(io.StringIO(table, newline="")):
        assert not [cell for cell in row if cell.startswith(FORMULA_BEGINS)]
        assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in said]


def test_numbers_stay_numbers() -> None:
    assert csv_of(["a", "b"], [[-5, None]]).decode("utf-8-sig").splitlines()[1] == "-5,"


def test_a_spreadsheet_reads_chinese_and_no_formula() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(io.StringIO(csv_of(["姓名"], [["=1+1"]]).decode("utf-8-sig"))):
        sheet.append(row)

    assert [cell.data_type for cell in sheet["A"]] == ["s", "s"]
