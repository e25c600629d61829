"""CSV as 12345 centres export it: Chinese headings, UTF-8 or GB 18030.

Platforms differ from city to city; columns are found by their heading, and one that is missing
is left out where it can be.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from backend.core.tables import csv_of
from backend.people import phones
from backend.people.errors import BadPhone
from services.community.errors import BadTable
from services.community.hotline.port import Row, Ticket, TicketAnswer
from services.community.models import Complaint

Category, State, Outcome = Complaint.Category, Complaint.State, Complaint.Outcome

ROWS_MAX = 5_000
BYTES_MAX = 1024 * 1024
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": ("工单编号", "工单号", "诉求编号"),
    "received_at": ("来电时间", "受理时间", "诉求时间"),
    "name": ("来电人", "诉求人", "联系人"),
    "phone": ("联系电话", "来电号码", "电话"),
    "category": ("问题分类", "诉求类型", "事项类别"),
    "words": ("诉求内容", "问题描述", "来电内容"),
    "area": ("所属区域", "事发区域", "区域"),
    "answer_by": ("办理时限", "截止日期", "办结时限"),
}
NEEDED = ("number", "received_at", "words")
CATEGORIES: Mapping[str, str] = {
    "咨询": Category.ADVICE,
    "建议": Category.ADVICE,
    "服务质量": Category.QUALITY,
    "服务态度": Category.STAFF,
    "收费": Category.PRICE,
    "价格": Category.PRICE,
    "超时": Category.LATE,
    "未送达": Category.LATE,
    "安全": Category.SAFETY,
    "设施": Category.PLACE,
}
"""Words of the hotline's kinds; another kind is "something else"."""
ANSWER_HEADINGS = (
    "工单编号",
    "办理状态",
    "答复内容",
    "答复时间",
    "答复人",
    "回访结果",
    "办结时间",
)
STATES: Mapping[str, str] = {
    State.OPEN: "办理中",
    State.ANSWERED: "已答复，待回访",
    State.CLOSED: "已办结",
    State.SUGGESTED: "办理中",
    State.DISMISSED: "不予受理",
}
OUTCOMES: Mapping[str, str] = {
    Outcome.RIGHT: "已解决",
    Outcome.NOT_RIGHT: "未解决",
    Outcome.UNREACHED: "未接通",
}
MOMENT_FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
)


class Csv12345:
    """The usual table."""

    def read(self, table: bytes) -> Sequence[Row]:
        """The rows of a table, each a ticket or what is wrong with it."""
        if len(table) > BYTES_MAX:
            raise BadTable(fields={"table": ["too_large"]})
        rows = _rows(_text(table))
        columns = _columns(rows[0] if rows else [])
        if not set(NEEDED) <= set(columns):
            raise BadTable(fields={"table": ["headings_missing"]})
        if len(rows) > ROWS_MAX + 1:
            raise BadTable(fields={"table": ["too_many_rows"]})
        filled = [(n, row) for n, row in enumerate(rows[1:], start=2) if any(row)]
        seen: set[str] = set()
        return [_row(number, dict(zip(columns, row, strict=False)), seen) for number, row in filled]

    def write(self, answers: Iterable[TicketAnswer]) -> bytes:
        """A table of answers, with the mark by which spreadsheets know UTF-8."""
        return csv_of(
            ANSWER_HEADINGS,
            (
                [
                    each.number,
                    STATES[each.state],
                    each.answer,
                    _moment_said(each.answered_at),
                    each.answered_by,
                    OUTCOMES.get(each.outcome, ""),
                    _moment_said(each.closed_at),
                ]
                for each in answers
            ),
        )


def _text(table: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = table.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadTable(fields={"table": ["encoding"]})


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text)))
    except csv.Error as error:
        raise BadTable(fields={"table": ["unreadable"]}) from error


def _columns(heading: Sequence[str]) -> list[str]:
    said = [unicodedata.normalize("NFKC", cell).strip() for cell in heading]
    names = {word: name for name, words in HEADINGS.items() for word in words}
    return [names.get(cell, "") for cell in said]


def _row(number: int, cells: Mapping[str, str], seen: set[str]) -> Row:
    said = {name: cell.strip() for name, cell in cells.items() if name}
    wrong = [(name, "empty") for name in NEEDED if not said.get(name)]
    ticket = said.get("number", "")[:40]
    if ticket and ticket in seen:
        wrong.append(("number", "twice_in_the_table"))
    seen.add(ticket)
    received_at = _moment(said.get("received_at", ""))
    if said.get("received_at") and received_at is None:
        wrong.append(("received_at", "no_moment"))
    answer_by = _moment(said.get("answer_by", ""))
    if said.get("answer_by") and answer_by is None:
        wrong.append(("answer_by", "no_moment"))
    phone = _phone(said.get("phone", ""))
    if phone is None:
        wrong.append(("phone", "bad_phone"))
    if wrong or received_at is None:
        return Row(number, None, ticket, wrong)
    return Row(
        number,
        Ticket(
            number=ticket,
            received_at=received_at,
            category=_category(said.get("category", "")),
            words=said["words"],
            name=said.get("name", ""),
            phone=phone or "",
            area=said.get("area", ""),
            answer_by=_day(answer_by),
        ),
        ticket,
    )


def _category(said: str) -> str:
    return next((kind for word, kind in CATEGORIES.items() if word in said), Category.OTHER)


def _phone(said: str) -> str | None:
    try:
        return phones.normalized(said) if said else ""
    except BadPhone:
        return None


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _moment(said: str) -> datetime | None:
    for form in MOMENT_FORMS:
        try:
            naive = datetime.strptime(said, form)  # noqa: DTZ007 - the wall of the district
        except ValueError:
            continue
        return timezone.make_aware(naive)
    return None


def _moment_said(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""
