"""Opened records and looks, made with sensible defaults."""

from datetime import datetime, timedelta
from typing import Any

from backend.accounts.models import Role, User
from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.people.models import Consent, Resident
from services.trust.models import RecordOpening
from tests.builders import NOON, a_user

REASON = "邻居说门内有呼救声，无人应门"


def an_opening(
    resident: Resident, *, user: User | None = None, now: datetime = NOON, **fields: Any
) -> RecordOpening:
    """A record opened now for half an hour."""
    until_at = now + timedelta(minutes=30)
    defaults = {
        "kind": RecordOpening.Kind.DANGER,
        "reason": REASON,
        "opened_at": now,
        "until_at": until_at,
        "due_at": until_at,
    }
    opener = user or a_user(role=Role.OPERATOR)
    return RecordOpening.objects.create(resident=resident, user=opener, **{**defaults, **fields})


def a_read(
    resident: Resident, user: User, *fields: str, subject: str = "", now: datetime = NOON
) -> AuditRow:
    """Somebody read something of a resident."""
    return record(
        actor=user.reference,
        action=AuditRow.Action.READ,
        subject=subject or f"resident:{resident.pk}",
        resident_id=resident.pk,
        fields=fields,
        now=now,
    )


def shares(resident: Resident, *items: str, now: datetime = NOON) -> None:
    """The resident consents to these items."""
    Consent.objects.bulk_create(
        Consent(
            resident=resident,
            item=item,
            purpose="test",
            given_by=f"resident:{resident.pk}",
            given_at=now,
            recorded_by="user:1",
        )
        for item in items
    )
