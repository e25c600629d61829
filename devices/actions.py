"""Everything that changes devices."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from backend.accounts import tokens
from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.core import journal
from backend.people.models import Household, Resident
from devices.errors import NameTaken, NotAtHome
from devices.models import Device

CHANGEABLE = frozenset(
    {
        "kind",
        "label",
        "room",
        "adapter",
        "external_id",
        "gateway",
        "household",
        "resident",
        "active",
    }
)


@dataclass
class Heard:
    """What was last heard of a device; None is nothing new."""

    device_id: UUID
    seen_at: datetime | None = None
    online: bool | None = None
    online_at: datetime | None = None
    battery_percent: int | None = None
    battery_at: datetime | None = None


@transaction.atomic
def register_device(*, by: str, now: datetime, **fields: Any) -> tuple[Device, str]:
    """Add a device; returns it with its token, which is shown this once.

    Raises:
        NotAtHome: the resident lives elsewhere.
        NameTaken: its gateway has another device of this name.
    """
    device = Device(created_at=now, **fields)
    token = _new_token(device)
    _require_at_home(device.household, device.resident)
    _save(device)
    _audit(device, AuditRow.Action.CREATE, by=by, now=now, fields=fields)
    return device, token


@transaction.atomic
def change_device(device: Device, *, by: str, now: datetime, **fields: Any) -> Device:
    """Change what is given; the same again changes nothing.

    Raises:
        NotAtHome: the resident lives elsewhere.
        NameTaken: its gateway has another device of this name.
    """
    changed = sorted(CHANGEABLE & fields.keys())
    for name in changed:
        setattr(device, name, fields[name])
    _require_at_home(device.household, device.resident)
    _save(device, update_fields=changed)
    _audit(device, AuditRow.Action.CHANGE, by=by, now=now, fields=fields)
    return device


@transaction.atomic
def rotate_token(device: Device, *, by: str, now: datetime) -> str:
    """Give a device a new token, shown this once; the old one ends within seconds."""
    token = _new_token(device)
    device.save(update_fields=["token_hash"])
    _audit(device, AuditRow.Action.CHANGE, by=by, now=now, fields=["token"])
    return token


@transaction.atomic
def remove_device(device: Device, *, by: str, now: datetime) -> None:
    """Take a device out of the registry; its readings stay until they are old."""
    _audit(device, AuditRow.Action.DELETE, by=by, now=now, fields=[])
    device.delete()


def note_heard(heard: Collection[Heard], *, now: datetime) -> None:
    """Write what was heard of many devices; older news than what is known changes nothing."""
    with transaction.atomic():
        _note_seen([one for one in heard if one.seen_at])
        _note_batteries([one for one in heard if one.battery_at])
        _note_online([one for one in heard if one.online is not None], now)


def note_rejections(counted: Mapping[tuple[str, str], int], *, now: datetime) -> None:
    """Add to the counts of what could not be used, by source and code."""
    ordered = sorted(counted)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO devices_rejectedmessage AS known"
            " (source, code, times, first_at, last_at)"
            " SELECT source, code, times, %s, %s"
            " FROM unnest(%s::text[], %s::text[], %s::int[]) AS new (source, code, times)"
            " ON CONFLICT (source, code) DO UPDATE"
            " SET times = known.times + EXCLUDED.times, last_at = EXCLUDED.last_at",
            [
                now,
                now,
                [source for source, _ in ordered],
                [code for _, code in ordered],
                [counted[kept] for kept in ordered],
            ],
        )


def _note_seen(heard: list[Heard]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE devices_device AS device SET last_seen_at = heard.at"
            " FROM unnest(%s::uuid[], %s::timestamptz[]) AS heard (id, at)"
            " WHERE device.id = heard.id"
            " AND (device.last_seen_at IS NULL OR device.last_seen_at < heard.at)",
            [[one.device_id for one in heard], [one.seen_at for one in heard]],
        )


def _note_batteries(heard: list[Heard]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE devices_device AS device"
            " SET battery_percent = heard.percent, battery_at = heard.at"
            " FROM unnest(%s::uuid[], %s::int[], %s::timestamptz[]) AS heard (id, percent, at)"
            " WHERE device.id = heard.id"
            " AND (device.battery_at IS NULL OR device.battery_at < heard.at)",
            [
                [one.device_id for one in heard],
                [one.battery_percent for one in heard],
                [one.battery_at for one in heard],
            ],
        )


def _note_online(heard: list[Heard], now: datetime) -> None:
    """Write the changes, which are few, and tell those who look at devices."""
    told = {one.device_id: one for one in heard}
    on = [one.device_id for one in heard if one.online]
    off = [one.device_id for one in heard if not one.online]
    changing = Device.objects.filter(
        Q(pk__in=on) & ~Q(online=True) | Q(pk__in=off) & ~Q(online=False)
    )
    known = changing.select_related("household__address__area").select_for_update(of=("self",))
    for device in known.order_by("pk"):
        set_online(device, told[device.pk].online is True, at=told[device.pk].online_at, now=now)


def set_online(device: Device, online: bool, *, at: datetime | None, now: datetime) -> None:
    """Say whether a device can be heard; older news than what is known changes nothing."""
    if device.online_at is not None and at is not None and at < device.online_at:
        return
    was_known = device.online is not None
    device.online, device.online_at = online, at
    device.save(update_fields=["online", "online_at"])
    if not online or was_known:
        journal.append(
            device.reference,
            "device.online" if online else "device.offline",
            at=now,
            area_path=device.household.address.area.path if device.household else "",
            resident_id=device.resident_id,
        )


def _new_token(device: Device) -> str:
    token = tokens.new("gw" if device.kind == Device.Kind.GATEWAY else "dev")
    device.token_hash = tokens.hashed(token)
    return token


def _require_at_home(household: Household | None, resident: Resident | None) -> None:
    if household and resident and resident.household_id != household.pk:
        raise NotAtHome


def _save(device: Device, *, update_fields: Collection[str] | None = None) -> None:
    try:
        with transaction.atomic():
            device.save(update_fields=update_fields)
    except IntegrityError as error:
        raise NameTaken from error


def _audit(
    device: Device,
    action: AuditRow.Action,
    *,
    by: str,
    now: datetime,
    fields: Collection[str] | Mapping[str, Any],
) -> None:
    audit(
        actor=by,
        action=action,
        subject=device.reference,
        now=now,
        resident_id=device.resident_id,
        fields=list(fields),
    )
