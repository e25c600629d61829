"""Ordering something, once."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.people.models import Resident
from services.community import policies
from services.community.actions.passing_on import call_back
from services.community.doers import Doer
from services.community.errors import HelpIsCalled, NotAtThatTime, NotLivingHere, NotOffered
from services.community.models import Order, Service, StandingOrder
from services.community.offering import Calendar, gone
from services.community.queries import services_for
from services.community.record import note_order
from services.community.telling import tell_ordered

NOTE_MAX = 300


@transaction.atomic
def place_order(
    *,
    resident: Resident,
    service: Service,
    wanted_at: datetime,
    channel: str,
    note: str = "",
    by: Doer,
    now: datetime,
) -> Order:
    """Order a service for a resident. The same at the same time again is the same order.

    What an operator rings back about is a call on their board in the same transaction.

    Raises:
        NotOffered: not where the resident lives.
        NotLivingHere: the resident has moved or died.
        NotAtThatTime: too soon, or nobody brings it then.
    """
    require_offered(service, resident)
    wanted_at = wanted_at.replace(second=0, microsecond=0)
    is_callback = service.fulfilment == Service.Fulfilment.CALLBACK
    if is_callback:
        if waiting := _waits_for_call(resident, service):
            return waiting
        wanted_at = now.replace(second=0, microsecond=0)
    else:
        _require_time(service, resident, wanted_at, channel=channel, now=now)
    order = new_order(
        resident=resident,
        service=service,
        wanted_at=wanted_at,
        channel=channel,
        note=note,
        by=by,
        now=now,
    )
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError:
        standing = Order.objects.exclude(state=Order.State.CANCELLED).filter(
            resident=resident, service=service, wanted_at=wanted_at
        )
        return standing.get()
    note_order(order, "ordered", by=by, now=now)
    if is_callback:
        return _called_back(order, by=by, now=now)
    tell_ordered(order, now=now)
    return order


def _called_back(order: Order, *, by: Doer, now: datetime) -> Order:
    """On the operators' board, or with the dispatcher while a call for help runs."""
    try:
        return call_back(order, by=by, now=now)
    except HelpIsCalled:
        return order


def _waits_for_call(resident: Resident, service: Service) -> Order | None:
    """What an operator is to ring back about already."""
    waiting = Order.objects.filter(resident=resident, service=service, state__in=Order.OPEN)
    return waiting.order_by("ordered_at").first()


def new_order(
    *,
    resident: Resident,
    service: Service,
    wanted_at: datetime,
    channel: str,
    note: str = "",
    standing: StandingOrder | None = None,
    by: Doer,
    now: datetime,
) -> Order:
    """An order that has just been made, not saved."""
    order = Order(
        resident=resident,
        area=resident.area,
        service=service,
        standing=standing,
        occurs_on=timezone.localdate(wanted_at),
        wanted_at=wanted_at,
        note=note.strip()[:NOTE_MAX],
        price_fen=service.price_fen,
        channel=channel,
        ordered_at=now,
        ordered_by=by.reference,
        ordered_by_name=by.name,
    )
    order.due_at = policies.due_at(order, since=now)
    return order


def require_offered(service: Service, resident: Resident) -> None:
    """Allow what is offered to somebody who lives here.

    Raises:
        NotOffered, NotLivingHere: it is not.
    """
    if gone(resident):
        raise NotLivingHere
    if not services_for(resident.area).filter(pk=service.pk).exists():
        raise NotOffered


def _require_time(
    service: Service, resident: Resident, wanted_at: datetime, *, channel: str, now: datetime
) -> None:
    """Staff may ask for a sooner time than is promised; nobody for one at which all is shut."""
    lead = timedelta(minutes=service.lead_min)
    earliest = now if channel == Order.Channel.PHONE else now + lead
    if wanted_at > now + policies.ORDERED_WITHIN:
        raise NotAtThatTime(fields={"wanted_at": ["too_far"]})
    if wanted_at < earliest - timedelta(minutes=1):
        raise NotAtThatTime(fields={"wanted_at": ["too_soon"]})
    if service.fulfilment != Service.Fulfilment.PROVIDER or channel == Order.Channel.PHONE:
        return
    if not Calendar.of(service, resident.area).is_open(wanted_at):
        raise NotAtThatTime(fields={"wanted_at": ["closed"]})
