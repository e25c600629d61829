"""Figures of calls for help: how many, and how soon somebody was there."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from services.alerts import figures
from services.alerts.figures import Figure, Span, p95, share
from services.emergencies.models import EmergencyCall

TAKEN_WITHIN_S = 60
"""Source: TSA services answer 97.5 % of calls within 60 s (archive1.telecareaware.com)."""
TAKEN_SHARE = 97.5
ATTENDED_WITHIN_S = 45 * 60
"""Source: mascot-telecare.org.uk, attendance: 90 % within 45 minutes."""
ATTENDED_SHARE = 90.0


def _calls(span: Span) -> QuerySet[EmergencyCall]:
    """Verified emergencies of the day; drills are not counted."""
    return EmergencyCall.objects.filter(
        area_path__startswith=span.area_path,
        opened_at__gte=span.begin,
        opened_at__lt=span.end,
        kind=EmergencyCall.Kind.EMERGENCY,
        verified=True,
        drill=False,
    )


def _waits_s(span: Span, until: str) -> list[float]:
    moments: QuerySet[EmergencyCall, tuple[datetime, datetime]]
    moments = _calls(span).exclude(**{until: None}).values_list("opened_at", until)
    return [(end - begin).total_seconds() for begin, end in moments]


def emergencies(span: Span) -> float:
    """Calls for help."""
    return _calls(span).count()


def taken_in_time(span: Span) -> float | None:
    """Of all calls, the share that an operator took within a minute, in percent."""
    waits = _waits_s(span, "handled_at")
    return share(sum(wait <= TAKEN_WITHIN_S for wait in waits), _calls(span).count())


def attended_in_time(span: Span) -> float | None:
    """Of the calls where somebody arrived, the share within 45 minutes, in percent."""
    waits = _waits_s(span, "arrived_at")
    return share(sum(wait <= ATTENDED_WITHIN_S for wait in waits), len(waits))


def wait_p95_s(until: str) -> Callable[[Span], float | None]:
    """How long 95 of 100 waited at most until a moment, in seconds."""
    return lambda span: p95(_waits_s(span, until))


def wait_p95_min(span: Span) -> float | None:
    """How long 95 of 100 waited at most until somebody was there, in minutes."""
    found = p95(_waits_s(span, "arrived_at"))
    return None if found is None else found / 60


for _figure in (
    Figure(
        "calls",
        _("Calls for help"),
        _("Verified emergencies opened on this day; drills and unverified calls are not counted."),
        emergencies,
        order=10,
    ),
    Figure(
        "calls_taken",
        _("Taken within 60 s"),
        _("Of all calls for help, how many an operator took within 60 seconds of the press."),
        taken_in_time,
        order=11,
        unit="%",
        digits=1,
        at_least=TAKEN_SHARE,
    ),
    Figure(
        "calls_going_p95",
        _("Until somebody goes"),
        _("Seconds from the press until somebody said that they go; 95 of 100 waited no longer."),
        wait_p95_s("accepted_at"),
        order=12,
        unit=_("s"),
    ),
    Figure(
        "calls_attended",
        _("Somebody there within 45 min"),
        _("Of the calls where somebody arrived, how many arrived within 45 minutes of the press."),
        attended_in_time,
        order=13,
        unit="%",
        digits=1,
        at_least=ATTENDED_SHARE,
    ),
    Figure(
        "calls_there_p95",
        _("Until somebody is there"),
        _("Minutes from the press until somebody arrived; 95 of 100 waited no longer."),
        wait_p95_min,
        order=14,
        unit=_("min"),
        digits=1,
    ),
):
    figures.register(_figure)
