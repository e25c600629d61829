"""Key 2 of those who ring us: somebody rings back about a service."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from notifications import inbound
from notifications.inbound import Caller, Choice
from notifications.replies import Spoken
from services.emergencies.callers import call_of
from services.emergencies.models import EmergencyCall

KEY = "2"


def ask_to_be_rung_back(caller: Caller, _key: str, now: datetime) -> Spoken:
    """A call for a service on the operators' board; from an unknown number an unverified one."""
    call_of(caller, EmergencyCall.Kind.SERVICE, now=now)
    return Spoken("order_back_soon")


inbound.register_choice(Choice(KEY, _("If you need a service, press 2."), ask_to_be_rung_back))
