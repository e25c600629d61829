"""What becomes of an order: somebody of ours goes, a provider brings it, an operator rings back."""

from datetime import datetime, timedelta

from django.db import transaction

from services.community.actions.locking import locked, move, require_state
from services.community.doers import Doer
from services.community.errors import DoesNotServe, HelpIsCalled, NoCapacity
from services.community.models import Order, Provider, Service, ServiceOffer
from services.community.offering import is_open_at, offers_in, on_day
from services.community.telling import tell_provider
from services.emergencies.actions import Press, open_call
from services.emergencies.models import EmergencyCall
from services.visits.actions import add_note, create_visit
from services.visits.models import Service as VisitService

State = Order.State

WINDOW = timedelta(minutes=30)
USUAL_VISIT: dict[str, VisitService] = {
    Service.Category.MEALS: VisitService.MEALS,
    Service.Category.CLEANING: VisitService.CLEANING,
    Service.Category.BATHING: VisitService.BATHING,
    Service.Category.MEDICAL: VisitService.ESCORT,
    Service.Category.MOBILITY: VisitService.ESCORT,
}


@transaction.atomic
def pass_to_provider(order: Order, *, provider: Provider, by: Doer, now: datetime) -> Order:
    """Let a provider bring it; it is told, and says whether it does.

    Raises:
        NotNow: it is passed on already.
        DoesNotServe: not this, not there, or not then.
        NoCapacity: it is full on that day.
    """
    order = locked(order)
    require_state(order, State.ORDERED)
    offer = offers_in(order.service, order.area).filter(provider=provider).first()
    if offer is None or not is_open_at(provider, order.wanted_at):
        raise DoesNotServe(fields={"provider": ["does_not_serve"]})
    require_capacity(offer, order)
    order.provider, order.price_fen = provider, offer.asks_fen
    move(order, State.PASSED_ON, "passed_on", by=by, now=now, note=provider.name)
    tell_provider(order, by=by, now=now)
    return order


def require_capacity(offer: ServiceOffer, order: Order) -> None:
    """Allow one more on that day; whoever asks at the same moment waits.

    Raises:
        NoCapacity: the provider is full.
    """
    held = ServiceOffer.objects.select_for_update().get(pk=offer.pk)
    if held.capacity_a_day is None:
        return
    if on_day(order).filter(provider=held.provider_id).count() >= held.capacity_a_day:
        raise NoCapacity


@transaction.atomic
def pass_to_carer(order: Order, *, by: Doer, now: datetime) -> Order:
    """Make a visit of it, for the dispatcher of visits to staff.

    Raises:
        NotNow: it is passed on already.
    """
    order = locked(order)
    require_state(order, State.ORDERED)
    service = order.service
    usual = USUAL_VISIT.get(service.category, VisitService.ERRANDS)
    begins_at = max(order.wanted_at, now)
    order.visit = create_visit(
        resident=order.resident,
        details={
            "service": service.visit_service or usual,
            "tasks": [service.name],
            "duration_min": service.duration_min,
            "window_starts_at": begins_at,
            "window_ends_at": begins_at + WINDOW,
        },
        cause=order.reference,
        by=by.reference,
        now=now,
    )
    if order.note:
        add_note(
            order.visit,
            text=order.note,
            by=by.reference,
            at=now,
            client_key=order.reference,
            now=now,
        )
    return move(order, State.PASSED_ON, "passed_on", by=by, now=now)


@transaction.atomic
def call_back(order: Order, *, by: Doer, now: datetime) -> Order:
    """Put it on the operators' board: somebody rings the resident back.

    A call for a service of theirs that is open already is the one.

    Raises:
        NotNow: it is passed on already.
        HelpIsCalled: a call for help runs, and is not to be pressed once more for this.
    """
    order = locked(order)
    require_state(order, State.ORDERED)
    resident = order.resident
    running = EmergencyCall.objects.filter(resident=resident, kind=EmergencyCall.Kind.EMERGENCY)
    if running.exclude(state=EmergencyCall.State.RESOLVED).exists():
        raise HelpIsCalled
    press = Press(
        metric="press",
        area=resident.area,
        household=resident.household,
        resident=resident,
        kind=EmergencyCall.Kind.SERVICE,
        source_label=order.service.name,
    )
    order.call = open_call(press=press, now=now).call
    return move(order, State.PASSED_ON, "passed_on", by=by, now=now)
