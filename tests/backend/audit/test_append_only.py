"""The audit is only ever appended, also by somebody who writes SQL."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from backend.audit import actions
from backend.audit.models import AuditRow
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def test_a_row_says_who_read_what_when_and_why() -> None:
    actions.record(
        actor="user:1",
        action=AuditRow.Action.READ,
        subject="resident:2",
        now=NOON,
        fields=["phone", "door_code"],
        reason="call",
    )

    row = AuditRow.objects.get()
    assert (row.at, row.actor, row.action, row.subject) == (NOON, "user:1", "read", "resident:2")
    assert (row.fields, row.reason) == (["door_code", "phone"], "call")


def change() -> None:
    """Write over who it was."""
    AuditRow.objects.update(actor="user:3")


def delete() -> None:
    """Take the rows away."""
    AuditRow.objects.all().delete()


@pytest.mark.parametrize("tamper", [change, delete])
def test_a_row_cannot_be_changed_or_deleted(tamper: Callable[[], None]) -> None:
    actions.record(actor="user:1", action=AuditRow.Action.READ, subject="resident:2", now=NOON)

    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
        tamper()
    assert AuditRow.objects.get().actor == "user:1"
