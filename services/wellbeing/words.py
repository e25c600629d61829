"""When a reminder asks, as people say it."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from services.wellbeing.models import Reminder

WEEKDAYS: Mapping[str, str | Promise] = {
    "MO": _("Monday"),
    "TU": _("Tuesday"),
    "WE": _("Wednesday"),
    "TH": _("Thursday"),
    "FR": _("Friday"),
    "SA": _("Saturday"),
    "SU": _("Sunday"),
}
WEEKLY = re.compile(r"FREQ=WEEKLY;BYDAY=([A-Z,]+)")
ONCE = "FREQ=DAILY;COUNT=1"


def spoken_rule(reminder: Reminder) -> str:
    """Every day at 08:00, 18:00; on Monday and Thursday at 09:00; once at 09:30."""
    times = pgettext("between things in a list", ", ").join(f"{at:%H:%M}" for at in reminder.times)
    values = {"times": times}
    if reminder.rule == "FREQ=DAILY":
        return gettext("every day at %(times)s") % values
    if reminder.rule == ONCE:
        return gettext("once, %(day)s at %(times)s") % {
            **values,
            "day": reminder.starts_on.isoformat(),
        }
    weekly = WEEKLY.fullmatch(reminder.rule)
    if weekly:
        days = [str(WEEKDAYS[each]) for each in weekly[1].split(",") if each in WEEKDAYS]
        named = pgettext("between things in a list", ", ").join(days)
        return gettext("%(days)s at %(times)s") % {**values, "days": named}
    if reminder.rule.startswith("FREQ=MONTHLY"):
        return gettext("every month at %(times)s") % values
    return gettext("on its days at %(times)s") % values
