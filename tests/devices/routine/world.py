"""Homes whose sensors have spoken, and doors that have listened."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from backend.people.models import Resident
from devices import readings
from devices.actions import note_listening
from devices.ingest.observation import observe
from devices.models import Device, Listening
from devices.routine import actions
from devices.routine.models import WatchedHome
from tests.builders import NOON, a_device
from tests.worlds import Cast

LISTENED = timedelta(days=3)


def fill(cast: Cast) -> None:
    """A watched home."""
    WatchedHome.objects.create(
        household=cast.resident.household, watched_since=NOON, moved_at=NOON, due_at=NOON
    )


def listened(*, until: datetime, since: timedelta = LISTENED) -> None:
    """The doors were open without a gap."""
    note_listening(now=until - since)
    Listening.objects.update(since=until - since, last_at=until)


def said(device: Device, metric: str, value: Any, at: datetime) -> None:
    """A device said something, and it is stored."""
    observation = observe(
        device=str(device.pk), metric=metric, value=value, at=at.isoformat(), received_at=at
    )
    readings.ensure_partitions(at)
    readings.copy([readings.line(str(device.pk), observation, received_at=at.isoformat())])
    heard_before = Q(last_seen_at=None) | Q(last_seen_at__lt=at)
    Device.objects.filter(heard_before, pk=device.pk).update(last_seen_at=at)


def a_motion_sensor(resident: Resident, **fields: Any) -> Device:
    return a_device(resident=resident, kind="motion", **{"room": "客厅", "online": True, **fields})


def a_door(resident: Resident) -> Device:
    return a_device(resident=resident, kind="door", room="入户门", online=True)


def watched_at(*moments: datetime) -> None:
    """The loop of `manage.py tick` ran at these moments, the doors being open."""
    for moment in moments:
        Listening.objects.update(last_at=moment)
        actions.find_homes(now=moment)
        actions.run_due(now=moment)


def the_home() -> WatchedHome:
    return WatchedHome.objects.get()
