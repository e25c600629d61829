"""Low batteries: told once, and over when the device says that its battery is well."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext

from devices.models import Device
from services.alerts.actions import raise_alert, resolve_cleared
from services.alerts.models import Alert


class Signs(NamedTuple):
    """When a device last said that its battery is low, and that it is well."""

    low_at: datetime | None = None
    good_at: datetime | None = None


@transaction.atomic
def note_batteries(signs: Mapping[UUID, Signs], *, now: datetime) -> None:
    """Take in what devices said of their batteries, in whatever order it comes.

    Only the latest of each kind of sign counts. An alert is raised when a battery becomes low, not
    with each further sign; it closes when no battery that it counts is low any more.
    """
    known = Device.objects.filter(pk__in=signs).select_for_update(of=("self",))
    for device in known.select_related("household__address__area", "resident").order_by("pk"):
        _note(device, signs[device.pk], now)


def _note(device: Device, signs: Signs, now: datetime) -> None:
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
    low = Q(battery_low_at__isnull=False) & (
        Q(battery_good_at__isnull=True) | Q(battery_low_at__gt=F("battery_good_at"))
    )
    return Device.objects.filter(theirs & low, active=True).exclude(pk=device.pk).exists()


def _later(known: datetime | None, told: datetime | None) -> datetime | None:
    return max((one for one in (known, told) if one is not None), default=None)
