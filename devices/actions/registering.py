"""The registry: adding, changing and removing devices, and their tokens."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from backend.accounts import tokens
from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.people.models import Household, Resident
from devices.adapters import plain_name
from devices.errors import NameTaken, NotAtHome
from devices.models import Device

CHANGEABLE = frozenset(
    {
        "kind",
        "label",
        "room",
        "adapter",
        "external_id",
        "model",
        "firmware",
        "gateway",
        "household",
        "resident",
        "active",
    }
)


@transaction.atomic
def register_device(*, by: str, now: datetime, **fields: Any) -> tuple[Device, str]:
    """Add a device; returns it with its token, which is shown this once.

    Raises:
        NotAtHome: the resident lives elsewhere.
        NameTaken: its gateway has another device of this name.
    """
    device = Device(created_at=now, placed_at=now if fields.get("household") else None, **fields)
    device.external_id = plain_name(device.adapter, device.external_id)
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
    home = device.household_id
    for name in changed:
        setattr(device, name, fields[name])
    if device.household_id != home:
        device.battery_low_at = device.battery_good_at = None
        device.placed_at, device.online = now if device.household else None, None
        changed += ["battery_low_at", "battery_good_at", "placed_at", "online"]
    device.external_id = plain_name(device.adapter, device.external_id)
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
