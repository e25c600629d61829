"""The clocks of orders and complaints: what nobody did in time is an alert, which climbs."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from backend.core import due
from backend.core.contained import contained
from notifications.actions import owe_as_preferred
from notifications.recipients import user_recipient
from services.alerts.actions import raise_alert
from services.alerts.models import Alert
from services.community.actions import ask_if_right
from services.community.actions.settling import raise_complaint_alert
from services.community.doers import CLOCKWORK
from services.community.models import Complaint, Order
from services.community.record import note_complaint, note_order

PORTION = 100
LEASE_S = 30.0


def run_due(*, now: datetime) -> int:
    """See to what is due, one transaction each; returns how many rows were due."""
    orders = due.claim(
        Order.objects.filter(state__in=Order.OPEN), now=now, lease_s=LEASE_S, limit=PORTION
    )
    for order in orders:
        contained(f"the clock of order {order.pk}", partial(_order_is_late, order, now))
    complaints = due.claim(
        Complaint.objects.filter(state__in=Complaint.LIVE), now=now, lease_s=LEASE_S, limit=PORTION
    )
    for complaint in complaints:
        contained(f"the clock of complaint {complaint.pk}", partial(_complaint, complaint, now))
    return max(len(orders), len(complaints))


@transaction.atomic
def _order_is_late(order: Order, now: datetime) -> None:
    """Nobody passed it on, took it, or brought it in time."""
    if not due.finish(order, due_at=None, overdue_since=now):
        return
    held = Order.objects.select_related("area", "resident").get(pk=order.pk)
    raise_alert(
        kind=Alert.Kind.ORDER_OVERDUE,
        area=held.area,
        resident=held.resident,
        detail={"order": str(held.pk), "state": held.state},
        now=now,
    )
    note_order(held, "overdue", by=CLOCKWORK, now=now)


@transaction.atomic
def _complaint(claimed: Complaint, now: datetime) -> None:
    held = (
        Complaint.objects.select_related("area", "resident", "owner")
        .select_for_update(of=("self",))
        .filter(pk=claimed.pk, lease_token=claimed.lease_token)
        .first()
    )
    if held is None:
        return
    if held.state == Complaint.State.ANSWERED:
        ask_if_right(held, by=CLOCKWORK, now=now)
        return
    held.overdue_since = now
    held.due_at = held.lease_until = held.lease_token = None
    held.save()
    raise_complaint_alert(held, now=now)
    note_complaint(held, "overdue", by=CLOCKWORK, now=now)
    _tell_owner(held, now)


def _tell_owner(complaint: Complaint, now: datetime) -> None:
    if complaint.owner is None or not complaint.owner.phone:
        return
    owe_as_preferred(
        cause=complaint.reference,
        step_run=f"overdue.{complaint.reopened}",
        to=user_recipient(complaint.owner),
        template="complaint_overdue",
        context={"day": timezone.localdate(complaint.received_at).isoformat()},
        now=now,
        area_path=complaint.area.path,
        resident_id=complaint.resident_id,
    )
