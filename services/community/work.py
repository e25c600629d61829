"""Orders and complaints as work that waits for a person."""

from datetime import datetime, timedelta
from operator import itemgetter

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from backend.accounts.models import Role
from services.alerts import policies as alert_policies
from services.alerts import worklists
from services.alerts.models import Alert
from services.alerts.worklists import WITHIN, Level, Waiting, WorkItem, Worklist
from services.community.models import Complaint, Order
from services.community.queries import complaints_visible_to, orders_visible_to

_SOON = (
    (timedelta(hours=24), Level.RED),
    (timedelta(days=3), Level.ORANGE),
    (timedelta(days=7), Level.YELLOW),
)


def open_orders(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Orders that nobody has passed on, or that are overdue, by what is due first."""
    waits = Q(state=Order.State.ORDERED) | Q(state__in=Order.OPEN, overdue_since__isnull=False)
    orders = orders_visible_to(actor, "list").filter(waits)
    # Days of next week wait in the order list; here they would only hide what is due.
    near = orders.filter(Q(overdue_since__isnull=False) | Q(due_at__lt=now + timedelta(days=1)))
    by_due = near.annotate(waits_since=Coalesce("due_at", "overdue_since", "ordered_at"))
    return Waiting(
        total=near.count(),
        overdue=by_due.filter(waits_since__lte=now).count(),
        items=[_of_order(each) for each in by_due.order_by("waits_since", "pk")[:limit]],
    )


def _of_order(order: Order) -> WorkItem:
    since = order.overdue_since or order.ordered_at
    return WorkItem(
        reference=order.reference,
        kind="orders",
        title=order.service.label,
        url=reverse("desk_order", args=[order.pk]),
        area=order.area.name,
        area_path=order.area.path,
        level=Level.RED if order.overdue_since else Level.ORANGE,
        since=order.ordered_at,
        due_at=order.due_at or since,
        resident_id=order.resident_id,
        who=order.resident.name,
        owner=order.provider.name if order.provider else "",
    )


def open_complaints(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Complaints that are to be answered, checked back, or taken up, by what is due first."""
    live = complaints_visible_to(actor, "list").filter(
        state__in=(*Complaint.LIVE, Complaint.State.SUGGESTED)
    )
    by_due = sorted(((_about(each)[1], each) for each in live), key=itemgetter(0))
    overdue = sum(due_at <= now for due_at, _each in by_due)
    items = [_of_complaint(each, now) for _due_at, each in by_due[:limit]]
    return Waiting(total=len(by_due), overdue=overdue, items=items)


def _of_complaint(complaint: Complaint, now: datetime) -> WorkItem:
    title, due_at = _about(complaint)
    level = next((level for left, level in _SOON if due_at - now <= left), Level.BLUE)
    climb_at, climb_to = _next_climb(complaint)
    return WorkItem(
        reference=complaint.reference,
        kind="complaints",
        title=title,
        url=reverse("desk_complaint", args=[complaint.pk]),
        area=complaint.area.name,
        area_path=complaint.area.path,
        level=level,
        since=complaint.received_at,
        due_at=due_at,
        resident_id=complaint.resident_id,
        who=complaint.resident.name if complaint.resident else complaint.name,
        owner=str(complaint.owner) if complaint.owner else "",
        next_climb_at=climb_at,
        next_climb_to=climb_to,
    )


def _about(complaint: Complaint) -> tuple[str | Promise, datetime]:
    if complaint.state == Complaint.State.SUGGESTED:
        due_at = complaint.received_at + WITHIN[Level.ORANGE]
        return _("Low rating: is it a complaint?"), due_at
    if complaint.state == Complaint.State.ANSWERED:
        due_at = complaint.due_at or complaint.overdue_since or complaint.received_at
        return _("Complaint answered: is it put right?"), due_at
    about = {"about": complaint.get_category_display()}
    return gettext("Complaint: %(about)s") % about, complaint.ends_at or complaint.received_at


def _next_climb(complaint: Complaint) -> tuple[datetime | None, str | Promise]:
    """Overdue, its alert climbs by itself; before that it climbs when its time is over."""
    if complaint.state != Complaint.State.OPEN:
        return None, ""
    if complaint.overdue_since is None:
        return complaint.ends_at, alert_policies.climb_of(0).to.label
    alert = Alert.objects.filter(
        kind=Alert.Kind.COMPLAINT_OVERDUE,
        state__in=Alert.OPEN,
        **(
            {"resident": complaint.resident_id}
            if complaint.resident_id
            else {"source_device": complaint.pk}
        ),
    ).first()
    if alert is None:
        return None, ""
    return alert.due_at, Role(alert_policies.climb_of(alert.climbs).to).label


worklists.register(Worklist("orders", _("Orders"), open_orders, order=50))
worklists.register(Worklist("complaints", _("Complaints"), open_complaints, order=55))
