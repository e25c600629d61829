"""A press becomes a call, or is added to the one that is open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.core import hints
from backend.core.rows import one_or_none
from backend.people.models import Household, Resident
from backend.places.models import Area
from services.emergencies import ladder, policies, watching
from services.emergencies.models import EmergencyCall, Receipt
from services.emergencies.record import record

Kind = EmergencyCall.Kind
State = EmergencyCall.State


@dataclass(frozen=True)
class Press:
    """What is known when somebody calls for help; only `metric` must be."""

    metric: str
    area: Area | None = None
    household: Household | None = None
    resident: Resident | None = None
    source_device: UUID | None = None
    source_label: str = ""
    lat: float | None = None
    lon: float | None = None
    place_text: str = ""
    place_source: str = "home"
    verified: bool = True
    sender_key: str = ""
    claimed_name: str = ""
    claimed_phone: str = ""
    kind: str = Kind.EMERGENCY
    drill: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """The call of a press, and whether the press made it."""

    call: EmergencyCall
    created: bool

    def answer(self, *, now: datetime) -> UUID:
        """What whoever pressed may know the call by; belongs to the transaction of the press.

        The key of a stranger's call is told to the one who made it, and to nobody who only knows
        their number: a later press gets a receipt of its own.
        """
        if self.created or self.call.verified:
            return self.call.pk
        return Receipt.objects.create(call=self.call, given_at=now).pk


@transaction.atomic(savepoint=False)
def open_call(*, press: Press, now: datetime) -> Opened:
    """Open a call and run its first step, or count the press on the open call.

    One call is open per resident, and per source where nobody is known. A press on an open call
    is shown and brings its next step forward; long after somebody arrived, or when it is the first
    for help on a call for a service, people are called anew.
    """
    while True:
        call = _open_one(press)
        if call is not None:
            press_again(call, press, now=now)
            return Opened(call, created=False)
        call = _new(press, now)
        # Somebody else may be opening it just now: then theirs is the call, once it is there.
        EmergencyCall.objects.bulk_create([call], ignore_conflicts=True)
        if EmergencyCall.objects.filter(pk=call.pk).exists():
            _start(call, press, now)
            return Opened(call, created=True)


def _open_one(press: Press) -> EmergencyCall | None:
    calls = EmergencyCall.objects.exclude(state=State.RESOLVED).select_for_update()
    if press.resident is not None:
        return one_or_none(calls.filter(resident=press.resident))
    if press.sender_key:
        return one_or_none(calls.filter(sender_key=press.sender_key))
    return None


def _new(press: Press, now: datetime) -> EmergencyCall:
    area = press.area or Area.objects.filter(parent=None).order_by("path").first()
    home = press.household.address if press.household else None
    positioned = press.lat is not None and press.lon is not None
    call = EmergencyCall(
        kind=press.kind,
        verified=press.verified,
        drill=press.drill,
        resident=press.resident,
        household=press.household,
        area=area,
        area_path=area.path if area else "",
        source_device=press.source_device,
        source_label=press.source_label[:60],
        source_metric=press.metric,
        sender_key="" if press.resident else press.sender_key,
        claimed_name=press.claimed_name,
        claimed_phone=press.claimed_phone,
        place_text=press.place_text or (home.text if home else ""),
        place_lat=press.lat if positioned else (home.lat if home else None),
        place_lon=press.lon if positioned else (home.lon if home else None),
        place_source=_place_source(press, positioned=positioned),
        opened_at=now,
        last_press_at=now,
        round_started_at=now,
        due_at=now,
    )
    call.policy = ladder.policy_snapshot(call)
    if call.kind == Kind.EMERGENCY:
        call.duty_due_at = watching.duty_due_at(call, now=now)
    return call


def _place_source(press: Press, *, positioned: bool) -> str:
    if positioned or press.place_text:
        return press.place_source
    return "home" if press.household else "unknown"


def _start(call: EmergencyCall, press: Press, now: datetime) -> None:
    record(call, "call.opened", now=now, data=_about(call, press), offered=())
    ladder.take_step(call, now=now)
    if call.due_at is not None and call.due_at <= now:
        hints.give(hints.DUE)


def press_again(call: EmergencyCall, press: Press, *, now: datetime, times: int = 1) -> None:
    """Count the press; whoever waits is asked sooner, whoever is on the way stays on it.

    The call is locked by the caller. `times`: how often it was pressed.
    """
    pulled = now - call.last_press_at >= policies.PRESS_PULLS_AGAIN
    more_dangerous = press.metric in policies.AT_ONCE and press.metric != call.source_metric
    becomes_emergency = call.kind != Kind.EMERGENCY and press.kind == Kind.EMERGENCY
    begins_anew = becomes_emergency or _is_long_with_them(call, now)
    call.presses += times
    call.last_press_at = now
    call.drill = call.drill and press.drill
    if becomes_emergency:
        call.kind = Kind.EMERGENCY
        call.policy = ladder.policy_snapshot(call)
    if becomes_emergency or policies.is_worse(press.metric, than=call.source_metric):
        call.source_metric = press.metric
    if call.state == State.RINGING and (pulled or more_dangerous):
        call.due_at = now
    if call.kind == Kind.EMERGENCY and (pulled or more_dangerous):
        call.duty_due_at = watching.duty_due_at(call, now=now)
    call.save()
    record(call, "call.pressed_again", now=now, data=_about(call, press))
    if begins_anew:
        ladder.rearm(call, why="pressed_again", now=now)
        ladder.take_step(call, now=now)
    hints.give(hints.DUE)


def _is_long_with_them(call: EmergencyCall, now: datetime) -> bool:
    """Whether somebody arrived so long ago that they may have left without closing the call."""
    return (
        call.state == State.ARRIVED
        and call.arrived_at is not None
        and now - call.arrived_at >= policies.ARRIVAL_HOLDS
    )


def _about(call: EmergencyCall, press: Press) -> dict[str, object]:
    return {
        "kind": call.kind,
        "metric": press.metric,
        "verified": call.verified,
        "danger": policies.danger_of(call),
        "presses": call.presses,
        "drill": call.drill,
        "sent_at": press.at.isoformat() if press.at else None,
    }
