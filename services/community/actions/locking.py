"""One order, one complaint at a time is changed by one at a time."""

from datetime import datetime

from services.alerts.actions import resolve_cleared
from services.alerts.models import Alert
from services.community import policies
from services.community.doers import Doer
from services.community.errors import NotNow
from services.community.models import Complaint, Order
from services.community.record import note_order


def locked(order: Order) -> Order:
    """The order as it stands, locked until the transaction ends."""
    return (
        Order.objects.select_related("area", "resident__area", "service", "provider", "standing")
        .select_for_update(of=("self",))
        .get(pk=order.pk)
    )


def locked_complaint(complaint: Complaint) -> Complaint:
    """The complaint as it stands, locked until the transaction ends."""
    return (
        Complaint.objects.select_related("area", "resident")
        .select_for_update(of=("self",))
        .get(pk=complaint.pk)
    )


def require_state(order: Order, *states: str) -> None:
    """Allow a step from these states.

    Raises:
        NotNow: it stands elsewhere.
    """
    if order.state not in states:
        raise NotNow


def move(
    order: Order, state: Order.State, event: str, *, by: Doer, now: datetime, note: str = ""
) -> Order:
    """Let a locked order stand in a state, with its clock, its history, and its alert gone."""
    was_overdue = order.overdue_since is not None
    order.state, order.overdue_since = state, None
    order.done_at = now if state == Order.State.DONE else None
    order.due_at = policies.due_at(order, since=now)
    order.lease_until = order.lease_token = None
    order.save()
    note_order(order, event, by=by, now=now, note=note)
    if was_overdue:
        clear_order_alert(order, by=by, now=now)
    return order


def clear_order_alert(order: Order, *, by: Doer, now: datetime) -> None:
    """Close the alert about a resident's orders once none of them is overdue."""
    others = Order.objects.filter(
        resident=order.resident_id, state__in=Order.OPEN, overdue_since__isnull=False
    )
    if not others.exists():
        resolve_cleared(
            kind=Alert.Kind.ORDER_OVERDUE,
            resident=order.resident,
            by=by.reference,
            note="",
            now=now,
        )
