"""What comes again: ordered once, its days made a week ahead from the due queue, each once."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from backend.core import due
from backend.core.contained import contained
from backend.core.errors import Invalid
from backend.core.recurrence import read_rule
from backend.people.models import Resident
from services.community import policies
from services.community.actions.locking import locked
from services.community.actions.ordering import NOTE_MAX, new_order, require_offered
from services.community.actions.steps import cancel_locked
from services.community.doers import CLOCKWORK, Doer
from services.community.errors import OrderedAlready
from services.community.models import Order, Service, StandingOrder
from services.community.offering import gone
from services.community.record import note_order, note_standing
from services.community.telling import tell_comes_again, tell_fresh_link

State = Order.State

LEASE_S = 120.0
PORTION = 100
MADE_AT = time(1, 0)
AT_HOME = Resident.LifeState.HOME


@transaction.atomic
def order_again(
    *,
    resident: Resident,
    service: Service,
    rule: str,
    at: time,
    channel: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    note: str = "",
    by: Doer,
    now: datetime,
) -> StandingOrder:
    """Order a service for every day that a rule names; the first days are made at once.

    Raises:
        NotOffered, NotLivingHere: it cannot be ordered for them.
        BadRule: the rule cannot be read.
        Invalid: this service does not come again, or it would begin in years.
        OrderedAlready: it comes again at that hour already.
    """
    require_offered(service, resident)
    if not service.repeats:
        raise Invalid(fields={"rule": ["does_not_repeat"]})
    today = timezone.localdate(now)
    starts_on = starts_on or today
    if abs(starts_on - today) > policies.ORDERED_WITHIN:
        raise Invalid(fields={"starts_on": ["out_of_range"]})
    read_rule(rule, datetime.combine(starts_on, at))
    standing = StandingOrder(
        resident=resident,
        service=service,
        rule=rule,
        at=at,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note.strip()[:NOTE_MAX],
        channel=channel,
        ordered_at=now,
        ordered_by=by.reference,
        ordered_by_name=by.name,
        due_at=now,
    )
    try:
        with transaction.atomic():
            standing.save()
    except IntegrityError as error:
        raise OrderedAlready from error
    note_standing(standing, "ordered", by=by, now=now)
    _make(standing, now=now)
    tell_comes_again(standing, now=now)
    return standing


@transaction.atomic
def end_standing(standing: StandingOrder, *, by: Doer, now: datetime) -> StandingOrder:
    """Let it come no more; days that may be cancelled still are. Again changes nothing."""
    held = _locked(standing)
    if held.ended_at is not None:
        return held
    held.ended_at, held.ended_by = now, by.reference
    held.due_at = held.lease_until = held.lease_token = None
    held.save()
    note_standing(held, "ended", by=by, now=now)
    for ahead in _ahead(held, now):
        order = locked(ahead)
        if policies.may_cancel_oneself(order, now=now):
            cancel_locked(order, Order.CancelReason.ASKED, by=by, now=now)
    return held


def _ahead(standing: StandingOrder, now: datetime) -> QuerySet[Order]:
    orders = standing.orders.filter(state__in=Order.BEFORE_SETTING_OUT, wanted_at__gt=now)
    return orders.order_by("pk")


def _locked(standing: StandingOrder) -> StandingOrder:
    return (
        StandingOrder.objects.select_related("resident__area", "service", "provider")
        .select_for_update(of=("self",))
        .get(pk=standing.pk)
    )


def make_due(*, now: datetime, portion: int = PORTION) -> int:
    """Make the orders of all that is due; returns how many were made.

    Safe at any number of workers, and after a death at any point: an order is one a standing
    order and day.
    """
    made: list[int] = []
    while claimed := due.claim(
        StandingOrder.objects.filter(ended_at=None), now=now, lease_s=LEASE_S, limit=portion
    ):
        for standing in claimed:
            contained(
                f"days of {standing.reference}", partial(_make_claimed, standing, made, now=now)
            )
    return sum(made)


def _make_claimed(claimed: StandingOrder, made: list[int], *, now: datetime) -> None:
    held = _locked(claimed)
    if held.ended_at is None and held.lease_token == claimed.lease_token:
        made.append(_make(held, now=now))


def _make(standing: StandingOrder, *, now: datetime) -> int:
    """Make what a locked standing order owes up to the horizon; say when it is due again."""
    made = sum(_make_one(standing, moment, now=now) for moment in _missing(standing, now=now))
    if standing.provider is not None and _ahead(standing, now).exists():
        tell_fresh_link(standing.provider, now=now)
    standing.made_until = _horizon(standing, now)
    standing.due_at = _next_making(standing, now=now)
    standing.lease_until = standing.lease_token = None
    standing.save(update_fields=["made_until", "due_at", "lease_until", "lease_token"])
    return made


def _missing(standing: StandingOrder, *, now: datetime) -> Iterator[datetime]:
    if standing.resident.life_state != AT_HOME or gone(standing.resident):
        return
    zone = ZoneInfo(standing.zone)
    after = standing.made_until or standing.starts_on - timedelta(days=1)
    soonest = now + timedelta(minutes=standing.service.lead_min)
    first = max(datetime.combine(after, time.max, tzinfo=zone), soonest)
    last = datetime.combine(_horizon(standing, now), time.max, tzinfo=zone)
    yield from standing.recurrence.between(first, last)


def _make_one(standing: StandingOrder, wanted_at: datetime, *, now: datetime) -> bool:
    """Make the order of one day; whoever took the days before has it already."""
    by = Doer(standing.ordered_by, standing.ordered_by_name)
    order = new_order(
        resident=standing.resident,
        service=standing.service,
        wanted_at=wanted_at,
        channel=Order.Channel.PLAN,
        note=standing.note,
        standing=standing,
        by=by,
        now=now,
    )
    if standing.provider is not None:
        order.provider, order.state = standing.provider, State.TAKEN
        order.due_at = policies.due_at(order, since=now)
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError:
        return False
    note_order(order, "ordered", by=by, now=now)
    if standing.provider is not None:
        taker = Doer(standing.provider.reference, standing.provider.name)
        note_order(order, "taken", by=taker, now=now)
    return True


def take_up_again(resident: Resident, *, now: datetime) -> int:
    """Somebody is at home again: what was paused for it is owed again; returns how many."""
    paused = Order.objects.filter(
        resident=resident,
        state=State.CANCELLED,
        cancel_reason__in=Order.PAUSES,
        wanted_at__gt=now,
    )
    again = 0
    for order in paused.order_by("pk"):
        again += _take_up(locked(order), now=now)
    standing = StandingOrder.objects.filter(resident=resident, ended_at=None)
    for each in standing.order_by("pk"):
        held = _locked(each)
        held.made_until = timezone.localdate(now) - timedelta(days=1)
        _make(held, now=now)
    return again


def _take_up(order: Order, *, now: datetime) -> bool:
    twin = Order.objects.exclude(state=State.CANCELLED).filter(
        resident=order.resident_id, service=order.service_id, wanted_at=order.wanted_at
    )
    if twin.exists():
        return False
    order.state, order.cancel_reason = State.ORDERED, ""
    order.provider = order.visit = order.call = None
    order.due_at, order.overdue_since = policies.due_at(order, since=now), None
    order.save()
    note_order(order, "taken_up_again", by=CLOCKWORK, now=now)
    return True


def _next_making(standing: StandingOrder, *, now: datetime) -> datetime | None:
    if standing.ends_on is not None and standing.ends_on <= _horizon(standing, now):
        return None
    zone = ZoneInfo(standing.zone)
    tomorrow = timezone.localdate(now, zone) + timedelta(days=1)
    return datetime.combine(tomorrow, MADE_AT, tzinfo=zone)


def _horizon(standing: StandingOrder, now: datetime) -> date:
    return timezone.localdate(now, ZoneInfo(standing.zone)) + timedelta(days=policies.HORIZON_DAYS)
