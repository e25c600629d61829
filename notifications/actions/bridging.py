"""A caller is put through to the first of several telephones whose owner presses a key."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.core import journal
from notifications.inbound import Connection, Line, bridge_news
from notifications.models import Bridge, BridgeLine, CallIn
from notifications.replies import Spoken

RUNG_FOR = timedelta(seconds=30)
LINES_MAX = 10
"""Source: twilio.com/docs/voice/twiml/number, ten numbers at once."""
WORTH_RINGING_S = 5
"""Twilio's shortest ring; with less time left nobody is rung again."""


@transaction.atomic
def open_bridge(call: CallIn, connection: Connection, *, now: datetime) -> Bridge:
    """Write down who is rung for a caller, and what is said to whom."""
    bridge = Bridge.objects.create(
        inbound=call,
        cause=connection.cause,
        words={
            "said": _kept(connection.said),
            "whisper": _kept(connection.whisper),
            "unanswered": _kept(connection.unanswered),
        },
        opened_at=now,
        until_at=now + RUNG_FOR,
    )
    BridgeLine.objects.bulk_create(
        BridgeLine(
            bridge=bridge,
            order=order,
            person=line.person,
            name=line.name[:60],
            phone=line.phone,
            language=line.language,
        )
        for order, line in enumerate(connection.lines[:LINES_MAX])
    )
    return bridge


def _kept(spoken: Spoken) -> dict[str, Any]:
    return {"template": spoken.template, "context": dict(spoken.context)}


def words_of(bridge: Bridge, name: str) -> Spoken:
    """What is said at a point of the connection: "said", "whisper", "unanswered"."""
    return Spoken(bridge.words[name]["template"], bridge.words[name]["context"])


def lines_to_ring(bridge: Bridge, *, now: datetime) -> list[BridgeLine]:
    """The telephones that may still be rung: none once it is decided or too late."""
    left_s = (bridge.until_at - now).total_seconds()
    if bridge.taken_at or bridge.missed_at or left_s < WORTH_RINGING_S:
        return []
    return list(bridge.lines.filter(picked_up_at=None))


def pick_up(line: BridgeLine, *, now: datetime) -> None:
    """A receiver was taken up: by a person, or by a machine."""
    BridgeLine.objects.filter(pk=line.pk, picked_up_at=None).update(picked_up_at=now)


@transaction.atomic
def take_bridge(line: BridgeLine, *, now: datetime) -> bool:
    """Who pressed the key speaks with the caller, if nobody else does; the same key again, too."""
    bridge = _locked(line.bridge_id)
    if bridge.taken_at is not None:
        return bridge.taken_by == line.person and bridge.ended_at is None
    if bridge.missed_at is not None or bridge.ended_at is not None:
        return False
    bridge.taken_by, bridge.taken_by_name, bridge.taken_at = line.person, line.name, now
    bridge.save(update_fields=["taken_by", "taken_by_name", "taken_at"])
    whose = Line(line.person, line.name, line.phone, line.language)
    bridge_news(bridge.cause).taken(bridge.cause, whose, now)
    _tell(bridge, "phone.connected", now)
    return True


@transaction.atomic
def miss(bridge: Bridge, *, now: datetime) -> None:
    """Nobody took the caller in time; told once."""
    locked = _locked(bridge.pk)
    if locked.taken_at is None and locked.missed_at is None:
        locked.missed_at = locked.ended_at = now
        locked.save(update_fields=["missed_at", "ended_at"])
        bridge_news(locked.cause).missed(locked.cause, now)


@transaction.atomic
def end_bridge(bridge: Bridge, *, spoke_s: int, now: datetime) -> None:
    """They have hung up; told once."""
    locked = _locked(bridge.pk)
    if locked.taken_at is not None and locked.ended_at is None:
        locked.ended_at = now
        locked.save(update_fields=["ended_at"])
        bridge_news(locked.cause).ended(locked.cause, spoke_s, now)


def _locked(bridge_id: UUID) -> Bridge:
    bridges = Bridge.objects.select_for_update(of=("self",)).select_related("inbound")
    return bridges.get(pk=bridge_id)


def _tell(bridge: Bridge, event: str, now: datetime) -> None:
    call = bridge.inbound
    journal.append(call.reference, event, at=now, by=bridge.taken_by, area_path=call.area_path)
