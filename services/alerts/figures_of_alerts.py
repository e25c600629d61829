"""Figures of alerts."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from services.alerts import figures, policies
from services.alerts.figures import Figure, Span, share
from services.alerts.models import Alert


def _raised(span: Span) -> QuerySet[Alert]:
    return Alert.objects.filter(
        area__path__startswith=span.area_path, raised_at__gte=span.begin, raised_at__lt=span.end
    )


def raised(span: Span) -> float:
    """Alerts raised."""
    return _raised(span).count()


def closed_in_time(span: Span) -> float | None:
    """Of the alerts closed, the share closed before their deadline, in percent."""
    closed = Alert.objects.filter(
        area__path__startswith=span.area_path, closed_at__gte=span.begin, closed_at__lt=span.end
    ).values_list("kind", "raised_at", "closed_at")
    in_time = [at <= policies.deadline_of(kind, begun) for kind, begun, at in closed if at]
    return share(sum(in_time), len(in_time))


def false_share(span: Span) -> float | None:
    """Of the alerts closed, the share that meant nothing, in percent."""
    closed = Alert.objects.filter(
        area__path__startswith=span.area_path, closed_at__gte=span.begin, closed_at__lt=span.end
    )
    return share(closed.filter(state=Alert.State.FALSE).count(), closed.count())


for _figure in (
    Figure(
        "alerts_raised",
        _("Alerts raised"),
        _("Alerts raised on this day, each counted once however often its sign came again."),
        raised,
        order=50,
    ),
    Figure(
        "alerts_in_time",
        _("Alerts dealt with in time"),
        _("Of the alerts closed on this day, how many were closed within the time of their level."),
        closed_in_time,
        order=51,
        unit="%",
        digits=1,
        at_least=100,
    ),
    Figure(
        "alerts_false",
        _("False alarms"),
        _("Of the alerts closed on this day, how many meant nothing."),
        false_share,
        order=52,
        unit="%",
        digits=1,
    ),
):
    figures.register(_figure)
