"""Writing the audit, in the transaction of what it records."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
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
    *,
    actor: str,
    resident_ids: Iterable[UUID],
    fields: Iterable[str],
    now: datetime,
    again_after: timedelta | None = None,
) -> None:
    """Append a row for each resident whose fields one answer showed.

    What fetches itself anew says `again_after`: the same reader leaves no second row before.
    """
    names = sorted(fields)
    if again_after is not None:
        since = AuditRow.objects.filter(actor=actor, at__gt=now - again_after)
        read = since.filter(action=AuditRow.Action.READ, fields__contains=names)
        resident_ids = set(resident_ids) - set(read.values_list("resident_id", flat=True))
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


def record_sharing(
    things: Mapping[str, UUID | None], *, actor: str, fields: Iterable[str], to: str, now: datetime
) -> None:
    """Append a row for each thing that was handed to somebody outside.

    `things` are references, each with the resident whom it is about.
    """
    names = sorted(fields)
    AuditRow.objects.bulk_create(
        AuditRow(
            at=now,
            actor=actor,
            action=AuditRow.Action.SHARE,
            subject=subject,
            resident_id=resident_id,
            fields=names,
            reason=to,
        )
        for subject, resident_id in sorted(things.items())
    )
