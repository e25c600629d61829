"""A device is taken into a home by the code printed on it, and tried there."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.core import crypto, journal
from backend.people.models import Household, Resident
from devices.adapters import ADAPTERS
from devices.errors import ClaimedElsewhere, UnknownCode
from devices.models import Device

PREFIX = "YIAN"
SECRET_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # noqa: S105 - an alphabet
"""Source: Crockford's base 32, which leaves out letters that are read as digits."""
SECRET_LENGTH = 8
"""40 bits; tries are limited."""
TRIED_FOR = timedelta(minutes=5)
"""Our choice: time to walk to the button; a real press afterwards is no drill."""
_NOT_PRINTED = re.compile(r"[^0-9A-Z]")


def plain_code(code: str) -> str:
    """A code as read or typed, without what only helps the eye: "yian:0x12:7K3M-9QXD"."""
    said = _NOT_PRINTED.sub("", unicodedata.normalize("NFKC", code).upper())
    return said.removeprefix(PREFIX)


def _index(code: str) -> crypto.BlindIndex:
    return crypto.blind_index(plain_code(code), context="claim code")


@transaction.atomic
def issue_claim_code(device: Device, *, by: str, now: datetime) -> str:
    """A new code for a device's label, shown this once; one printed before is worth nothing."""
    secret = "".join(secrets.choice(SECRET_SIGNS) for _ in range(SECRET_LENGTH))
    code = f"{PREFIX}:{device.external_id or device.pk.hex}:{secret}"
    device.claim_code = plain_code(code)
    device.save(update_fields=["claim_code", "claim_index"])
    _audit(device, ["claim_code"], by=by, now=now)
    return code


@transaction.atomic
def claim_device(
    code: str, *, household: Household, resident: Resident | None, by: str, now: datetime
) -> Device:
    """Take the device with this code into a home; again changes nothing.

    Behind the home's gateway, if it has just one and the device speaks through one. What its
    battery said elsewhere is forgotten, so that a weak one is told of in this home; so is whether
    it was heard, for if it never speaks here somebody has to look.

    Raises:
        UnknownCode: no device has it.
        ClaimedElsewhere: it stands in another home.
    """
    known = Device.objects.select_for_update().filter(claim_index=_index(code))
    device = known.first() if plain_code(code) else None
    if device is None:
        raise UnknownCode
    if device.household_id not in (None, household.pk):
        raise ClaimedElsewhere
    if device.household_id is None:
        device.battery_low_at = device.battery_good_at = None
        device.placed_at, device.online = now, None
    device.household = household
    device.resident = None if device.kind == Device.Kind.GATEWAY else resident
    device.gateway = device.gateway or _gateway_for(device, household)
    device.active = True
    device.save(
        update_fields=[
            *("household", "resident", "gateway", "active", "placed_at", "online"),
            *("battery_low_at", "battery_good_at"),
        ]
    )
    _audit(device, ["household", "resident", "gateway"], by=by, now=now)
    return device


def _gateway_for(device: Device, household: Household) -> Device | None:
    if device.kind == Device.Kind.GATEWAY or device.adapter not in ADAPTERS:
        return None
    gateways = Device.objects.filter(kind=Device.Kind.GATEWAY, adapter=device.adapter, active=True)
    at_home = list(gateways.filter(household=household)[:2])
    if at_home or not ADAPTERS[device.adapter].by_network:
        return at_home[0] if len(at_home) == 1 else None
    return _nearest_network(gateways, household.address.area.path)


def _nearest_network(gateways: QuerySet[Device], path: str) -> Device | None:
    """The only network of the smallest area around a home that has one."""
    while path:
        near = list(gateways.filter(household__address__area__path__startswith=path)[:2])
        if near:
            return near[0] if len(near) == 1 else None
        path = path[:-1].rpartition(".")[0]
        path = f"{path}." if path else ""
    return None


@transaction.atomic
def release_device(device: Device, *, by: str, now: datetime) -> Device:
    """Take a device out of its home; its code brings it into another."""
    _audit(device, ["household", "resident", "gateway"], by=by, now=now)
    device.household = device.resident = device.gateway = None
    device.test_until = device.placed_at = None
    device.save(update_fields=["household", "resident", "gateway", "test_until", "placed_at"])
    return device


@transaction.atomic
def begin_test(resident: Resident, *, by: str, now: datetime) -> int:
    """For a few minutes presses of the resident's devices are drills; returns of how many."""
    devices = Device.objects.filter(resident=resident, active=True)
    tried = devices.update(test_until=now + TRIED_FOR)
    for device in devices:
        _audit(device, ["test_until"], by=by, now=now)
    return tried


@transaction.atomic
def end_test(resident: Resident, *, by: str, now: datetime) -> None:
    """From now on a press is a call for help again."""
    devices = Device.objects.filter(resident=resident, test_until__gt=now)
    for device in devices.select_for_update():
        device.test_until = None
        device.save(update_fields=["test_until"])
        _audit(device, ["test_until"], by=by, now=now)


def _audit(device: Device, fields: list[str], *, by: str, now: datetime) -> None:
    audit(
        actor=by,
        action=AuditRow.Action.CHANGE,
        subject=device.reference,
        now=now,
        resident_id=device.resident_id,
        fields=fields,
    )
    journal.append(
        device.reference,
        "device.changed",
        at=now,
        by=by,
        area_path=device.household.address.area.path if device.household else "",
        data={"fields": fields},
    )
