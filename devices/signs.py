"""What devices know of people who were not asked: presses, movement, and whether one works."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q

from backend.people.models import Household, Resident
from devices.models import Device, Reading
from services.wellbeing import signs
from services.wellbeing.models import Way
from services.wellbeing.signs import Sign

PRESSES = ("press",)
MOVES = ("motion", "door", "bed")
"""Metrics that say that somebody was about; each with a value that is not nothing."""


def signs_of_life(residents: Collection[UUID], since: datetime) -> Mapping[UUID, Sign]:
    """The newest press or movement of each resident since a moment.

    Movement counts for a resident's own device, and in a home where nobody else lives.
    """
    owners = _owners(residents)
    seen = Reading.objects.filter(
        device__in=owners, metric__in=(*PRESSES, *MOVES), at__gte=since, value__gt=0
    ).order_by("at")
    newest: dict[UUID, Sign] = {}
    for device_id, metric, at in seen.values_list("device_id", "metric", "at"):
        way = Way.DEVICE if metric in PRESSES else Way.ACTIVITY
        newest[owners[device_id]] = Sign(at, way)
    return newest


def _owners(residents: Collection[UUID]) -> dict[UUID, UUID]:
    """Devices that speak of one of these residents alone, with whose they are."""
    own = Device.objects.filter(resident__in=residents, active=True)
    alone = (
        Household.objects.filter(residents__in=residents)
        .annotate(
            people=Count("residents", filter=Q(residents__life_state=Resident.LifeState.HOME))
        )
        .filter(people=1)
    )
    shared = Device.objects.filter(
        household__in=alone, resident=None, active=True, household__residents__in=residents
    )
    pairs = [
        *own.values_list("pk", "resident_id"),
        *shared.annotate(lives=F("household__residents")).values_list("pk", "lives"),
    ]
    return {device: owner for device, owner in pairs if owner is not None}


def with_working_device(residents: Collection[UUID]) -> set[UUID]:
    """Those who have a device of their own, or one in their home, that is not known to be silent."""
    works = Device.objects.filter(active=True).exclude(online=False)
    own = works.filter(resident__in=residents).values_list("resident_id", flat=True)
    homes = works.filter(resident=None, household__isnull=False).values("household")
    at_home = Resident.objects.filter(pk__in=residents, household__in=homes)
    return {*(each for each in own if each), *at_home.values_list("pk", flat=True)}


signs.register_signs(signs_of_life)
signs.register_devices(with_working_device)
