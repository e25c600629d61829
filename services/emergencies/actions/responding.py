"""Those who go: accept, on the way, decline, arrive, hand over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from backend.core import hints
from backend.people.models import Caregiver, Contact
from notifications.recipients import caregiver_recipient, contact_recipient
from services.emergencies import ladder, policies, telling
from services.emergencies.errors import CallClosed, CallTaken, NotYours
from services.emergencies.models import EmergencyCall, Offer
from services.emergencies.record import record
from services.emergencies.targets import Reachable

State = EmergencyCall.State


@dataclass(frozen=True)
class Responder:
    """Somebody who may go: a caregiver, or a contact of the resident."""

    reference: str
    name: str
    caregiver: Caregiver | None = None
    contact: Contact | None = None
    minutes: int | None = None
    """How long they need to the door, or None: they did not say."""
    by_phone: bool = False
    """They answered by a key or a text and have no app to say more with."""

    @classmethod
    def of_caregiver(
        cls, caregiver: Caregiver, *, minutes: int | None = None, by_phone: bool = False
    ) -> "Responder":
        """A caregiver as responder."""
        return cls(
            f"caregiver:{caregiver.pk}",
            caregiver.name,
            caregiver=caregiver,
            minutes=minutes,
            by_phone=by_phone,
        )

    @classmethod
    def of_contact(
        cls, contact: Contact, *, minutes: int | None = None, by_phone: bool = False
    ) -> "Responder":
        """A contact as responder."""
        return cls(
            f"contact:{contact.pk}",
            contact.name,
            contact=contact,
            minutes=contact.minutes_to_door if minutes is None else minutes,
            by_phone=by_phone,
        )

    def offered(self) -> Reachable:
        """The same person as somebody a call is offered to."""
        if self.caregiver:
            return Reachable(
                caregiver_recipient(self.caregiver), caregiver=self.caregiver, minutes=self.minutes
            )
        assert self.contact is not None  # noqa: S101 - a responder is one or the other
        return Reachable(
            contact_recipient(self.contact), contact=self.contact, minutes=self.minutes
        )


@transaction.atomic
def accept_call(call: EmergencyCall, *, responder: Responder, now: datetime) -> EmergencyCall:
    """Give the call to the first who is going and stop its ladder.

    The first accept wins; accepting one's own call again changes nothing. Who says to need
    longer than the policy allows is recorded and shown, and stops nothing.

    Raises:
        CallTaken: another responder was first.
        CallClosed: the call is resolved.
    """
    limit_min = _limit_min(call)
    if responder.minutes is not None and responder.minutes > limit_min:
        return _accept_from_afar(call, responder, now)
    expected_min = limit_min if responder.minutes is None else responder.minutes
    expected_at = now + timedelta(minutes=expected_min)
    on_the_way_by = now + policies.ON_THE_WAY_WITHIN
    won = EmergencyCall.objects.filter(pk=call.pk, state=State.RINGING).update(
        state=State.ACCEPTED,
        accepted_by=responder.reference,
        accepted_by_name=responder.name,
        accepted_by_caregiver=responder.caregiver,
        accepted_by_contact=responder.contact,
        accepted_at=now,
        expected_at=expected_at,
        due_at=expected_at + policies.ARRIVAL_GRACE if responder.by_phone else on_the_way_by,
        duty_due_at=None,
    )
    call.refresh_from_db()
    if not won:
        return _not_won(call, responder)
    _answer(call, responder, Offer.Answer.GOING, now)
    telling.stop_asking(call, now=now, except_person=responder.reference)
    telling.tell_accepted(call, minutes=responder.minutes, now=now)
    record(
        call,
        "call.accepted",
        now=now,
        by=responder.reference,
        data={"person": responder.reference, "expected_at": expected_at.isoformat()},
    )
    return call


def _not_won(call: EmergencyCall, responder: Responder) -> EmergencyCall:
    if call.state == State.RESOLVED:
        raise CallClosed
    if call.accepted_by == responder.reference:
        return call
    raise CallTaken(accepted_by=call.accepted_by, accepted_by_name=call.accepted_by_name)


def _accept_from_afar(call: EmergencyCall, responder: Responder, now: datetime) -> EmergencyCall:
    call.refresh_from_db()
    if call.state != State.RINGING:
        return _not_won(call, responder)
    _answer(call, responder, Offer.Answer.TOO_FAR, now)
    record(
        call,
        "call.accepted_from_afar",
        now=now,
        by=responder.reference,
        data={"person": responder.reference, "minutes": responder.minutes},
    )
    return call


def _limit_min(call: EmergencyCall) -> int:
    """How long a responder may need to the door."""
    limit_min: int = call.policy.get("arrive_within_min", policies.DEFAULT_ARRIVE_WITHIN_MIN)
    return limit_min


def _turns_out_far(call: EmergencyCall, minutes: int, by: str, now: datetime) -> EmergencyCall:
    person = call.accepted_by
    ladder.rearm(call, why="too_far", now=now, by=by)
    call.offers.filter(person=person).update(
        answer=Offer.Answer.TOO_FAR, answered_at=now, minutes_to_door=minutes
    )
    data = {"person": person, "minutes": minutes}
    record(call, "call.accepted_from_afar", now=now, by=by, data=data)
    hints.give(hints.DUE)
    return call


def _answer(call: EmergencyCall, responder: Responder, answer: Offer.Answer, now: datetime) -> None:
    ladder.offer_to(call, responder.offered(), now=now)
    call.offers.filter(person=responder.reference).update(
        answer=answer, answered_at=now, minutes_to_door=responder.minutes
    )


@transaction.atomic
def set_on_the_way(
    call: EmergencyCall,
    *,
    by: str,
    now: datetime,
    minutes: int | None = None,
    at: datetime | None = None,
) -> EmergencyCall:
    """The responder has set out; arrival is now waited for. Again changes only the time stated.

    Who says to need longer than the policy allows is recorded and shown, and others are asked.
    `at` is when they did, told later for want of network.

    Raises:
        NotYours, CallClosed: `by` is not the responder; the call is resolved.
    """
    call = _locked(call)
    _require_responder(call, by)
    if call.state == State.ARRIVED:
        return call
    if minutes is not None and minutes > _limit_min(call):
        return _turns_out_far(call, minutes, by, now)
    first = call.state == State.ACCEPTED
    if minutes is not None:
        call.expected_at = now + timedelta(minutes=minutes)
    call.state = State.ON_THE_WAY
    call.on_the_way_at = call.on_the_way_at or happened_at(call, at, now=now)
    call.due_at = max(call.expected_at or now, now) + policies.ARRIVAL_GRACE
    call.save(update_fields=["state", "on_the_way_at", "expected_at", "due_at"])
    if first or minutes is not None:
        expected = call.expected_at.isoformat() if call.expected_at else None
        record(call, "call.on_the_way", now=now, by=by, data={"expected_at": expected})
    return call


@transaction.atomic
def decline_call(
    call: EmergencyCall, *, responder: Responder, stays_informed: bool = False, now: datetime
) -> EmergencyCall:
    """Somebody cannot go. When all who were asked said so, the next step comes at once.

    A responder who had accepted gives the call back.
    """
    call = _locked(call)
    answer = Offer.Answer.INFORMED if stays_informed else Offer.Answer.CANNOT
    _answer(call, responder, answer, now)
    record(
        call,
        "call.declined",
        now=now,
        by=responder.reference,
        data={"person": responder.reference, "answer": answer.value},
    )
    if call.state == State.RINGING:
        if not call.offers.filter(answer=Offer.Answer.NONE).exists():
            EmergencyCall.objects.filter(pk=call.pk).update(due_at=now)
            hints.give(hints.DUE)
    elif call.accepted_by == responder.reference and call.state != State.RESOLVED:
        ladder.rearm(call, why="given_back", now=now)
        hints.give(hints.DUE)
    call.refresh_from_db()
    return call


@transaction.atomic
def arrive(
    call: EmergencyCall, *, by: str, now: datetime, at: datetime | None = None
) -> EmergencyCall:
    """The responder is at the door; nothing is waited for any more but that a person closes it.

    The desk may say so for a responder who has no app (`by` a user of the desk). `at` is when it
    was, told later for want of network.

    Raises:
        NotYours, CallClosed: nobody accepted it; the call is resolved.
    """
    call = _locked(call)
    _require_responder(call, by)
    if call.state == State.ARRIVED:
        return call
    call.state = State.ARRIVED
    call.arrived_at = happened_at(call, at, now=now)
    call.due_at = max(call.arrived_at + policies.CLOSE_WITHIN, now)
    call.save(update_fields=["state", "arrived_at", "due_at"])
    record(call, "call.arrived", now=now, by=by)
    telling.tell_family(
        call,
        "call_family_arrived",
        step_run=f"arrived.{call.round}",
        now=now,
        responder=call.accepted_by_name,
    )
    return call


@transaction.atomic
def hand_over(
    call: EmergencyCall, *, by: str, to: Responder | None, now: datetime
) -> EmergencyCall:
    """Give the call on: it rings again, and `to` is asked before anybody else.

    Raises:
        NotYours, CallClosed: `by` is not the responder; the call is resolved.
    """
    call = _locked(call)
    if call.state != State.RINGING:
        _require_responder(call, by)
        ladder.rearm(call, why="handed_over", now=now, by=by)
    if to is not None:
        ladder.offer_to(call, to.offered(), now=now)
        channels = ["voice", "sms"]
        step_run = f"{call.round}.handed_over.{to.reference}"
        telling.ask(call, to.offered(), channels, step_run=step_run, now=now)
    record(
        call,
        "call.handed_over",
        now=now,
        by=by,
        data={"person": to.reference if to else None},
    )
    hints.give(hints.DUE)
    return call


def happened_at(call: EmergencyCall, at: datetime | None, *, now: datetime) -> datetime:
    """When something happened that is told now: not before it was accepted, not in the future."""
    return min(max(at, call.accepted_at or call.opened_at), now) if at else now


def _locked(call: EmergencyCall) -> EmergencyCall:
    locked = EmergencyCall.objects.select_for_update().get(pk=call.pk)
    if locked.state == State.RESOLVED:
        raise CallClosed
    return locked


def _require_responder(call: EmergencyCall, by: str) -> None:
    """The responder speaks for themself; a user of the desk speaks for a responder."""
    if not call.accepted_by or (by != call.accepted_by and not by.startswith("user:")):
        raise NotYours
