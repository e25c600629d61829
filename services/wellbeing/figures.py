"""Figures of wellbeing."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from services.alerts import figures
from services.alerts.figures import Figure, Span, share
from services.wellbeing.models import Occurrence, OkDay, Watched


def _asked(span: Span) -> QuerySet[Occurrence]:
    return Occurrence.objects.filter(
        resident__area__path__startswith=span.area_path,
        asks_at__gte=span.begin,
        asks_at__lt=span.end,
        asked_at__isnull=False,
    )


def answered(span: Span) -> float | None:
    """Of the reminders asked, the share that the person said was done, in percent."""
    asked = _asked(span)
    return share(asked.filter(state=Occurrence.State.DONE).count(), asked.count())


def said_well(span: Span) -> float | None:
    """Of the days that were due, the share heard of without a question, in percent."""
    days = OkDay.objects.filter(
        resident__area__path__startswith=span.area_path,
        by_at__gte=span.begin,
        by_at__lt=span.end,
    ).exclude(state__in=(OkDay.State.EXPECTED, OkDay.State.SILENCED))
    return share(days.filter(state=OkDay.State.OK, asked_at=None).count(), days.count())


def heard_in_time(span: Span) -> float | None:
    """Of those at risk, the share that nobody owes an overdue contact now, in percent."""
    rows = Watched.objects.filter(
        resident__area__path__startswith=span.area_path, owed_at__isnull=False
    )
    return share(rows.filter(climbs=0).count(), rows.count())


for _figure in (
    Figure(
        "reminders_done",
        _("Reminders done"),
        _("Of the reminders asked on this day, how many the person said were done."),
        answered,
        order=60,
        unit="%",
        digits=1,
    ),
    Figure(
        "ok_unasked",
        _("Said to be well"),
        _("Of the days due for the I-am-OK, how many were heard of before anybody had to ask."),
        said_well,
        order=61,
        unit="%",
        digits=1,
    ),
    Figure(
        "heard_in_time",
        _("At risk and heard of in time"),
        _("Of the residents at risk, how many are not overdue for a contact at this moment."),
        heard_in_time,
        order=62,
        unit="%",
        digits=1,
        at_least=100,
    ),
):
    figures.register(_figure)
