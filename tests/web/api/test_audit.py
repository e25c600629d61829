"""Auditors search who read and changed what; nobody else does."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backend.audit import actions
from backend.audit.models import AuditRow
from tests.builders import NOON, a_user, with_token

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
