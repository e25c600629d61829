"""What people are told about a call, and when: every message is a delivery owed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from backend.people import phones
from backend.people.models import Caregiver, Contact, Resident
from backend.people.names import short_name
from notifications.actions import Message, Recipient, owe_all, stop
from notifications.models import Channel, Delivery
from notifications.recipients import caregiver_recipient, contact_recipient, resident_recipient
from services.emergencies.models import DutyPhone, EmergencyCall, Offer
from services.emergencies.targets import Reachable

ASK_EXPIRES = timedelta(minutes=10)


def _context(call: EmergencyCall, language: str) -> dict[str, str]:
    who = short_name(call.resident, language) if call.resident else ""
    opened = timezone.localtime(call.opened_at)
    return {"who": who, "time": f"{opened:%H:%M}"}


def _owe(
    call: EmergencyCall,
    to: Recipient,
    template: str,
    *,
    channel: Channel,
    step_run: str,
    now: datetime,
    context: Mapping[str, str] | None = None,
    asks: bool = False,
    priority: int = Delivery.Priority.EMERGENCY,
    expires_at: datetime | None = None,
) -> Delivery | None:
    message = _message(
        call,
        to,
        template,
        channel=channel,
        step_run=step_run,
        context=context,
        asks=asks,
        priority=priority,
        expires_at=expires_at,
    )
    return next(iter(owe_all([message], now=now)), None)


def _message(
    call: EmergencyCall,
    to: Recipient,
    template: str,
    *,
    channel: Channel,
    step_run: str,
    context: Mapping[str, str] | None = None,
    asks: bool = False,
    priority: int = Delivery.Priority.EMERGENCY,
    expires_at: datetime | None = None,
) -> Message:
    return Message(
        cause=call.reference,
        step_run=step_run,
        to=to,
        channel=channel,
        template=template,
        context=_context(call, to.language) | dict(context or {}),
        asks=asks,
        priority=priority,
        area_path=call.area_path,
        resident_id=call.resident_id,
        expires_at=expires_at,
    )


def tell_heard(call: EmergencyCall, *, step_run: str, now: datetime) -> None:
    """The resident hears that the call has arrived, and later that we go on."""
    if call.resident:
        told = Delivery.objects.filter(cause=call.reference, template="call_heard")
        begins = call.round == 1 and call.step == 0
        template = "call_still_looking" if not begins and told.exists() else "call_heard"
        _ring_resident(call, call.resident, template, step_run=step_run, now=now, anew=begins)


def _ring_resident(
    call: EmergencyCall,
    resident: Resident,
    template: str,
    *,
    step_run: str,
    now: datetime,
    context: Mapping[str, str] | None = None,
    anew: bool = False,
) -> None:
    """Ring the resident for how it stands now, and no more for how it stood.

    `anew`: the call is new, nothing rings yet.
    """
    to = resident_recipient(resident)
    if not anew:
        stop(cause=call.reference, now=now, only_asking=False, person_prefix=to.reference)
    _owe(
        call,
        to,
        template,
        channel=Channel.VOICE,
        step_run=step_run,
        now=now,
        context=context,
    )


def ask(
    call: EmergencyCall, person: Reachable, channels: Iterable[str], *, step_run: str, now: datetime
) -> None:
    """Ask somebody who could go, on each of the channels that is not a screen."""
    ask_all(call, [person], channels, step_run=step_run, now=now)


def ask_all(
    call: EmergencyCall,
    people: Iterable[Reachable],
    channels: Iterable[str],
    *,
    step_run: str,
    now: datetime,
) -> None:
    """Ask several people at once; `ask` says how."""
    ways = [channel for channel in Channel if channel in channels]
    owed = [
        _message(
            call,
            person.to,
            "call_ask_caregiver" if person.caregiver else "call_ask_contact",
            channel=channel,
            step_run=step_run,
            asks=True,
            expires_at=now + ASK_EXPIRES,
        )
        for person in people
        if call.verified or not _is_asked_for_a_stranger(person.to, now)
        for channel in ways
    ]
    if owed:
        owe_all(owed, now=now)


def ring_duty(call: EmergencyCall, phone: DutyPhone, *, step_run: str, now: datetime) -> bool:
    """A call that nobody took rings a duty phone; whether it does."""
    to = Recipient(f"duty:{phone.pk}", phone.label, phone.phone, phone.language)
    if not call.verified and _is_asked_for_a_stranger(to, now):
        return False
    owed = _owe(
        call,
        to,
        "call_ask_duty",
        channel=Channel.VOICE,
        step_run=step_run,
        now=now,
        asks=True,
        expires_at=now + ASK_EXPIRES,
    )
    return owed is not None


def _is_asked_for_a_stranger(to: Recipient, now: datetime) -> bool:
    """Whether this number is being asked about a call of nobody known.

    It is asked about one of them at a time: a flood of invented calls must not keep the phones
    busy that known people need.
    """
    return Delivery.objects.filter(
        address_index=phones.index(to.address),
        cause__startswith="call:",
        resident_id=None,
        asks=True,
        state__in=Delivery.OPEN,
        final_at=None,
        created_at__gt=now - ASK_EXPIRES,
    ).exists()


def asked_contacts(call: EmergencyCall) -> list[Recipient]:
    """The contacts who were offered the call."""
    offers = call.offers.exclude(contact=None).select_related("contact")
    return [contact_recipient(offer.contact) for offer in offers if offer.contact]


def stop_asking(call: EmergencyCall, *, now: datetime, except_person: str = "") -> int:
    """End every question that is still open."""
    return stop(cause=call.reference, now=now, only_asking=True, except_person=except_person)


def stop_all(call: EmergencyCall, *, now: datetime) -> int:
    """End everything that is still owed: what comes next says how it ended."""
    return stop(cause=call.reference, now=now, only_asking=False)


def tell_accepted(call: EmergencyCall, *, minutes: int | None, now: datetime) -> None:
    """The resident hears who comes; family who was asked reads it."""
    step_run = f"accepted.{call.round}"
    responder = {"responder": call.accepted_by_name}
    if call.resident:
        template = "call_someone_comes" if minutes is None else "call_someone_comes_in"
        context = responder | {"minutes": str(minutes)}
        _ring_resident(call, call.resident, template, step_run=step_run, now=now, context=context)
    tell_family(call, "call_family_accepted", step_run=step_run, now=now, **responder)


def tell_family(
    call: EmergencyCall, template: str, *, step_run: str, now: datetime, **context: str
) -> None:
    """Every contact who was asked reads how it goes on, but not of their own doing."""
    for to in asked_contacts(call):
        if to.reference != call.accepted_by:
            _owe(
                call,
                to,
                template,
                channel=Channel.SMS,
                step_run=step_run,
                now=now,
                context=context,
            )


def tell_responder_released(call: EmergencyCall, offer: Offer, *, now: datetime) -> None:
    """Somebody who was to come is told that others are asked again."""
    to = _recipient(offer.caregiver, offer.contact)
    if to is None:
        return
    _owe(
        call,
        to,
        "call_asked_others",
        channel=Channel.SMS,
        step_run=f"released.{call.round}",
        now=now,
    )


def ask_to_close(call: EmergencyCall, *, step_run: str, now: datetime) -> bool:
    """Whoever is there is asked whether it is over; whether there is somebody to be asked."""
    to = _recipient(call.accepted_by_caregiver, call.accepted_by_contact)
    if to is None:
        return False
    template = "call_close_caregiver" if call.accepted_by_caregiver else "call_close_contact"
    urgent = Delivery.Priority.URGENT
    _owe(call, to, template, channel=Channel.SMS, step_run=step_run, now=now, priority=urgent)
    return True


def _recipient(caregiver: Caregiver | None, contact: Contact | None) -> Recipient | None:
    if caregiver:
        return caregiver_recipient(caregiver)
    return contact_recipient(contact) if contact else None


def stop_duty(call: EmergencyCall, *, now: datetime) -> None:
    """The duty phones stop ringing for a call that somebody took."""
    stop(cause=call.reference, now=now, only_asking=True, person_prefix="duty:")
