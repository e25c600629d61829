"""Key 9 of those who ring us: all is well."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from backend.people.queries import resident_by_phone
from notifications import inbound
from notifications.inbound import Caller, Choice
from notifications.replies import Spoken
from services.wellbeing.actions.answering import Answerer
from services.wellbeing.actions.okdays import report_ok
from services.wellbeing.models import Way


def say_ok(caller: Caller, _key: str, now: datetime) -> Spoken:
    """Take down that a resident who rings from their own number is well."""
    resident = resident_by_phone(caller.phone) if caller.phone else None
    if resident is None:
        return Spoken("ok_unknown_caller")
    who = Answerer(f"resident:{resident.pk}", resident.name, Way.CALLED, is_person=True)
    report_ok(resident, who=who, now=now)
    return Spoken("ok_thanks")


inbound.register_choice(Choice("9", _("If all is well with you, press 9."), say_ok))
