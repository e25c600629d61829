"""From an alarm to a call or an alert, with its reading and ledger entry in one transaction."""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import F

from backend.core import clock, ledger
from backend.core.crypto import Unreadable
from backend.core.rows import one_or_none
from backend.people.models import Household, Resident
from backend.places.datum import Position
from backend.places.models import Area
from devices import readings
from devices.actions import Signs, note_batteries
from devices.ingest.alarms import CallKind
from devices.ingest.meaning import BATTERY
from devices.models import Device
from services.alerts.actions import raise_alert
from services.emergencies.actions import Press, open_call

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(hours=24)
"""Resends come sooner; a device that gives every press the same name must not go unheard."""
WEAK_AGAIN_AFTER = timedelta(minutes=10)
"""So long a bare counter tells a resend; later it may be a new press after a change of battery."""

GONE = (Resident.LifeState.MOVED, Resident.LifeState.DIED)


class Claim(NamedTuple):
    """What somebody unknown says of themself."""

    name: str = ""
    phone: str = ""
    place: str = ""


class Alarm(NamedTuple):
    """An alarm to be raised: as a call of a kind, or as an alert of a kind.

    `device_id` is the device it came from; not verified, it is the one it claims to be, or the
    gateway it came through. `source` names the sender, by which alarms of nobody known collapse.
    """

    metric: str
    at: datetime
    source: str
    call: CallKind | None = None
    alert: str = ""
    verified: bool = True
    device_id: UUID | None = None
    resident_id: UUID | None = None
    key: str | None = None
    key_is_weak: bool = False
    position: Position | None = None
    claim: Claim = Claim()
    line: str = ""
    """Its reading, if it is one of a known device."""

    @property
    def message(self) -> ledger.Message | None:
        """Its name in the ledger; strangers have names of their own there."""
        if self.key is None:
            return None
        return (self.source if self.verified else f"unverified {self.source}"[:80], self.key[:80])


class Raised(NamedTuple):
    """What an alarm's call is known by to its sender, and whether the alarm was known already."""

    call_id: UUID | None = None
    is_duplicate: bool = False


class _Sender(NamedTuple):
    area: Area | None = None
    household: Household | None = None
    resident: Resident | None = None
    label: str = ""
    test_until: datetime | None = None


def raise_alarms(alarms: list[Alarm]) -> list[Raised]:
    """Raise a few alarms in one transaction."""
    with transaction.atomic():
        now = clock.now()
        return [_raise(alarm, now=now) for alarm in alarms]


def _raise(alarm: Alarm, *, now: datetime) -> Raised:
    message = alarm.message
    if message is not None and not _is_new(message, alarm):
        return Raised(_call_in(ledger.result_of(message)), is_duplicate=True)
    sender = _sender_of(alarm)
    if alarm.line:
        _keep_reading(alarm.line)
    if not alarm.call:
        if alarm.alert == BATTERY and alarm.device_id is not None:
            note_batteries({alarm.device_id: Signs(low_at=alarm.at)}, now=now)
        else:
            _tell_staff(alarm, sender, now=now)
        return Raised()
    call_id = _open(alarm, sender, now=now)
    if message is not None:
        ledger.note_result(message, f"call:{call_id}")
    return Raised(call_id)


def _is_new(message: ledger.Message, alarm: Alarm) -> bool:
    again_after = WEAK_AGAIN_AFTER if alarm.key_is_weak else AGAIN_AFTER
    return bool(ledger.take_all([message], again_after=again_after))


def _call_in(result: str) -> UUID | None:
    kind, _, identifier = result.partition(":")
    return UUID(identifier) if kind == "call" else None


