"""People who ring the care centre, or write to it, by themselves."""

from datetime import datetime

from backend.people.models import Contact, Resident
from backend.people.phones import index
from backend.people.queries import contact_by_phone, resident_by_phone
from backend.places.models import Area
from notifications.inbound import HELP_KEY, Caller, register_inbound
from notifications.replies import Spoken
from services.emergencies.actions import Press, open_call
from services.emergencies.models import EmergencyCall

Kind = EmergencyCall.Kind

SENDER_KEY_SIGNS = 64


def answer_to_caller(caller: Caller, key: str, now: datetime) -> Spoken:
    """Key 1 is a call for help; a caller who said nothing is called back by the desk."""
    call = call_of(caller, Kind.EMERGENCY if key == HELP_KEY else Kind.CONSULTATION, now=now)
    return Spoken("inbound_heard" if call.kind == Kind.EMERGENCY else "inbound_rung_back")


def call_of(caller: Caller, kind: Kind, *, now: datetime) -> EmergencyCall:
    """The call that the desk has of somebody who rang.

    A resident's own number is trusted; anybody else's call is unverified, and from a withheld
    number each is a call of its own. A contact's stands in the area of whom they are called for.
    Of somebody whose record cannot be read it is a stranger's.
    """
    resident = resident_by_phone(caller.phone)
    contact = contact_by_phone(caller.phone)
    source = index(caller.phone) or caller.provider_id
    press = Press(
        metric="phone",
        area=_area(resident, contact),
        household=resident.household if resident else None,
        resident=resident,
        verified=resident is not None,
        sender_key=f"phone:{source}"[:SENDER_KEY_SIGNS],
        claimed_name=contact.name if contact and not resident else "",
        claimed_phone=caller.phone,
        kind=kind,
    )
    return open_call(press=press, now=now).call


def _area(resident: Resident | None, contact: Contact | None) -> Area | None:
    if resident is not None:
        return resident.area
    return contact.resident.area if contact is not None else None


register_inbound(answer_to_caller)
