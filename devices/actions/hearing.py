"""What was heard of devices: when, how full the battery is, whether they are there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from backend.core import journal
from backend.core.contained import contained
from devices.actions.batteries import Signs, note_batteries
from devices.models import Device
from services.alerts.actions import resolve_cleared
from services.alerts.models import Alert


@dataclass
class Heard:
    """What was last heard of a device; None is nothing new."""

    device_id: UUID
    seen_at: datetime | None = None
    online: bool | None = None
    online_at: datetime | None = None
    battery_percent: int | None = None
    battery_at: datetime | None = None
    battery_low_at: datetime | None = None
    battery_good_at: datetime | None = None
    firmware: str = ""


def note_heard(heard: Collection[Heard], *, now: datetime) -> None:
    """Write what was heard of many devices; older news than what is known changes nothing."""
    with transaction.atomic():
        _note_seen([one for one in heard if one.seen_at])
        _note_levels([one for one in heard if one.battery_at])
        note_batteries(
            {
                one.device_id: Signs(one.battery_low_at, one.battery_good_at)
                for one in heard
                if one.battery_low_at or one.battery_good_at
            },
            now=now,
        )
        _note_firmware([one for one in heard if one.firmware])
        _note_first_heard([one for one in heard if one.online])
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


def _note_levels(heard: list[Heard]) -> None:
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


def _note_firmware(heard: list[Heard]) -> None:
    for one in heard:
        changed = Device.objects.filter(pk=one.device_id).exclude(firmware=one.firmware)
        changed.update(firmware=one.firmware)


def _note_first_heard(heard: list[Heard]) -> None:
    """Devices that are there for the first time: nobody is told, so all at once.

    After a start of a district these are thousands, each worth a press that waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE devices_device AS device SET online = true, online_at = heard.at"
            " FROM unnest(%s::uuid[], %s::timestamptz[]) AS heard (id, at)"
            " WHERE device.id = heard.id AND device.online IS NULL"
            " AND (device.online_at IS NULL OR heard.at IS NULL OR device.online_at <= heard.at)",
            [[one.device_id for one in heard], [one.online_at for one in heard]],
        )


def _note_online(heard: list[Heard], now: datetime) -> None:
    """Write the changes, which are few, and tell those who look at devices."""
    told = {one.device_id: one for one in heard}
    on = [one.device_id for one in heard if one.online]
    off = [one.device_id for one in heard if not one.online]
    changing = Device.objects.filter(
        Q(pk__in=on) & ~Q(online=True) | Q(pk__in=off) & ~Q(online=False)
    )
    for key in changing.order_by("pk").values_list("pk", flat=True):
        contained(f"whether device {key} is there", partial(_note_there, key, told[key], now))


def _note_there(key: UUID, heard: Heard, now: datetime) -> None:
    known = Device.objects.select_related("household__address__area")
    device = known.select_for_update(of=("self",)).filter(pk=key).first()
    if device is not None:
        set_online(device, heard.online is True, at=heard.online_at, now=now)


def set_online(device: Device, online: bool, *, at: datetime | None, now: datetime) -> None:
    """Say whether a device can be heard; older news than what is known changes nothing.

    A silent device that is heard again closes its own "offline" alert, and no other.
    """
    if device.online_at is not None and at is not None and at < device.online_at:
        return
    was_known, was_silent = device.online is not None, device.online is False
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
    if online and was_silent:
        _clear_silence(device, now)


def _clear_silence(device: Device, now: datetime) -> None:
    """Close the alert that this device was silent, unless another one that it counts is."""
    theirs = Q(resident=device.resident)
    if device.resident is None:
        theirs &= Q(household=device.household)
    others = Device.objects.filter(theirs, active=True, online=False).exclude(pk=device.pk)
    if device.household is None or others.exists():
        return
    with translation.override(settings.LANGUAGE_CODE):
        note = gettext("The device was heard again.")
    resolve_cleared(
        kind=Alert.Kind.OFFLINE,
        household=device.household,
        resident=device.resident,
        source_device=device.pk,
        by=device.reference,
        note=note,
        now=now,
    )