def _open(alarm: Alarm, sender: _Sender, *, now: datetime) -> UUID:
    claim, position = alarm.claim, alarm.position
    # A device of nobody, such as one of somebody who was deleted: heard, and nobody's.
    is_known = alarm.verified and sender.area is not None
    positioned = "device" if alarm.verified else "claimed"
    press = Press(
        metric=alarm.metric,
        area=sender.area,
        household=sender.household,
        resident=sender.resident,
        source_device=alarm.device_id,
        source_label=sender.label,
        lat=position.lat if position else None,
        lon=position.lon if position else None,
        place_text=claim.place,
        place_source=positioned if position or claim.place else "home",
        verified=is_known,
        sender_key=_sender_key(alarm, sender),
        claimed_name=claim.name,
        claimed_phone=claim.phone,
        kind=alarm.call or "emergency",
        drill=_is_tried(alarm, sender, now),
        at=alarm.at,
    )
    return open_call(press=press, now=now).answer(now=now)


def _is_tried(alarm: Alarm, sender: _Sender, now: datetime) -> bool:
    """Whether the button was pressed to try it; smoke, gas and falls are never taken for that."""
    return (
        alarm.verified
        and alarm.metric == "sos"
        and sender.test_until is not None
        and now < sender.test_until
    )


def _sender_key(alarm: Alarm, sender: _Sender) -> str:
    """By what calls without a resident collapse: a home, else whoever sent it."""
    if alarm.verified and sender.household is not None:
        return f"household:{sender.household.pk}"
    return alarm.source if alarm.verified else f"unverified {alarm.source}"[:64]


def _tell_staff(alarm: Alarm, sender: _Sender, *, now: datetime) -> None:
    area = sender.area or Area.objects.filter(parent=None).order_by("path").first()
    if area is None:
        logger.error("an alert of %s has no area to go to", alarm.source)
        return
    raise_alert(
        kind=alarm.alert,
        area=area,
        household=sender.household,
        resident=sender.resident,
        source_device=alarm.device_id,
        detail={"at": alarm.at.isoformat(), "age_s": int((now - alarm.at).total_seconds())},
        now=now,
    )


def _sender_of(alarm: Alarm) -> _Sender:
    """Who sent an alarm; of those whose record cannot be read, only the area is told.

    A key that was lost must not cost a call for help: the desk still sees that a device of this
    area pressed.
    """
    try:
        return _known_sender(alarm)
    except Unreadable:
        logger.error("the record behind %s cannot be read", alarm.source)
        of_them = (
            {"residents": alarm.resident_id} if alarm.resident_id else {"devices": alarm.device_id}
        )
        homes = Household.objects.filter(**of_them).values("address__area")
        return _Sender(Area.objects.filter(pk__in=homes).first())


def _known_sender(alarm: Alarm) -> _Sender:
    """Whose alarm it is and where; an unverified one is nobody's, but may say from which home."""
    if alarm.resident_id is not None:
        residents = Resident.objects.select_related("area", "household__address")
        caller = residents.get(pk=alarm.resident_id)
        return _Sender(caller.area, caller.household, caller)
    device = _device_of(alarm)
    if device is None:
        return _Sender()
    resident = _resident_of(device) if alarm.verified else None
    household = device.household or (resident.household if resident else None)
    area = household.address.area if household else (resident.area if resident else None)
    tried = device.test_until if alarm.verified else None
    return _Sender(area, household, resident, device.label or device.room, tried)


def _device_of(alarm: Alarm) -> Device | None:
    devices = Device.objects.select_related("household__address__area", "resident__area")
    return one_or_none(devices.filter(pk=alarm.device_id)) if alarm.device_id else None


def _resident_of(device: Device) -> Resident | None:
    """Whose device it is; of an unassigned one, the eldest who lives there."""
    resident = device.resident
    if resident is not None and resident.life_state not in GONE:
        return resident
    if device.household is None:
        return resident
    return (
        device.household.residents.exclude(life_state__in=GONE)
        .select_related("area")
        .order_by(F("birth_date").asc(nulls_last=True), "pk")
        .first()
    )


def _keep_reading(line: str) -> None:
    """Store the alarm's reading; should that fail, the call is what counts."""
    try:
        with transaction.atomic():
            readings.copy([line])
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError as error:
        logger.error("the reading of an alarm was not stored: %s", type(error).__name__)
