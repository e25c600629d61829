"""Writing the audit, in the transaction of what it records."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from backend.audit.models import AuditRow


def record(
    *,
    actor: str,
    action: AuditRow.Action,
    subject: str,
    now: datetime,
    resident_id: UUID | None = None,
    fields: Iterable[str] = (),
    reason: str = "",
) -> AuditRow:
    """Append one row; `actor` and `subject` are references such as "user:<uuid>"."""
    return AuditRow.objects.create(
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        resident_id=resident_id,
        fields=sorted(fields),
        reason=reason,
    )


def record_reads(
    *, actor: str, resident_ids: Iterable[UUID], fields: Iterable[str], now: datetime
) -> None:
    """Append a row for each resident whose fields one answer showed."""
    names = sorted(fields)
    AuditRow.objects.bulk_create(
        AuditRow(
            at=now,
            actor=actor,
            action=AuditRow.Action.READ,
            subject=f"resident:{resident_id}",
            resident_id=resident_id,
            fields=names,
        )
        for resident_id in sorted(resident_ids)
    )
