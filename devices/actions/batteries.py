"""Low batteries: told once, and over when the device says that its battery is well."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext

from backend.core.contained import contained
from devices.models import Device
from services.alerts.actions import raise_alert, resolve_cleared
from services.alerts.models import Alert

_IS_LOW = Q(battery_low_at__isnull=False) & (
    Q(battery_good_at__isnull=True) | Q(battery_low_at__gt=F("battery_good_at"))
)
"""`Device.is_battery_low`, asked of the database."""


class Signs(NamedTuple):
    """When a device last said that its battery is low, and that it is well."""

    low_at: datetime | None = None
    good_at: datetime | None = None


@transaction.atomic
def note_batteries(signs: Mapping[UUID, Signs], *, now: datetime) -> None:
    """Take in what devices said of their batteries, in whatever order it comes.

    Only the latest of each kind of sign counts. An alert is raised when a battery becomes low, not
    with each further sign; it closes when no battery that it counts is low any more. A home whose
    record cannot be read costs no other its alert.
    """
    _note_still_well({key: sign.good_at for key, sign in signs.items() if not sign.low_at})
    told_low = [key for key, sign in signs.items() if sign.low_at]
    changing = Device.objects.filter(Q(pk__in=told_low) | Q(pk__in=signs) & _IS_LOW)
    for key in changing.order_by("pk").values_list("pk", flat=True):
        contained(f"the battery of device {key}", partial(_note, key, signs[key], now))


def _note_still_well(told: Mapping[UUID, datetime | None]) -> None:
    """Nearly every message says that a battery is well which was: these are written at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE devices_device AS device SET battery_good_at = told.at"
            " FROM unnest(%s::uuid[], %s::timestamptz[]) AS told (id, at)"
            " WHERE device.id = told.id"
            " AND (device.battery_low_at IS NULL"
            "  OR device.battery_low_at <= device.battery_good_at)"
            " AND (device.battery_good_at IS NULL OR device.battery_good_at < told.at)",
            [list(told.keys()), list(told.values())],
        )


def _note(key: UUID, signs: Signs, now: datetime) -> None:
    device = Device.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if device is None:
        return
    was_low = device.is_battery_low
    low_at = _later(device.battery_low_at, signs.low_at)
    good_at = _later(device.battery_good_at, signs.good_at)
    if (low_at, good_at) == (device.battery_low_at, device.battery_good_at):
        return
    device.battery_low_at, device.battery_good_at = low_at, good_at
    device.save(update_fields=["battery_low_at", "battery_good_at"])
    if device.household is None or device.is_battery_low is was_low:
        return
    if device.is_battery_low:
        raise_alert(
            kind=Alert.Kind.BATTERY,
            area=device.household.address.area,
            household=device.household,
            resident=device.resident,
            source_device=device.pk,
            detail=_detail(device, now),
            now=now,
        )
    elif not _others_low(device):
        with translation.override(settings.LANGUAGE_CODE):
            note = gettext("The battery is well again.")
        resolve_cleared(
            kind=Alert.Kind.BATTERY,
            household=device.household,
            resident=device.resident,
            source_device=device.pk,
            by=device.reference,
            note=note,
            now=now,
        )


def _detail(device: Device, now: datetime) -> dict[str, object]:
    at = device.battery_low_at or now
    return {
        "device": str(device),
        "kind": device.kind,
        "room": device.room,
        "at": at.isoformat(),
        "age_s": int((now - at).total_seconds()),
    }


def _others_low(device: Device) -> bool:
    """Whether another device on the same alert has a low battery."""
    theirs = Q(resident=device.resident)
    if device.resident is None:
        theirs &= Q(household=device.household)
    return Device.objects.filter(theirs & _IS_LOW, active=True).exclude(pk=device.pk).exists()


def _later(known: datetime | None, told: datetime | None) -> datetime | None:
    return max((one for one in (known, told) if one is not None), default=None)
