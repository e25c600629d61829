"""Figures of orders and complaints: how many, how many in time, how many put right."""

from datetime import timedelta

from django.db.models import ExpressionWrapper, F, Q, QuerySet
from django.db.models.fields import DateTimeField
from django.utils.translation import gettext_lazy as _

from services.alerts import figures
from services.alerts.figures import Figure, Span, share
from services.community import policies
from services.community.models import Complaint, Order

LATE = ExpressionWrapper(
    F("wanted_at") + timedelta(seconds=policies.LATE_AFTER.total_seconds()), DateTimeField()
)


def _orders(span: Span) -> QuerySet[Order]:
    return Order.objects.filter(
        area__path__startswith=span.area_path,
        wanted_at__gte=span.begin,
        wanted_at__lt=span.end,
    ).exclude(state=Order.State.CANCELLED)


def ordered(span: Span) -> float:
    """Orders for the day."""
    return _orders(span).count()


def in_time(span: Span) -> float | None:
    """Of the orders for the day, the share that was there in time, in percent."""
    there = _orders(span).filter(done_at__lte=LATE)
    return share(there.count(), _orders(span).count())


def answered_in_time(span: Span) -> float | None:
    """Of the complaints whose limit ended on the day, the share answered within it."""
    ended = Complaint.objects.filter(
        area__path__startswith=span.area_path,
        # The last day is over at the midnight after it.
        ends_at__gt=span.begin,
        ends_at__lte=span.end,
    )
    within = ended.filter(Q(answered_at__lte=F("ends_at")))
    return share(within.count(), ended.count())


for _figure in (
    Figure(
        "orders",
        _("Orders"),
        _("Orders that were wanted on this day; cancelled ones are not counted."),
        ordered,
        order=50,
    ),
    Figure(
        "orders_in_time",
        _("Orders in time"),
        _("Of the orders for this day, how many were there at most 45 minutes late."),
        in_time,
        order=51,
        unit="%",
        digits=1,
    ),
    Figure(
        "complaints_in_time",
        _("Complaints answered in time"),
        _("Of the complaints whose limit ended on this day, how many were answered within it."),
        answered_in_time,
        order=55,
        unit="%",
        digits=1,
        at_least=100.0,
    ),
):
    figures.register(_figure)
