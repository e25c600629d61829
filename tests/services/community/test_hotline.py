"""The 12345 hotline: tickets in after a dry run, each once, and our answers out."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from backend.accounts.models import Role
from backend.audit.models import AuditRow
from backend.core import clock
from backend.places.models import Area
from notifications.models import Delivery
from services.community import actions, hotline
from services.community.errors import BadTable
from services.community.hotline.csv12345 import Csv12345
from services.community.hotline.port import TicketAnswer
from services.community.models import Complaint
from tests.builders import NOON, a_phone, a_resident, a_user, an_area, api_of, signed_in
from tests.services.community.builders import LEAD

pytestmark = pytest.mark.django_db

HEADING = "工单编号,来电时间,来电人,联系电话,问题分类,诉求内容,所属区域,办理时限\n"
GOOD = "W1,2026-11-23 09:30,倪女士,13900000001,服务态度,送餐员态度不好,,2026-11-26\n"


def take_in(table: str, area: Area, *, is_dry_run: bool = False) -> hotline.Report:
    rows = hotline.port().read(table.encode())
    return hotline.take_in(rows, area=area, root=area, is_dry_run=is_dry_run, by=LEAD, now=NOON)


def test_a_ticket_is_a_complaint_with_the_hotlines_own_limit() -> None:
    area = an_area()

    report = take_in(HEADING + GOOD, area)

    complaint = Complaint.objects.get()
    assert (report.new, complaint.hotline_number, complaint.category) == (1, "W1", "staff")
    assert complaint.received_at == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert complaint.ends_at == datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
    assert complaint.phone == "+8613900000001"
    assert not Delivery.objects.exists(), "the hotline tells those who rang it"


def test_a_dry_run_says_the_same_and_keeps_nothing() -> None:
    report = take_in(HEADING + GOOD, an_area(), is_dry_run=True)

    assert (report.new, report.is_dry_run) == (1, True)
    assert not Complaint.objects.exists()


def test_the_same_table_again_changes_nothing() -> None:
    area = an_area()
    take_in(HEADING + GOOD, area)
    actions.answer(Complaint.objects.get(), text="已批评教育。", by=LEAD, now=NOON)

    report = take_in(HEADING + GOOD.replace("态度不好", "别的"), area)

    assert (report.new, report.known) == (0, 1)
    assert Complaint.objects.get().words == "送餐员态度不好"


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (",2026-11-23 09:30,,,,饭冷,,\n", ("number", "empty")),
        ("W2,昨天,,,,饭冷,,\n", ("received_at", "no_moment")),
        ("W2,2026-11-23 09:30,,12,,饭冷,,\n", ("phone", "bad_phone")),
        ("W2,2026-11-23 09:30,,,,,,\n", ("words", "empty")),
        ("W2,2026-11-23 09:30,,,,饭冷,火星,\n", ("area", "unknown")),
        ("W2,2026-11-23 09:30,,,,饭冷,,随时\n", ("answer_by", "no_moment")),
    ],
)
def test_a_row_that_cannot_be_used_says_why_and_holds_up_no_other(
    row: str, wrong: tuple[str, str]
) -> None:
    report = take_in(HEADING + row + GOOD, an_area())

    assert [(line.number, line.errors) for line in report.lines if line.errors] == [(2, [wrong])]
    assert report.new == 1


def test_a_table_in_the_encoding_of_old_spreadsheets_is_read() -> None:
    rows = Csv12345().read((HEADING + GOOD).encode("gb18030"))

    assert rows[0].ticket is not None
    assert rows[0].ticket.name == "倪女士"


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"a,b\n1,2\n",
        b"\xff\xfe\x00",
        (HEADING + GOOD.replace("W1", "W\x001")).encode(),
        (HEADING + GOOD.replace("W1", "1" * 200_000)).encode(),
    ],
)
def test_what_is_no_table_of_the_hotline_is_refused(table: bytes) -> None:
    with pytest.raises(BadTable):
        Csv12345().read(table)


def test_a_resident_who_rang_the_hotline_is_known_by_the_number() -> None:
    resident = a_resident(phone="+8613900000001")

    take_in(HEADING + GOOD, resident.area)

    assert Complaint.objects.get().resident == resident


def test_answers_go_out_as_a_table_in_which_no_cell_is_a_formula() -> None:
    area = an_area()
    take_in(HEADING + GOOD, area)
    actions.answer(Complaint.objects.get(), text="=1+1 已处理", by=LEAD, now=NOON)

    handed = hotline.hand_over(Complaint.objects.all(), by=LEAD.reference, now=NOON)
    table = hotline.port().write(handed)

    line = next(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert line["工单编号"] == "W1"
    assert line["办理状态"] == "已答复，待回访"
    assert line["答复内容"] == "'=1+1 已处理"


def test_what_the_hotline_is_handed_is_audited_complaint_by_complaint() -> None:
    resident = a_resident(phone="+8613900000001")
    take_in(HEADING + GOOD, resident.area)

    hotline.hand_over(Complaint.objects.all(), by=LEAD.reference, now=NOON)

    row = AuditRow.objects.get(action=AuditRow.Action.SHARE)
    assert (row.actor, row.reason, row.fields) == (LEAD.reference, "hotline:12345", ["answer"])
    assert (row.subject, row.resident_id) == (Complaint.objects.get().reference, resident.pk)


def test_the_desk_tries_a_table_before_it_takes_it_in() -> None:
    officer = a_user(role=Role.OFFICER)
    desk = signed_in(officer)
    assert officer.area is not None

    def sends(button: str) -> str:
        table = SimpleUploadedFile("12345.csv", (HEADING + GOOD).encode())
        fields = {"table": table, "area": officer.area_id, button: "1"}
        return desk.post("/desk/complaints/12345/", fields).content.decode()

    with clock.set_to(NOON):
        sends("try")
        assert not Complaint.objects.exists()
        sends("keep")
        answers = desk.get("/desk/complaints/12345/answers.csv")

    assert Complaint.objects.count() == 1
    assert "W1" in answers.content.decode()


def test_the_door_takes_tickets_by_token_once_and_gives_answers() -> None:
    api = api_of(a_user(role=Role.OFFICER))
    ticket = {"number": "W9", "received_at": "2026-11-23T01:30:00Z", "words": "路灯不亮"}

    with clock.set_to(NOON):
        tried = api.post("/api/v1/complaints/hotline/", {"tickets": [ticket], "dry_run": True})
        first = api.post("/api/v1/complaints/hotline/", {"tickets": [ticket]})
        second = api.post("/api/v1/complaints/hotline/", {"tickets": [ticket]})
        bad = api.post(
            "/api/v1/complaints/hotline/", {"tickets": [{**ticket, "number": "X", "phone": "1"}]}
        )
        answers = api.get("/api/v1/complaints/hotline/").json()

    assert [each.json()["new"] for each in (tried, first, second)] == [1, 1, 0]
    assert bad.json()["lines"][0]["wrong"] == [["phone", "bad_phone"]]
    assert [(each["number"], each["state"]) for each in answers] == [("W9", "open")]
    assert api.get("/api/v1/complaints/hotline/?since=2026-11-24T00:00:00Z").json() == []
    assert api.get("/api/v1/complaints/hotline/?since=yesterday").status_code in {400, 422}


class Shouting(Csv12345):
    """Another city's hotline."""

    def write(self, answers: Iterable[TicketAnswer]) -> bytes:
        return b"NONE" if not list(answers) else b"SOME"


@override_settings(GOVERNMENT_HOTLINE="tests.services.community.test_hotline.Shouting")
def test_another_hotline_is_a_setting() -> None:
    hotline.port.cache_clear()
    try:
        assert hotline.port().write([]) == b"NONE"
    finally:
        hotline.port.cache_clear()


def test_numbers_of_different_people_stay_apart() -> None:
    resident = a_resident(phone=a_phone())

    take_in(HEADING + GOOD, resident.area)

    assert Complaint.objects.get().resident is None
