"""Key 3 of those who ring us: when the next visit is, and who comes."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.people.queries import resident_by_phone
from notifications import inbound
from notifications.inbound import Caller, Choice
from notifications.replies import Spoken
from services.visits.models import Visit
from services.visits.queries import GOING
from services.visits.words import joined, on_day


def say_next_visit(caller: Caller, _key: str, now: datetime) -> Spoken:
    """Tell a resident who rings from their own number; nobody else is told anything."""
    resident = resident_by_phone(caller.phone) if caller.phone else None
    if resident is None:
        return Spoken("visit_unknown_caller")
    visit = (
        Visit.objects.filter(resident=resident, state__in=Visit.OPEN, window_ends_at__gt=now)
        .prefetch_related(GOING)
        .order_by("window_starts_at", "pk")
        .first()
    )
    if visit is None:
        return Spoken("visit_none_ahead")
    with translation.override(resident.language):
        when = _when(visit, now)
        service = visit.get_service_display()
    names = [each.caregiver.name for each in getattr(visit, "going", [])]
    if not names:
        return Spoken("visit_next", {"when": when, "service": service})
    with translation.override(resident.language):
        carer = joined(names)
    return Spoken("visit_next_by", {"when": when, "service": service, "carer": carer})


def _when(visit: Visit, now: datetime) -> str:
    local = timezone.localtime(visit.shown_at)
    days = (local.date() - timezone.localtime(now).date()).days
    hour = {"time": f"{local:%H:%M}"}
    if days == 0:
        return gettext("today at %(time)s") % hour
    if days == 1:
        return gettext("tomorrow at %(time)s") % hour
    return on_day(visit.shown_at)


inbound.register_choice(Choice("3", _("To hear when your next visit is, press 3."), say_next_visit))
