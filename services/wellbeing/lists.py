"""The lists of nobody forgotten: overdue, owed soon, and those without somebody or something."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.wellbeing import policies, queries
from services.wellbeing.models import Watched

Rows = QuerySet[Watched]
Narrow = Callable[[Rows, datetime], Rows]

LISTS: Mapping[str, tuple[str | Promise, Narrow]] = {
    "overdue": (_("Overdue"), lambda rows, now: rows.filter(owed_at__lte=now)),
    "soon": (
        _("Owed within 24 hours"),
        lambda rows, now: rows.filter(owed_at__gt=now, owed_at__lte=now + policies.SOON),
    ),
    "no_contact": (_("No contact"), lambda rows, _now: queries.without_contact(rows)),
    "no_carer": (_("No carer"), lambda rows, _now: queries.without_carer(rows)),
    "quiet": (
        _("Not reminded in quiet hours"),
        lambda rows, now: queries.unasked_in_quiet_hours(rows, now=now),
    ),
    "no_device": (_("No working device"), lambda rows, _now: queries.without_device(rows)),
}


def listed(rows: Rows, name: str, *, now: datetime) -> Rows:
    """The rows of a list; all of them where no list has the name."""
    if name not in LISTS:
        return rows
    return LISTS[name][1](rows, now)


def counted(rows: Rows, *, now: datetime) -> list[tuple[str, str | Promise, int]]:
    """Each list by name, with what it is called and how many stand in it."""
    return [(name, label, narrow(rows, now).count()) for name, (label, narrow) in LISTS.items()]
