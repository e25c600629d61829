"""Finding out who called: a call of nobody known becomes the call of a resident."""

import math
from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.core import hints, journal
from backend.people.models import Resident
from services.emergencies import ladder, telling
from services.emergencies.actions.handling import resolve_call
from services.emergencies.actions.opening import Press, press_again
from services.emergencies.actions.responding import (
    Responder,
    accept_call,
    arrive,
    set_on_the_way,
)
from services.emergencies.errors import CallClosed, CallIdentified
from services.emergencies.models import EmergencyCall, Note
from services.emergencies.record import record

Kind = EmergencyCall.Kind
State = EmergencyCall.State

SAID = ("claimed", "device")
"""Sources of a position that is the caller's own, and not that of some home."""


@transaction.atomic
def identify_call(
    call: EmergencyCall, *, resident: Resident, by: str, name: str = "", now: datetime
) -> EmergencyCall:
    """Tie an unverified call to a resident, whose ladder it climbs from now on.

    If a call of theirs is open already, this one is closed as its duplicate and its presses count
    there. Answers the call that goes on; the same resident again changes nothing. `name` is the
    operator's, for a note of what would else be lost.

    Raises:
        CallIdentified: it is known to be of somebody else.
        CallClosed: the call is resolved.
    """
    call = EmergencyCall.objects.select_for_update().get(pk=call.pk)
    if call.identified_at is not None and call.resident_id == resident.pk:
        return call.duplicate_of or call
    if call.verified:
        raise CallIdentified
    if call.state == State.RESOLVED:
        raise CallClosed
    while (running := _running_call_of(resident, besides=call)) is None:
        with suppress(IntegrityError), transaction.atomic():
            EmergencyCall.objects.filter(pk=call.pk).update(resident=resident)
            break
    _audit(call, resident, by, now)
    if running is not None:
        return _merge(call, into=running, resident=resident, by=by, now=now)
    _keep_what_was_said(call, resident, by, name, now)
    _make_theirs(call, resident, by, now)
    _go_on(call, now)
    return call


def _running_call_of(resident: Resident, *, besides: EmergencyCall) -> EmergencyCall | None:
    """Their open call; a press that makes one at this moment is waited for by the constraint."""
    calls = EmergencyCall.objects.exclude(state=State.RESOLVED).exclude(pk=besides.pk)
    return calls.filter(resident=resident).select_for_update().first()


def _audit(call: EmergencyCall, resident: Resident, by: str, now: datetime) -> None:
    audit(
        actor=by,
        action=AuditRow.Action.CHANGE,
        subject=call.reference,
        now=now,
        resident_id=resident.pk,
        fields=["resident"],
    )


def _keep_what_was_said(
    call: EmergencyCall, resident: Resident, by: str, name: str, now: datetime
) -> None:
    """A place that was only told in words gives way to the home, and stays as a note."""
    said = call.place_text and not _has_own_position(call)
    if said and call.place_text != resident.household.address.text:
        text = gettext("The caller said: %(place)s") % {"place": call.place_text}
        Note.objects.create(call=call, at=now, by=by, by_name=name, text=text)


def _has_own_position(call: EmergencyCall) -> bool:
    return call.place_source in SAID and call.place_lat is not None and call.place_lon is not None


def _make_theirs(call: EmergencyCall, resident: Resident, by: str, now: datetime) -> None:
    """The resident's people, area and home; a position of the caller's own stays the place."""
    left = call.area_path
    call.resident = resident
    call.household = resident.household
    call.area, call.area_path = resident.area, resident.area.path
    call.verified = True
    call.identified_at = now
    if not _names_one_sender(call):
        call.sender_key = ""
    home = resident.household.address
    if _has_own_position(call):
        call.place_text = call.place_text or home.text
    else:
        call.place_text, call.place_source = home.text, "home"
        call.place_lat, call.place_lon = home.lat, home.lon
    call.policy = ladder.policy_snapshot(call)
    call.save()
    record(call, "call.identified", now=now, by=by, data={"person": f"resident:{resident.pk}"})
    if left and not left.startswith(call.area_path) and not call.area_path.startswith(left):
        journal.append(call.reference, "call.moved_away", at=now, by=by, area_path=left)


def _names_one_sender(call: EmergencyCall) -> bool:
    """Whether the source is one telephone or device; behind others may be another person."""
    return call.source_device is not None or call.sender_key.startswith("phone:")


def _go_on(call: EmergencyCall, now: datetime) -> None:
    """Their people are asked from the first step on, or hear who is coming already."""
    if call.state == State.RINGING and call.kind == Kind.EMERGENCY:
        ladder.begin_round(call, now=now)
        call.save(update_fields=["round", "step", "round_started_at", "due_at"])
        ladder.take_step(call, now=now)
        hints.give(hints.DUE)
    elif call.state in {State.ACCEPTED, State.ON_THE_WAY}:
        telling.tell_accepted(call, minutes=_minutes_left(call, now), now=now)


def _merge(
    call: EmergencyCall, *, into: EmergencyCall, resident: Resident, by: str, now: datetime
) -> EmergencyCall:
    """Close a call as the duplicate of the open one, which gets its presses and its responder."""
    person = {"person": f"resident:{resident.pk}", "merged": True}
    record(call, "call.identified", now=now, by=by, data=person)
    coming = EmergencyCall.objects.select_related("accepted_by_caregiver").get(pk=call.pk)
    resolve_call(call, by=by, outcome=EmergencyCall.Outcome.DUPLICATE, now=now)
    EmergencyCall.objects.filter(pk=call.pk).update(
        resident=resident, verified=True, identified_at=now, duplicate_of=into
    )
    press = Press(metric=call.source_metric, kind=call.kind, at=call.last_press_at)
    press_again(into, press, times=call.presses, now=now)
    if into.state == State.RINGING and coming.accepted_by_caregiver:
        into = _bring_along(coming, into, now)
    return into


def _bring_along(coming: EmergencyCall, into: EmergencyCall, now: datetime) -> EmergencyCall:
    """Who was going to the duplicate goes to the call that goes on."""
    assert coming.accepted_by_caregiver is not None  # noqa: S101 - asked by the caller
    going = Responder.of_caregiver(
        coming.accepted_by_caregiver, minutes=_minutes_left(coming, now), by_phone=True
    )
    into = accept_call(into, responder=going, now=now)
    if into.accepted_by == going.reference and coming.on_the_way_at:
        into = set_on_the_way(into, by=going.reference, now=now)
    if into.accepted_by == going.reference and coming.arrived_at:
        into = arrive(into, by=going.reference, now=now)
    return into


def _minutes_left(call: EmergencyCall, now: datetime) -> int | None:
    if call.expected_at is None:
        return None
    return max(0, math.ceil((call.expected_at - now).total_seconds() / 60))
