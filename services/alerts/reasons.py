"""Why an alert was raised, in the reader's words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

OLD_AFTER_S = 15 * 60
"""What is younger is as good as now."""


def reason_of(kind: str, detail: Mapping[str, Any]) -> str:
    """One or two sentences, or "" where the kind says all."""
    silent_s = _seconds(detail, "silent_s")
    if kind == "inactivity" and silent_s is not None:
        return " ".join(part for part in _stillness(silent_s, detail) if part)
    if kind == "offline" and silent_s is not None:
        return gettext("Nothing was heard for %(time)s.") % {"time": duration(silent_s)}
    age_s = _seconds(detail, "age_s")
    if age_s is not None and age_s >= OLD_AFTER_S and "at" in detail:
        words = gettext("Sent late: it happened at %(at)s, %(age)s before we heard of it.")
        return words % {"at": _moment(str(detail["at"])), "age": duration(age_s)}
    if kind == "battery" and (detail.get("room") or detail.get("device")):
        return str(detail.get("room") or detail["device"])
    return ""


def _stillness(silent_s: int, detail: Mapping[str, Any]) -> list[str]:
    limit = duration(_seconds(detail, "limit_s") or 0)
    named = {"time": duration(silent_s), "limit": limit}
    if detail.get("state") == "out":
        first = gettext("Went out %(time)s ago and has not come back; limit %(limit)s.") % named
    else:
        first = gettext("%(time)s without movement; limit %(limit)s.") % named
    room = detail.get("room")
    where = gettext("Last seen: %(room)s.") % {"room": room} if room else ""
    heard_s = _seconds(detail, "heard_s")
    if heard_s is None or heard_s >= silent_s:
        return [first, where, gettext("The sensors themselves were not heard since either.")]
    heard = gettext("The sensors were heard %(time)s ago.") % {"time": duration(heard_s)}
    return [first, where, heard]


def duration(seconds: int) -> str:
    """A time span as people say it: "5 h 10 min", "12 min", "3 days"."""
    minutes = seconds // 60
    hours, rest = divmod(minutes, 60)
    if hours >= 72:
        days = hours // 24
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if not hours:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    if not rest:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def _seconds(detail: Mapping[str, Any], name: str) -> int | None:
    value = detail.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
        return None
    return int(value)


def _moment(told: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(told)):%Y-%m-%d %H:%M}"
