"""A table of residents: first what it would do, then doing it, and nothing unseen."""

import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.accounts.models import Role
from backend.core import clock
from backend.people.models import Resident
from backend.places.models import Area
from devices.enrolment.actions.importing import forget_old_tables
from devices.enrolment.errors import NoTable, TableTooLarge
from devices.enrolment.importing.reading import read_rows
from devices.enrolment.models import ImportRun
from devices.enrolment.policies import IMPORT_KEPT
from tests.builders import NOON, Answer, a_phone, a_user, an_area, reloaded, signed_in

pytestmark = pytest.mark.django_db

HEADING = ["姓名", "电话", "地址", "网格", "联系人1姓名", "联系人1关系", "联系人1电话"]


@pytest.fixture
def area() -> Area:
    """A grid with a name of its own."""
    return an_area(name="长江第一网格")


@pytest.fixture
def lead(area: Area) -> Client:
    """Who may import."""
    return signed_in(a_user(role=Role.LEAD, area=area))


def a_row(name: str, *, area: str = "长江第一网格", address: str = "长江路1号101") -> list[str]:
    return [name, a_phone(), address, area, "王丽", "女儿", a_phone()]


def as_csv(*rows: list[str], encoding: str = "utf-8") -> bytes:
    return "\n".join(",".join(row) for row in (HEADING, *rows)).encode(encoding)


