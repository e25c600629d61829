"""Auditors search who read and changed what; nobody else does."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from backend.audit import actions, reading_exports
from backend.audit.models import AuditRow
from tests.builders import NOON, a_user, api_of, signed_in, with_token

pytestmark = pytest.mark.django_db

RESIDENT = uuid4()


@pytest.fixture(autouse=True)
def rows() -> None:
    """A read about a resident, and a change an hour later."""
    actions.record(
        actor="user:1",
        action=AuditRow.Action.READ,
        subject="resident:2",
        resident_id=RESIDENT,
        now=NOON,
        fields=["phone"],
        reason="call",
    )
    actions.record(
        actor="user:2",
        action=AuditRow.Action.CHANGE,
        subject="area:3",
        now=NOON + timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({}, ["area:3", "resident:2"]),
        ({"actor": "user:1"}, ["resident:2"]),
        ({"subject": "area:3"}, ["area:3"]),
        ({"action": "read"}, ["resident:2"]),
        ({"resident": str(RESIDENT)}, ["resident:2"]),
        ({"since": "2026-11-23T05:00:00Z"}, ["area:3"]),
        ({"until": "2026-11-23T05:00:00Z"}, ["resident:2"]),
    ],
)
def test_an_auditor_finds_rows_newest_first(question: dict[str, str], found: list[str]) -> None:
    answer = with_token(a_user(role="auditor")).get("/api/v1/audit/", question)

    assert [row["subject"] for row in answer.json()["results"]] == found


def test_a_question_that_cannot_be_asked_is_refused() -> None:
    answer = with_token(a_user(role="auditor")).get("/api/v1/audit/", {"action": "guess"})

    assert answer.status_code == 422


def test_an_auditor_takes_a_period_along_as_a_signed_file(tmp_path: Path) -> None:
    period = {"since": "2026-11-23T00:00:00Z", "until": "2026-11-24T00:00:00Z"}
    auditor = a_user(role="auditor")
    answer = api_of(auditor).post("/api/v1/audit/export/", period)

    file = tmp_path / "audit.zip"
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert (reading_exports.check(file).findings, reading_exports.check(file).rows) == ([], 2)
    assert AuditRow.objects.get(action="export").actor == auditor.reference


@pytest.mark.parametrize(
    ("question", "found", "hidden"),
    [
        ({"actor": "user:1"}, "resident:2", "area:3"),
        ({"resident": str(RESIDENT)}, "resident:2", "area:3"),
        ({"action": "change"}, "area:3", "resident:2"),
        ({"until": "2026-11-22"}, "", "resident:2"),
    ],
)
def test_the_page_finds_rows_by_who_whose_what_and_when(
    question: dict[str, str], found: str, hidden: str
) -> None:
    shown = signed_in(a_user(role="auditor")).get("/audit/", question).content.decode()

    assert found in shown
    assert hidden not in shown


def test_staff_are_named_and_found_by_their_name_and_citizens_by_what_they_are() -> None:
    lead = a_user(role="lead", name="王珍珍")
    family = a_user(role="family", name="李小花")
    for who in (lead, family):
        actions.record(
            actor=who.reference, action=AuditRow.Action.READ, subject="resident:9", now=NOON
        )
    auditor = signed_in(a_user(role="auditor"))

    shown = auditor.get("/audit/").content.decode()
    found = auditor.get("/audit/", {"actor": "王珍珍"}).content.decode()

    assert "王珍珍" in shown
    assert "李小花" not in shown
    assert f"?actor=user%3A{family.pk}" in shown
    assert lead.reference.replace(":", "%3A") in found
    assert str(family.pk) not in found


def test_a_question_that_cannot_be_asked_is_said_and_not_answered_with_nothing() -> None:
    auditor = signed_in(a_user(role="auditor"))

    wrong = auditor.get("/audit/", {"resident": "Mrs Chen"}).content.decode()
    no_days = auditor.post("/audit/export/", {"export-since": "soon"}).content.decode()

    for shown in (wrong, no_days):
        assert "data-error-summary" in shown
        assert 'class="empty"' not in shown
    assert "resident:2" in no_days


def test_the_page_hands_out_the_days_asked_for() -> None:
    auditor = signed_in(a_user(role="auditor"))
    days = {"export-since": "2026-11-23", "export-until": "2026-11-23"}
    answer = auditor.post("/audit/export/", days)

    assert answer["Content-Disposition"].endswith('yian-audit-20261123-20261124.zip"')
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert auditor.post("/audit/export/", {"export-since": "soon"}).status_code == 422
