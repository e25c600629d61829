"""A caller speaks with a person of the desk, or is rung back."""

from datetime import datetime

from django.db import transaction

from backend.accounts.models import User
from backend.people import phones
from notifications.actions import Recipient, owe
from notifications.models import Channel, Delivery
from services.emergencies import watching
from services.emergencies.actions.handling import mark_spoken, take_call
from services.emergencies.errors import CallClosed, CallTaken
from services.emergencies.models import DeskPhone, EmergencyCall
from services.emergencies.record import record


@transaction.atomic
def speak_with(call: EmergencyCall, *, by: str, name: str, now: datetime) -> None:
    """Somebody of the desk took the caller: the call is theirs, unless a colleague has it."""
    try:
        take_call(call, by=by, name=name, now=now)
    except (CallTaken, CallClosed):
        call.refresh_from_db()
    mark_spoken(call, by=by, now=now)
    record(call, "call.put_through", now=now, by=by, data={"name": name})


@transaction.atomic
def end_speaking(call: EmergencyCall, *, spoke_s: int, now: datetime) -> None:
    """They have hung up."""
    record(call, "call.hung_up", now=now, data={"seconds": spoke_s})


@transaction.atomic
def ask_for_call_back(call: EmergencyCall, *, now: datetime) -> None:
    """Nobody of the desk could take the caller: it waits there, and the duty phones are told.

    Told once an hour at most: who rings again and again is still one person to ring back.
    """
    record(call, "call.call_back_wanted", now=now)
    for phone in watching.duty_phones_for(call.area_path):
        owe(
            cause=call.reference,
            step_run=f"call_back.{now:%Y%m%d%H}",
            to=Recipient(f"duty:{phone.pk}", phone.label, phone.phone, phone.language),
            channel=Channel.SMS,
            template="call_back_wanted",
            context={},
            asks=False,
            priority=Delivery.Priority.ROUTINE,
            now=now,
            area_path=call.area_path,
            resident_id=None,
        )


def set_desk_phone(user: User, *, phone: str, now: datetime) -> None:
    """Callers are put through to this telephone while the person watches a board; "" for none.

    Raises:
        BadPhone: it is no telephone number.
    """
    if not phone.strip():
        DeskPhone.objects.filter(user=user).delete()
        return
    number = phones.normalized(phone)
    values = {"phone": number, "set_at": now}
    DeskPhone.objects.update_or_create(user=user, defaults=values)