def as_xlsx(*rows: list[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADING, *rows):
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is noon all through: sessions end by the clock."""
    with clock.set_to(NOON):
        yield


def read(lead: Client, content: bytes, name: str = "residents.csv") -> ImportRun:
    with clock.set_to(NOON):
        answer = lead.post("/desk/enrol/import/", {"table": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.get(pk=UUID(answer["Location"].split("/")[4]))


def apply(lead: Client, run: ImportRun, **said: object) -> Answer:
    with clock.set_to(NOON):
        return lead.post(f"/desk/enrol/import/{run.pk}/apply/", said)


@pytest.mark.parametrize(
    "content",
    [
        as_csv(a_row("朱秀兰"), a_row("陈国华", area="火星")),
        as_csv(a_row("朱秀兰"), a_row("陈国华", area="火星"), encoding="gb18030"),
        as_xlsx(a_row("朱秀兰"), a_row("陈国华", area="火星")),
    ],
    ids=["utf-8", "gb18030", "xlsx"],
)
def test_a_dry_run_says_what_would_be_and_writes_nobody(lead: Client, content: bytes) -> None:
    run = read(lead, content)

    page = lead.get(f"/desk/enrol/import/{run.pk}/").content.decode()

    assert (run.to_create, run.refused) == (1, 1)
    assert "陈国华" in page
    assert not Resident.objects.exists()


def test_applied_the_good_rows_are_enrolled_with_their_contacts_once(
    lead: Client, area: Area
) -> None:
    run = read(lead, as_csv(a_row("朱秀兰"), a_row("陈国华", area="火星")))

    apply(lead, run)
    again = apply(lead, run)

    resident = Resident.objects.get()
    assert (resident.name, resident.area) == ("朱秀兰", area)
    assert [each.name for each in resident.contacts.all()] == ["王丽"]
    assert again.status_code == 409


def test_the_same_table_again_changes_nobody(lead: Client) -> None:
    content = as_csv(a_row("朱秀兰"))
    apply(lead, read(lead, content))

    second = read(lead, content)

    assert (second.to_create, second.to_change, second.unchanged) == (0, 0, 1)


def test_who_is_known_by_name_and_home_alone_is_enrolled_once(lead: Client) -> None:
    bare = ["朱秀兰", "", "长江路1号101", "长江第一网格", "", "", ""]
    content = as_csv(bare, a_row("朱秀兰"), bare)
    first = read(lead, content)
    apply(lead, first)

    second = read(lead, content)

    assert (first.to_create, first.refused) == (2, 1)
    assert (second.to_create, second.to_change, second.unchanged) == (0, 0, 2)


def test_nothing_is_overwritten_but_what_was_ticked(lead: Client) -> None:
    rows = [a_row("朱秀兰"), a_row("陈国华")]
    apply(lead, read(lead, as_csv(*rows)))
    for row in rows:
        row[2] = "长江路9号909"
    changed = read(lead, as_csv(*rows))

    apply(lead, changed, row=["3"])

    addresses = {each.name: each.household.address.text for each in Resident.objects.all()}
    assert (changed.to_create, changed.to_change) == (0, 2)
    assert addresses == {"朱秀兰": "长江路1号101", "陈国华": "长江路9号909"}


def test_a_table_of_many_is_compared_in_as_many_queries_as_one_of_few(
    lead: Client, django_assert_max_num_queries: Any
) -> None:
    content = as_csv(*(a_row(f"王秀{n}", address=f"长江路{n}号") for n in range(60)))
    with django_assert_max_num_queries(60):
        run = read(lead, content)
    with django_assert_max_num_queries(60):
        apply(lead, run)
    with django_assert_max_num_queries(60):
        again = read(lead, content)

    assert (run.to_create, again.unchanged) == (60, 60)


def test_the_table_itself_is_forgotten_when_it_was_applied_and_after_a_day(lead: Client) -> None:
    applied, left = (read(lead, as_csv(a_row(name))) for name in ("朱秀兰", "陈国华"))
    apply(lead, applied)
    assert reloaded(left).content

    forget_old_tables(now=NOON + IMPORT_KEPT * 1.01)

    assert (reloaded(applied).content, reloaded(left).content) == ("", "")


def test_what_is_no_table_is_refused(lead: Client) -> None:
    table = SimpleUploadedFile("residents.xlsx", b"PK\x03\x04 no table")

    assert lead.post("/desk/enrol/import/", {"table": table}).status_code == 422
    assert not ImportRun.objects.exists()


def a_zip(parts: dict[str, bytes]) -> bytes:
    """A packed file that begins like a workbook."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def a_sheet_in_place(of: bytes, sheet: bytes) -> bytes:
    """A real workbook with another first sheet."""
    with zipfile.ZipFile(BytesIO(of)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    return a_zip({**parts, "xl/worksheets/sheet1.xml": sheet})


def with_entities() -> bytes:
    """A sheet of a few lines that would fill the memory when its entities are put in."""
    lol = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(12)
    )
    cell = '<c t="inlineStr"><is><t>&l11;</t></is></c>'
    sheet = (
        f"<?xml version='1.0'?><!DOCTYPE x [{lol}]>"
        "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        f"<sheetData><row>{cell}</row></sheetData></worksheet>"
    )
    return sheet.encode()


BOMBS: dict[str, Callable[[], bytes]] = {
    "grows": lambda: a_zip({"xl/workbook.xml": bytes(64 * 1024 * 1024)}),
    "many parts": lambda: a_zip({f"xl/{n}.xml": b"x" for n in range(600)}),
    "entities": lambda: a_sheet_in_place(as_xlsx(a_row("朱秀兰")), with_entities()),
    "cut off": lambda: as_xlsx(a_row("朱秀兰"))[:-200],
    "noise": lambda: as_xlsx(a_row("朱秀兰"))[:900] + bytes(range(256)) * 40,
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(4000),
    "program": lambda: b"MZ" + bytes(range(256)) * 20,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_and_other_things_that_call_themselves_a_table_are_refused_soon(
    lead: Client, bomb: str
) -> None:
    content = BOMBS[bomb]()
    assert len(content) < 1024 * 1024
    began = time.process_time()

    answer = lead.post(
        "/desk/enrol/import/", {"table": SimpleUploadedFile("residents.xlsx", content)}
    )

    assert answer.status_code == 422
    assert (str(TableTooLarge()) in answer.content.decode()) == (bomb in {"grows", "many parts"})
    assert time.process_time() - began < 2
    assert not ImportRun.objects.exists()


@given(at=st.integers(0, 6_000), noise=st.binary(min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_is_a_table_or_refused(at: int, noise: bytes) -> None:
    whole = as_xlsx(a_row("朱秀兰"))
    damaged = whole[: at % len(whole)] + noise + whole[at % len(whole) + len(noise) :]

    with suppress(NoTable, TableTooLarge):
        read_rows(damaged)


def test_an_operator_imports_nobody(area: Area) -> None:
    operator = signed_in(a_user(role=Role.OPERATOR, area=area))

    assert operator.get("/desk/enrol/import/").status_code == 404
