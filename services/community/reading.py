"""What orders hear of from below: their visits and calls go on, where a resident lives now."""

from datetime import datetime
from functools import partial
from uuid import UUID

from backend.core import readers
from backend.core.contained import contained
from backend.core.models import JournalEvent
from backend.people.models import Resident
from services.community import actions
from services.community.actions.locking import locked
from services.community.actions.standing import take_up_again
from services.community.actions.steps import cancel_locked
from services.community.doers import CLOCKWORK, Doer
from services.community.models import Order, StandingOrder
from services.emergencies.models import EmergencyCall
from services.visits.models import Visit

State, Reason = Order.State, Order.CancelReason
Life = Resident.LifeState

CANCELS = {
    Life.HOSPITAL: Reason.HOSPITAL,
    Life.AWAY: Reason.AWAY,
    Life.MOVED: Reason.MOVED,
    Life.DIED: Reason.DIED,
}
NOT_NEEDED = (EmergencyCall.Outcome.FALSE_ALARM, EmergencyCall.Outcome.DUPLICATE)


def hear_visit(event: JournalEvent, now: datetime) -> None:
    """The visit that an order became has a carer, has begun, is over, or is not to be."""
    order = _order(event, "visit")
    if order is None or order.visit is None:
        return
    by = Doer(event.by or CLOCKWORK.reference, _carers(order.visit))
    match order.visit.state:
        case Visit.State.ASSIGNED if order.state == State.PASSED_ON:
            actions.take_order(order, by=by, now=now)
        case Visit.State.IN_PROGRESS if order.state != State.ON_THE_WAY:
            actions.set_out(order, by=by, now=now)
        case Visit.State.DONE:
            actions.deliver(order, by=by, now=now)
        case Visit.State.CANCELLED if order.state in (State.PASSED_ON, State.TAKEN):
            _after_cancelled(order, order.visit, by, now)


def _after_cancelled(order: Order, visit: Visit, by: Doer, now: datetime) -> None:
    """Not wanted ends the order; nobody could go sends it back to the dispatcher."""
    if visit.cancel_reason == Visit.CancelReason.ASKED:
        actions.cancel_order(order, reason=Reason.ASKED, is_staff=True, by=by, now=now)
    else:
        actions.give_back(order, by=by, now=now)


def _carers(visit: Visit) -> str:
    going = visit.assignments.filter(released_at=None).select_related("caregiver")
    return "、".join(each.caregiver.name for each in going)[:60]


def hear_call(event: JournalEvent, now: datetime) -> None:
    """An operator has the call-back that an order became, or has rung and closed it."""
    key = event.subject.partition(":")[2]
    for order in Order.objects.filter(call=UUID(key), state__in=Order.OPEN).order_by("pk"):
        call = order.call
        if call is None:
            continue
        if call.state != EmergencyCall.State.RESOLVED:
            by = Doer(event.by, call.handled_by_name)
            if order.state == State.PASSED_ON:
                actions.take_order(order, by=by, now=now)
        elif call.outcome in NOT_NEEDED:
            by = Doer(call.resolved_by, call.handled_by_name)
            actions.cancel_order(order, reason=Reason.OTHER, is_staff=True, by=by, now=now)
        else:
            by = Doer(call.resolved_by, call.handled_by_name)
            actions.deliver(order, by=by, now=now)


def _order(event: JournalEvent, field: str) -> Order | None:
    key = event.subject.partition(":")[2]
    orders = Order.objects.filter(**{field: key}, state__in=Order.OPEN)
    return orders.select_related("visit").first()


def hear_life_state(event: JournalEvent, now: datetime) -> None:
    """Away or in hospital, orders pause; back home they go on; moved or died, all ends."""
    resident = (
        Resident.objects.select_related("area").filter(pk=event.subject.partition(":")[2]).first()
    )
    if resident is None:
        return
    state = Life(resident.life_state)
    if state not in CANCELS:
        take_up_again(resident, now=now)
        return
    if state in (Life.MOVED, Life.DIED):
        for standing in StandingOrder.objects.filter(resident=resident, ended_at=None):
            end = partial(actions.end_standing, standing, by=CLOCKWORK, now=now)
            contained(f"ending {standing.reference}", end)
    orders = Order.objects.filter(resident=resident, state__in=Order.BEFORE_SETTING_OUT)
    for order in orders.order_by("pk"):
        # Somebody who is in the home already keeps their visit, and only theirs.
        cancel = partial(_cancel, order, CANCELS[state], now)
        contained(f"cancelling {order.reference}", cancel)


def _cancel(order: Order, reason: Order.CancelReason, now: datetime) -> None:
    held = locked(order)
    if held.state in Order.BEFORE_SETTING_OUT and held.call_id is None:
        cancel_locked(held, reason, by=CLOCKWORK, now=now)


readers.register(
    "community.visits",
    "visit.assigned",
    "visit.checked_in",
    "visit.checked_out",
    "visit.cancelled",
    handle=hear_visit,
)
readers.register("community.calls", "call.handled", "call.resolved", handle=hear_call)
readers.register("community.life_state", "resident.life_state", handle=hear_life_state)
