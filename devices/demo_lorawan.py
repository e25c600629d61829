"""The demo's homes without a Zigbee gateway: LoRaWAN sensors behind one network, and watches."""

import random

from backend.people.models import Household
from backend.runtime.demo.context import Context, known_id, new_id
from devices.models import Device

Kind = Device.Kind

NETWORK = known_id("LoRaWAN network")
EUI_PREFIX = 0x24E124 << 40
"""Source: IEEE OUI 24-E1-24, Xiamen Milesight IoT."""
BUTTON = (Kind.SOS_BUTTON, "WS101", "床头")
DOOR = (Kind.DOOR, "WS301", "入户门")
SETS = (
    (BUTTON, (Kind.MOTION, "WS202", "客厅"), DOOR),
    (BUTTON, (Kind.MOTION, "WS202", "卧室"), (Kind.WATER, "WS303", "厨房")),
    (BUTTON, (Kind.FALL_RADAR, "VS373", "卧室"), (Kind.SMOKE, "GS524N", "厨房"), DOOR),
    (
        (Kind.MOTION, "WS202", "客厅"),
        (Kind.SEAT, "VS340", "沙发"),
        (Kind.CLIMATE, "EM300-TH", "卧室"),
        (Kind.DOOR, "EM300-MCS", "入户门"),
    ),
)
"""What stands in a home: kind, model, room; the sets are handed out in turn."""


def planned(context: Context, homes: list[Household]) -> list[Device]:
    """The network, which stands in the first of these homes, and the sensors of all."""
    chance = context.chance("lorawan")
    network = Device(
        id=NETWORK,
        kind=Kind.GATEWAY,
        label="LoRaWAN",
        adapter="chirpstack",
        household=homes[0],
        created_at=context.now,
    )
    sensors = [
        _sensor(one, home=home, network=network, chance=chance)
        for number, home in enumerate(homes)
        for one in SETS[number % len(SETS)]
    ]
    return [network, *sensors]


def _sensor(
    sort: tuple[Device.Kind, str, str], *, home: Household, network: Device, chance: random.Random
) -> Device:
    kind, model, room = sort
    residents = sorted(home.residents.all(), key=lambda resident: resident.pk)
    return Device(
        id=new_id(chance),
        kind=kind,
        room=room,
        adapter="chirpstack",
        model=model,
        external_id=f"{EUI_PREFIX | chance.getrandbits(40):016x}",
        gateway=network,
        household=home,
        resident=residents[0] if len(residents) == 1 or kind == Kind.SOS_BUTTON else None,
        created_at=network.created_at,
    )


def watches(context: Context, homes: list[Household]) -> list[Device]:
    """A watch for whoever lives in these homes and comes first."""
    chance = context.chance("watches")
    return [
        Device(
            id=new_id(chance),
            kind=Kind.WATCH,
            adapter="watch",
            model="3G",
            external_id=f"{chance.randrange(10**9, 10**10)}",
            household=home,
            resident=min(home.residents.all(), key=lambda resident: resident.pk),
            created_at=context.now,
        )
        for home in homes
        if home.residents.all()
    ]
