"""Entering what is known: facts about people, and values of the law."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from backend.core.errors import Invalid
from backend.people.models import Resident
from services.assistance.models import EnteredParameter, KnownFact, Screening
from services.assistance.policy import vocabulary
from services.assistance.policy.errors import OwnParameter, ParameterStands
from services.assistance.policy.knowledge import Known


@transaction.atomic
def record_facts(
    resident: Resident,
    values: Mapping[str, Known],
    *,
    source: str,
    as_of: date,
    by: UUID | None,
    now: datetime,
) -> list[KnownFact]:
    """Keep what is known of a resident, from one source of one day; nothing is overwritten.

    Raises:
        Invalid: an unknown name, a value of another kind, or a day that is still to come.
    """
    words = vocabulary.facts()
    wrong = [
        name
        for name, value in values.items()
        if name not in words or words[name].comes == "resident" or not words[name].holds(value)
    ]
    if wrong:
        raise Invalid(fields={name: ["not_of_its_kind"] for name in wrong})
    if not source.strip():
        raise Invalid(fields={"source": ["needed"]})
    if as_of > timezone.localdate(now):
        raise Invalid(fields={"as_of": ["not_yet"]})
    rows = KnownFact.objects.bulk_create(
        KnownFact(
            resident=resident,
            name=name,
            value=json.dumps(value),
            source=source.strip(),
            as_of=as_of,
            entered_by_id=by,
            entered_at=now,
        )
        for name, value in values.items()
    )
    record(
        actor=f"user:{by}" if by else "system",
        action=AuditRow.Action.CHANGE,
        subject=f"resident:{resident.pk}",
        resident_id=resident.pk,
        fields=list(values),
        now=now,
    )
    screen_again(resident.pk, now=now)
    return rows


def screen_again(resident_id: UUID, *, now: datetime) -> None:
    """Something about a resident has changed: what the rules say of them is looked at anew.

    Whoever is screening them just now loses the lease, so that nothing older is written after it.
    """
    Screening.objects.filter(resident=resident_id).update(
        due_at=now, lease_until=None, lease_token=None
    )


@transaction.atomic
def enter_parameter(
    *,
    name: str,
    level: str,
    code: str = "",
    value: Known,
    since: date,
    until: date | None = None,
    source: str,
    by: UUID,
    now: datetime,
) -> EnteredParameter:
    """Enter a value of the law with its document; it counts once somebody else confirms it.

    Raises:
        Invalid: not of its kind, or without a source.
        ParameterStands: that day has a value already.
    """
    word = vocabulary.parameters().get(name)
    if word is None or not word.holds(value):
        raise Invalid(fields={"value": ["not_of_its_kind"]})
    if not source.strip():
        raise Invalid(fields={"source": ["needed"]})
    code = code if level == EnteredParameter.Level.DISTRICT else ""
    row, is_new = EnteredParameter.objects.get_or_create(
        name=name,
        level=level,
        code=code,
        since=since,
        defaults={
            "value": value,
            "until": until,
            "source": source.strip(),
            "entered_by_id": by,
            "entered_at": now,
        },
    )
    if not is_new:
        raise ParameterStands
    _note(row, "entered", by=by, now=now)
    return row


@transaction.atomic
def confirm_parameter(row: EnteredParameter, *, by: UUID, now: datetime) -> EnteredParameter:
    """Let a value count; whoever entered it cannot. Confirming again changes nothing.

    Raises:
        OwnParameter: it is their own.
    """
    if row.entered_by_id == by:
        raise OwnParameter
    confirmed = EnteredParameter.objects.filter(pk=row.pk, confirmed_by=None).update(
        confirmed_by=by, confirmed_at=now
    )
    if confirmed:
        _note(row, "confirmed", by=by, now=now)
        Screening.objects.filter(due_at__isnull=False).update(
            due_at=now, lease_until=None, lease_token=None
        )
    row.refresh_from_db()
    return row


@transaction.atomic
def drop_parameter(row: EnteredParameter, *, by: UUID, now: datetime) -> None:
    """Take back a value that nobody has confirmed yet."""
    if EnteredParameter.objects.filter(pk=row.pk, confirmed_by=None).delete()[0]:
        _note(row, "dropped", by=by, now=now)


def _note(row: EnteredParameter, what: str, *, by: UUID, now: datetime) -> None:
    record(
        actor=f"user:{by}",
        action=AuditRow.Action.CHANGE,
        subject=f"parameter:{row.name}",
        fields=[row.level, row.since.isoformat(), what],
        now=now,
    )
    journal.append(
        f"parameter:{row.name}",
        f"policy.parameter_{what}",
        at=now,
        by=f"user:{by}",
        area_path=f"{row.code}." if row.code else "",
    )
