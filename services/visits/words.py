"""How it is said to a resident that somebody comes: a whole sentence a service."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from services.visits.models import Service, Visit

COMES: dict[str, str | Promise] = {
    Service.BATHING: _("%(names)s comes to help you bathe"),
    Service.MEALS: _("%(names)s brings your meal"),
    Service.CLEANING: _("%(names)s comes to clean"),
    Service.PERSONAL_CARE: _("%(names)s comes to look after you"),
    Service.NURSING: _("%(names)s comes to nurse you"),
    Service.MEDICINE: _("%(names)s comes with your medicines"),
    Service.REHABILITATION: _("%(names)s comes to exercise with you"),
    Service.ERRANDS: _("%(names)s comes to do errands for you"),
    Service.ESCORT: _("%(names)s comes to go to the doctor with you"),
    Service.COMPANY: _("%(names)s comes to keep you company"),
    Service.WELFARE: _("%(names)s comes to see how you are"),
}


def joined(names: Sequence[str]) -> str:
    """Names as they are said together."""
    return pgettext("between two names", " and ").join(names)


def on_day(at: datetime) -> str:
    """A day by its name and the hour, which stay true however late they are read."""
    local = timezone.localtime(at)
    form = pgettext("a day with its weekday, as Django's date format", "l, j F")
    said = {"day": date_format(local, form), "time": f"{local:%H:%M}"}
    return gettext("on %(day)s at %(time)s") % said


def who_comes(visit: Visit, names: Sequence[str]) -> str:
    """Who comes and what for; somebody, where nobody is named yet."""
    if visit.state == Visit.State.IN_PROGRESS:
        return gettext("%(names)s is with you") % {"names": joined(names)}
    said = joined(names) if names else gettext("Somebody")
    return str(COMES[visit.service]) % {"names": said}
