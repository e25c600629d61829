"""When somebody was last seen to move in a home, worked out from what its sensors said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from devices.models import Device
from devices.moves import last_moves

Kind = Device.Kind

SEEING = (Kind.MOTION,)
"""A home without one of these is not watched: nothing else sees somebody walk about. A radar sees
one room, and a bathroom is empty for most of a healthy day."""
INSIDE = (*SEEING, Kind.FALL_RADAR, Kind.BED, Kind.SEAT, Kind.METER, Kind.SOS_BUTTON)
LONGEST_LOOK = timedelta(hours=26)
"""Longer than any limit; what happened before is remembered."""


@dataclass(frozen=True)
class Sights:
    """What is known of movement; None is never, within the time that was looked at."""

    inside_at: datetime | None = None
    door_at: datetime | None = None
    elsewhere_at: datetime | None = None
    """Somebody's watch counted steps, at home or not."""
    room: str = ""
    heard_at: datetime | None = None
    """When anything was last heard of the sensors that see movement, movement or not."""
    are_silent: bool = False
    """Whether all of these sensors are known to be out of reach."""

    @property
    def moved_at(self) -> datetime | None:
        """The last movement of any kind."""
        known = (self.inside_at, self.door_at, self.elsewhere_at)
        return max((at for at in known if at is not None), default=None)


def sights_of(household_id: UUID, *, now: datetime) -> Sights:
    """Look through the last hours of a home."""
    devices = {
        device.pk: device
        for device in Device.objects.filter(household=household_id, active=True).exclude(
            kind=Kind.GATEWAY
        )
    }
    moved = last_moves(devices, since=now - LONGEST_LOOK, now=now, compared_for=timedelta(0))
    inside: dict[UUID, datetime] = {}
    at_door: list[datetime] = []
    elsewhere: list[datetime] = []
    for (device_id, metric), at in moved.items():
        kind = devices[device_id].kind
        if kind == Kind.WATCH:
            elsewhere.append(at)
        elif metric == "door":
            at_door.append(at)
        elif kind in INSIDE:
            inside[device_id] = max(at, inside.get(device_id, at))
    latest = max(inside, key=lambda key: inside[key], default=None)
    seeing = [device for device in devices.values() if device.kind in SEEING]
    heard = [device.last_seen_at for device in seeing if device.last_seen_at is not None]
    return Sights(
        inside_at=inside[latest] if latest else None,
        door_at=max(at_door, default=None),
        elsewhere_at=max(elsewhere, default=None),
        room=devices[latest].room if latest else "",
        heard_at=max(heard, default=None),
        are_silent=all(device.online is False for device in seeing),
    )
