"""The audit row and the journal event that each change of an account leaves."""

from collections.abc import Iterable
from datetime import datetime

from backend.accounts.models import User
from backend.audit import actions as audit
from backend.audit.models import AuditRow
from backend.core import journal

SYSTEM = "system"
"""Who acts when no account does: seeding, tidying."""


def note(
    user: User,
    event: str,
    *,
    action: AuditRow.Action,
    by: str,
    now: datetime,
    fields: Iterable[str] = (),
    data: dict[str, str] | None = None,
) -> None:
    """Record one change of an account in the current transaction."""
    audit.record(
        actor=by,
        action=action,
        subject=user.reference,
        now=now,
        resident_id=user.resident_id,
        fields=fields,
        reason=event,
    )
    journal.append(
        user.reference,
        event,
        at=now,
        by=by,
        area_path=user.area.path if user.area else "",
        audience=[user.reference],
        data=data or {},
    )
