"""What devices know of people who were not asked: presses, movement, and whether one works."""

from collections.abc import Collection, Mapping
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from django.db.models import Count, Q

from backend.people.models import Resident
from devices.models import Device
from devices.moves import last_moves
from services.wellbeing import signs
from services.wellbeing.models import Way
from services.wellbeing.signs import Sign

PRESSES = ("press",)
IN_BED = ("bed",)
MOVES = ("motion", "door")
"""Metrics that say that somebody was about."""


def signs_of_life(residents: Collection[UUID], since: datetime) -> Mapping[UUID, Sign]:
    """The newest press or movement of each resident since a moment.

    Movement counts in a home where nobody else lives; a bed and a button are somebody's own.
    """
    owners, alone = _owners(residents), _alone(residents)
    seen = last_moves(owners, (*PRESSES, *IN_BED, *MOVES), since=since)
    newest: dict[UUID, Sign] = {}
    for device_id, metric, at in sorted(seen, key=itemgetter(2)):
        owner = owners[device_id]
        if metric not in MOVES or owner in alone:
            newest[owner] = Sign(at, Way.DEVICE if metric in PRESSES else Way.ACTIVITY)
    return newest


def _owners(residents: Collection[UUID]) -> dict[UUID, UUID]:
    """Devices of these residents, and of the homes in which one of them lives alone."""
    own = Device.objects.filter(resident__in=residents, active=True)
    alone = _alone(residents)
    shared = Device.objects.filter(household__in=alone.values(), resident=None, active=True)
    lives_at = {home: resident for resident, home in alone.items()}
    return {
        **{device: owner for device, owner in own.values_list("pk", "resident_id") if owner},
        **{
            device: lives_at[home]
            for device, home in shared.values_list("pk", "household_id")
            if home
        },
    }


def _alone(residents: Collection[UUID]) -> dict[UUID, UUID]:
    """Those of these residents with whom nobody else is at home, and their homes."""
    at_home = Resident.objects.filter(life_state=Resident.LifeState.HOME)
    homes = Resident.objects.filter(pk__in=residents).values("household")
    alone = (
        at_home.filter(household__in=homes)
        .values("household")
        .annotate(people=Count("pk"))
        .filter(people=1)
    )
    found = at_home.filter(pk__in=residents, household__in=alone.values("household"))
    return dict(found.values_list("pk", "household_id"))


def with_working_device(at: str) -> Q:
    """Residents with a device of their own, or in their home, that is not known to be silent."""
    works = Device.objects.filter(active=True).exclude(online=False)
    own = works.filter(resident__isnull=False).values("resident")
    homes = works.filter(resident=None, household__isnull=False).values("household")
    return Q(**{f"{at}__in": own}) | Q(**{f"{at}__household__in": homes})


signs.register_signs(signs_of_life)
signs.register_devices(with_working_device)
