"""Figures of visits: how many, how many were missed, how many are proved."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from services.alerts import figures
from services.alerts.figures import Figure, Span, share
from services.visits.models import CheckEvent, Visit

State = Visit.State

VERIFIED_SHARE = 90.0
"""Source: the compliance floor of electronic visit verification in Oklahoma (oklahoma.gov)."""


def _visits(span: Span) -> QuerySet[Visit]:
    return Visit.objects.filter(
        area__path__startswith=span.area_path,
        window_starts_at__gte=span.begin,
        window_starts_at__lt=span.end,
        drill=False,
    ).exclude(state=State.CANCELLED)


def owed(span: Span) -> float:
    """Visits of the day."""
    return _visits(span).count()


def missed(span: Span) -> float | None:
    """Of all visits, the share that nobody made, in percent."""
    return share(_visits(span).filter(state=State.MISSED).count(), _visits(span).count())


def verified(span: Span) -> float | None:
    """Of the visits made, the share whose arrival is proved, in percent."""
    made = _visits(span).filter(state__in=(State.IN_PROGRESS, State.DONE))
    proof = CheckEvent.objects.filter(visit=OuterRef("pk"), kind=CheckEvent.Kind.IN)
    by_place = proof.filter(method=CheckEvent.Method.GPS, is_within_fence=True)
    by_code = proof.filter(method=CheckEvent.Method.CODE)
    proved = made.filter(Exists(by_place) | Exists(by_code))
    return share(proved.count(), made.count())


for _figure in (
    Figure(
        "visits",
        _("Visits"),
        _("Visits of this day; cancelled ones and drills are not counted."),
        owed,
        order=30,
    ),
    Figure(
        "visits_missed",
        _("Visits missed"),
        _("Of all visits of this day, how many nobody had begun an hour after they were due."),
        missed,
        order=31,
        unit="%",
        digits=1,
    ),
    Figure(
        "visits_verified",
        _("Arrivals proved"),
        _("Of the visits made, how many arrivals are proved by position or by the code."),
        verified,
        order=32,
        unit="%",
        digits=1,
        at_least=VERIFIED_SHARE,
    ),
):
    figures.register(_figure)
