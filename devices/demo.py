"""Devices of the demo district: a gateway, a help button and two sensors a home.

Some homes more have LoRaWAN sensors behind one network, and some people wear a watch.
"""

import random
from typing import Any
from uuid import UUID

from django.db.models import F

from backend.accounts import tokens
from backend.people.models import Household, Resident
from backend.runtime.demo import stories
from backend.runtime.demo.context import Context, known_id, new_id
from devices import demo_lorawan
from devices.models import Device

ADAPTER = "zigbee2mqtt"
BUTTON = known_id("elder's button")
GATEWAY = known_id("elder's gateway")
Kind = Device.Kind
ROOMS = {
    Kind.GATEWAY: "客厅",
    Kind.SOS_BUTTON: "床头",
    Kind.MOTION: "客厅",
    Kind.DOOR: "入户门",
    Kind.SMOKE: "厨房",
    Kind.WATER: "卫生间",
    Kind.FALL_RADAR: "卫生间",
    Kind.BED: "卧室",
}
SENSORS = {
    Kind.MOTION: 6,
    Kind.DOOR: 5,
    Kind.SMOKE: 4,
    Kind.WATER: 3,
    Kind.FALL_RADAR: 2,
    Kind.BED: 2,
}
"""How often each is one of the two sensors beside the button."""
OTHERS_IN = 15
"""For one home in so many there is another with LoRaWAN sensors; half of those and as many of the
others have a watch."""
PERSONAL = frozenset({Kind.SOS_BUTTON, Kind.BED})
"""Belong to one person even where two live together."""
VENDOR_PREFIX = 0x00124B << 40
"""Source: IEEE OUI 00-12-4B, Texas Instruments, as Zigbee devices carry."""


def seed(context: Context) -> None:
    """Equip homes once; hand out tokens when nobody holds them."""
    if context.is_new:
        _plant(context)
    if context.issues:
        entries = _issue()
        context.out["devices"] = list(entries.values())
        context.out["stories"] = _stories(entries)


def _plant(context: Context) -> None:
    chance = context.chance("devices")
    devices: list[Device] = []
    by_zigbee = context.size.equipped_homes
    by_others = max(4, by_zigbee // OTHERS_IN)
    homes = _homes(by_zigbee + by_others)
    for home in homes[:by_zigbee]:
        devices += _home_devices(context, chance, home)
    devices += demo_lorawan.planned(context, homes[by_zigbee:])
    devices += demo_lorawan.watches(context, homes[by_zigbee - by_others :][::2])
    Device.objects.bulk_create(devices)


def _homes(wanted: int) -> list[Household]:
    """Homes by their key, those of the stories always among them."""
    first = [stories.ELDER_HOUSEHOLD, stories.SECOND_HOUSEHOLD]
    known = Household.objects.prefetch_related("residents")
    others = known.exclude(pk__in=first).order_by("pk")[: wanted - len(first)]
    return [*known.filter(pk__in=first), *others]


def _home_devices(context: Context, chance: random.Random, home: Household) -> list[Device]:
    residents = sorted(home.residents.all(), key=lambda resident: resident.pk)
    kinds = [Kind.GATEWAY, Kind.SOS_BUTTON, *_two_sensors(chance)]
    devices = [
        Device(
            id=new_id(chance),
            kind=kind,
            room=ROOMS[kind],
            adapter=ADAPTER,
            external_id=f"0x{VENDOR_PREFIX | chance.getrandbits(40):016x}",
            household=home,
            resident=_owner(kind, residents),
            created_at=context.now,
        )
        for kind in kinds
    ]
    gateway, button = devices[:2]
    if home.pk == stories.ELDER_HOUSEHOLD:
        gateway.id, button.id = GATEWAY, BUTTON
    for device in devices[1:]:
        device.gateway = gateway
    return devices


def _owner(kind: Device.Kind, residents: list[Resident]) -> Resident | None:
    if kind == Kind.GATEWAY:
        return None
    return residents[0] if kind in PERSONAL or len(residents) == 1 else None


def _two_sensors(chance: random.Random) -> list[Device.Kind]:
    first = chance.choices(list(SENSORS), list(SENSORS.values()))[0]
    others = {kind: often for kind, often in SENSORS.items() if kind != first}
    return [first, chance.choices(list(others), list(others.values()))[0]]


def _issue() -> dict[UUID, dict[str, Any]]:
    """A new token for every device, gateways first; single devices may speak for themselves."""
    installed = Device.objects.filter(household__isnull=False)
    devices = list(installed.order_by(F("gateway").asc(nulls_first=True), "pk"))
    entries = {}
    for device in devices:
        token = tokens.new("gw" if device.kind == Kind.GATEWAY else "dev")
        device.token_hash = tokens.hashed(token)
        entries[device.pk] = {
            "id": str(device.pk),
            "token": token,
            "kind": device.kind,
            "resident": _text(device.resident_id),
            "gateway": _text(device.gateway_id),
            "home": _text(device.household_id),
            "adapter": device.adapter,
            "model": device.model,
            "external_id": device.external_id,
            "room": device.room,
        }
    Device.objects.bulk_update(devices, ["token_hash"], batch_size=500)
    return entries


def _text(key: UUID | None) -> str | None:
    return str(key) if key else None


def _stories(entries: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    """Who plays in `manage.py demo`."""
    elder = Resident.objects.get(pk=stories.ELDER)
    return {
        "elder": {
            "resident": str(elder.pk),
            "area": elder.area_id,
            "phone": elder.phone,
            "username": "resident1",
            "button": {
                "id": str(BUTTON),
                "gateway": str(GATEWAY),
                "gateway_token": entries[GATEWAY]["token"],
                "external_id": entries[BUTTON]["external_id"],
            },
        },
        "daughter": {
            "contact": str(stories.DAUGHTER),
            "phone": stories.DAUGHTER_PHONE,
            "username": "family1",
        },
        "neighbour": {"contact": str(stories.NEIGHBOUR), "phone": stories.NEIGHBOUR_PHONE},
        "caregivers": [
            {"caregiver": str(key), "phone": phone, "username": f"caregiver{number}"}
            for number, (key, phone) in enumerate(
                zip(stories.NEAR_CAREGIVERS, stories.NEAR_PHONES, strict=True), start=1
            )
        ],
        "duty_phones": list(stories.DUTY_PHONES),
        "desk_phones": list(stories.DESK_PHONES),
        "operator": {"username": "operator1"},
    }
