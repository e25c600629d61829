"""The life of an alert: raised, acknowledged, assigned, resolved or false."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.core import journal
from backend.core.rows import one_or_none
from backend.people.models import Caregiver, Household, Resident
from backend.places.models import Area
from services.alerts import policies
from services.alerts.errors import AlertClosed
from services.alerts.models import Alert

READ_AGAIN = timedelta(hours=1)
"""Within this time the same reader leaves one row, however often the page is fetched anew."""


@transaction.atomic(savepoint=False)
def raise_alert(
    *,
    kind: Alert.Kind | str,
    area: Area,
    now: datetime,
    household: Household | None = None,
    resident: Resident | None = None,
    source_device: UUID | None = None,
    call_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> Alert:
    """Raise an alert, or count the sign once more on the one that is open.

    One is open per resident and kind, per household where no resident is known, and per device
    where there is no home. One that is just being closed is not counted on.
    """
    open_one = _open_alert(kind, household, resident, source_device)
    if open_one is None:
        try:
            with transaction.atomic():
                alert = Alert.objects.create(
                    kind=kind,
                    area=area,
                    household=household,
                    resident=resident,
                    source_device=source_device,
                    call_id=call_id,
                    detail=detail or {},
                    raised_at=now,
                    last_seen_at=now,
                    due_at=policies.climbs_at(kind, now, 0),
                )
        except IntegrityError:
            open_one = _open_alert(kind, household, resident, source_device)
            if open_one is None:
                raise
        else:
            _tell(alert, "alert.raised", now)
            return alert
    Alert.objects.filter(pk=open_one.pk).update(
        times_seen=F("times_seen") + 1, last_seen_at=now, call_id=call_id or open_one.call_id
    )
    open_one.refresh_from_db()
    _tell(open_one, "alert.seen_again", now)
    return open_one


def _open_alert(
    kind: str, household: Household | None, resident: Resident | None, source_device: UUID | None
) -> Alert | None:
    open_ones = Alert.objects.filter(kind=kind, state__in=Alert.OPEN).select_for_update()
    if resident is not None:
        return one_or_none(open_ones.filter(resident=resident))
    if household is not None:
        return one_or_none(open_ones.filter(resident=None, household=household))
    return open_ones.filter(resident=None, household=None, source_device=source_device).first()


@transaction.atomic
def acknowledge_alert(alert: Alert, *, by: str, now: datetime) -> Alert:
    """Somebody has seen it. Doing so again changes nothing.

    Raises:
        AlertClosed: it is closed.
    """
    changed = Alert.objects.filter(pk=alert.pk, state=Alert.State.RAISED).update(
        state=Alert.State.ACKNOWLEDGED, acknowledged_at=now, acknowledged_by=by
    )
    return _after(alert, changed, "alert.acknowledged", by, now)


@transaction.atomic
def assign_alert(alert: Alert, *, to: Caregiver, by: str, now: datetime) -> Alert:
    """Give an open alert to a caregiver; whoever had it before is told that they no longer do.

    To the one who has it already changes nothing.

    Raises:
        AlertClosed: it is closed.
    """
    locked = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if locked.state not in Alert.OPEN:
        raise AlertClosed
    before = locked.assigned_to_id
    if before != to.pk:
        locked.state, locked.assigned_to = Alert.State.ASSIGNED, to
        locked.save(update_fields=["state", "assigned_to"])
        _tell(locked, "alert.assigned", now, by=by, also=before)
        audit(
            actor=by,
            action=AuditRow.Action.CHANGE,
            subject=f"alert:{alert.pk}",
            now=now,
            resident_id=locked.resident_id,
            fields=["assigned_to"],
        )
    alert.refresh_from_db()
    return alert


@transaction.atomic
def resolve_alert(
    alert: Alert, *, by: str, now: datetime, note: str = "", at: datetime | None = None
) -> Alert:
    """Close an alert whose cause is dealt with; `at` is when, told later for want of network.

    Raises:
        AlertClosed: it was closed otherwise before.
    """
    closed_at = min(max(at, alert.raised_at), now) if at else now
    return _close(alert, Alert.State.RESOLVED, by, now, note, closed_at=closed_at)


@transaction.atomic
def resolve_cleared(
    *,
    kind: Alert.Kind | str,
    by: str,
    note: str,
    now: datetime,
    household: Household | None = None,
    resident: Resident | None = None,
    source_device: UUID | None = None,
) -> Alert | None:
    """Close the open alert of a kind whose cause is gone by itself; None if there is none.

    For what a machine can know to be over, such as a silent device that speaks again; whatever
    concerns a person's state is closed by a person.
    """
    alert = _open_alert(kind, household, resident, source_device)
    return _close(alert, Alert.State.RESOLVED, by, now, note) if alert else None


@transaction.atomic
def mark_false(alert: Alert, *, by: str, now: datetime, note: str = "") -> Alert:
    """Close an alert that meant nothing.

    Raises:
        AlertClosed: it was closed otherwise before.
    """
    return _close(alert, Alert.State.FALSE, by, now, note)


@transaction.atomic(savepoint=False)
def close_alerts_of_call(call_id: UUID, *, was_false: bool, by: str, now: datetime) -> int:
    """Close what a call was about, as the call is over; returns how many alerts."""
    open_ones = Alert.objects.filter(call_id=call_id, state__in=Alert.OPEN)
    state = Alert.State.FALSE if was_false else Alert.State.RESOLVED
    alerts = list(open_ones.order_by("pk").select_for_update())
    for alert in alerts:
        _close(alert, state, by, now, "")
    return len(alerts)


def record_alert_reading(alert: Alert, *, by: str, now: datetime) -> None:
    """Record that the caregiver who has it read a resident's number, once an hour."""
    read = AuditRow.objects.filter(
        actor=by, subject=f"alert:{alert.pk}", action=AuditRow.Action.READ, at__gt=now - READ_AGAIN
    )
    if not read.exists():
        audit(
            actor=by,
            action=AuditRow.Action.READ,
            subject=f"alert:{alert.pk}",
            now=now,
            resident_id=alert.resident_id,
            fields=["phone"],
        )


def _close(
    alert: Alert,
    state: Alert.State,
    by: str,
    now: datetime,
    note: str,
    *,
    closed_at: datetime | None = None,
) -> Alert:
    changed = Alert.objects.filter(pk=alert.pk, state__in=Alert.OPEN).update(
        state=state, closed_at=closed_at or now, closed_by=by, note=note, due_at=None
    )
    alert.refresh_from_db()
    if not changed and alert.state != state:
        raise AlertClosed
    if changed:
        _tell(alert, f"alert.{state.value}", now, by=by)
    return alert


def _after(alert: Alert, changed: int, event: str, by: str, now: datetime) -> Alert:
    alert.refresh_from_db()
    if changed:
        _tell(alert, event, now, by=by)
    elif alert.state not in Alert.OPEN:
        raise AlertClosed
    return alert


def _tell(
    alert: Alert, event: str, now: datetime, *, by: str = "", also: UUID | None = None
) -> None:
    """Append one event; `also` is another caregiver whom it concerns."""
    audience = [f"caregiver:{each}" for each in (alert.assigned_to_id, also) if each]
    journal.append(
        f"alert:{alert.pk}",
        event,
        at=now,
        by=by,
        area_path=alert.area.path,
        resident_id=alert.resident_id,
        audience=audience,
        data={"kind": alert.kind, "state": alert.state, "times_seen": alert.times_seen},
    )
