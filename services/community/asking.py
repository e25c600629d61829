"""Key 2 of those who ring us: somebody rings back about a service."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from backend.people.phones import index
from backend.people.queries import contact_by_phone, resident_by_phone
from notifications import inbound
from notifications.inbound import Caller, Choice
from notifications.replies import Spoken
from services.emergencies.actions import Press, open_call
from services.emergencies.models import EmergencyCall

KEY = "2"
SENDER_KEY_SIGNS = 64


def ask_to_be_rung_back(caller: Caller, _key: str, now: datetime) -> Spoken:
    """A call for a service on the operators' board; from an unknown number an unverified one."""
    resident = resident_by_phone(caller.phone) if caller.phone else None
    contact = contact_by_phone(caller.phone) if caller.phone else None
    source = index(caller.phone) or caller.provider_id
    press = Press(
        metric="phone",
        area=resident.area if resident else None,
        household=resident.household if resident else None,
        resident=resident,
        verified=resident is not None,
        sender_key=f"phone:{source}"[:SENDER_KEY_SIGNS],
        claimed_name=contact.name if contact and not resident else "",
        claimed_phone=caller.phone,
        kind=EmergencyCall.Kind.SERVICE,
    )
    open_call(press=press, now=now)
    return Spoken("order_back_soon")


inbound.register_choice(Choice(KEY, _("If you need a service, press 2."), ask_to_be_rung_back))
