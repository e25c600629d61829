"""Devices that were not heard for too long, while somebody was listening.

Time in a home without a word counts as well: a device that never spoke there is silent.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Greatest

from backend.people.models import Resident
from backend.people.queries import away_households
from devices.actions.hearing import set_online
from devices.models import Device, Listening
from services.alerts.actions import raise_alert
from services.alerts.models import Alert

OUTAGE = timedelta(minutes=2)
"""A longer gap in our own listening is an outage; a restart is shorter."""

_SHORTLY = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
_HOURS = timedelta(hours=6)
_DAY = timedelta(hours=25)
SILENT_AFTER = {
    Device.Kind.SOS_BUTTON: _HOUR,
    Device.Kind.WATCH: _HOUR,
    Device.Kind.FALL_RADAR: _SHORTLY,
    Device.Kind.GATEWAY: _HOURS,
    Device.Kind.BED: _HOURS,
    Device.Kind.MOTION: _HOURS,
    Device.Kind.DOOR: _DAY,
    Device.Kind.WATER: _DAY,
    Device.Kind.SMOKE: _DAY,
    Device.Kind.GAS: _HOURS,
    Device.Kind.SEAT: _DAY,
    Device.Kind.CLIMATE: _HOURS,
    Device.Kind.METER: _DAY,
}
"""How long each kind may say nothing before somebody looks after it.

Source: mains-powered devices 10 min, batteries 25 h by zigbee2mqtt.io, device availability; a help
button is not left unproven for a day.
"""


def note_listening(*, now: datetime) -> None:
    """Say that the doors are open; after an outage, silence is counted anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO devices_listening AS known (id, since, last_at) VALUES (1, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET last_at = EXCLUDED.last_at,"
            " since = CASE WHEN known.last_at < %s THEN EXCLUDED.since ELSE known.since END",
            [now, now, now - OUTAGE],
        )


def tell_silent(*, now: datetime) -> int:
    """Raise an alert for each device that is silent for too long; returns how many.

    Nobody has to look after the devices of a home whose people are away or in hospital.
    Worked out from what is stored, so it can run at any time and as often as one likes.
    """
    listening = Listening.objects.first()
    if listening is None or now - listening.last_at > OUTAGE:
        return 0
    devices = (
        Device.objects.filter(active=True, household__isnull=False)
        .annotate(quiet_since=Greatest("last_seen_at", "placed_at"))
        .exclude(online=False)
        .exclude(household__in=away_households())
        .exclude(resident__in=Resident.objects.exclude(life_state=Resident.LifeState.HOME))
    )
    told = 0
    for kind, longest in SILENT_AFTER.items():
        if listening.since > now - longest:
            continue
        silent = devices.filter(kind=kind, quiet_since__lt=now - longest)
        for key in silent.values_list("pk", flat=True):
            told += _tell_silent(key, silent, now)
    return told


@transaction.atomic
def _tell_silent(key: UUID, silent: QuerySet[Device], now: datetime) -> bool:
    locked = silent.select_related("household__address__area", "resident")
    device = locked.select_for_update(of=("self",)).filter(pk=key).first()
    if device is None or device.household is None:
        return False
    quiet_since = max(at for at in (device.last_seen_at, device.placed_at) if at is not None)
    set_online(device, False, at=now, now=now)
    raise_alert(
        kind=Alert.Kind.OFFLINE,
        area=device.household.address.area,
        household=device.household,
        resident=device.resident,
        source_device=device.pk,
        detail={"silent_s": int((now - quiet_since).total_seconds())},
        now=now,
    )
    return True
