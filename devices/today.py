"""When somebody last moved at home, on a day at a glance: from sensors, not from a camera."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.people.models import Consent
from backend.web import today
from backend.web.today import Fact, Sign, Source
from devices.models import Device
from devices.moves import last_moves

MOVES = ("motion", "door", "bed", "presence")
SENSORS = (Device.Kind.MOTION, Device.Kind.DOOR, Device.Kind.BED, Device.Kind.FALL_RADAR)
LOOKED_BACK = timedelta(hours=24)
RECENT = timedelta(hours=6)
"""A movement within so long is good news; our choice, shorter than a night's sleep would alarm."""
NOW = timedelta(minutes=5)


def last_moved_at(resident_id: UUID, *, now: datetime) -> datetime | None:
    """When a sensor of the resident's home last noticed somebody within a day."""
    sensors = list(_sensors(resident_id).values_list("pk", flat=True))
    moves = last_moves(sensors, MOVES, since=now - LOOKED_BACK, until=now)
    return max((at for _device, _metric, at in moves), default=None)


def of_movement(resident_id: UUID, now: datetime) -> Fact | None:
    """The last movement; nothing for a home without such sensors."""
    if not _sensors(resident_id).exists():
        return None
    moved_at = last_moved_at(resident_id, now=now)
    if moved_at is None:
        return Fact(gettext("The sensors have noticed no movement for a day."), Sign.UNKNOWN)
    if now - moved_at < NOW:
        return Fact(gettext("Somebody is moving about at home."), Sign.GOOD, moved_at)
    sign = Sign.GOOD if now - moved_at < RECENT else Sign.PLAIN
    return Fact(gettext("Last movement at home."), sign, moved_at)


def _sensors(resident_id: UUID) -> QuerySet[Device]:
    """Sensors of the resident's home; of who lives there together, any may have moved."""
    return Device.objects.filter(household__residents=resident_id, kind__in=SENSORS, active=True)


today.register_fact(
    Source("moved", _("Moved"), "family-today", "read", Consent.Item.HEALTH, of_movement, 20)
)
