"""The way of an order: taken, on the way, done; given back, cancelled, rated."""

from datetime import datetime

from django.db import transaction

from backend.core.errors import Invalid
from services.community import policies
from services.community.actions.complaining import suggest_complaint
from services.community.actions.locking import locked, move, require_state
from services.community.actions.passing_on import require_capacity
from services.community.doers import Doer
from services.community.errors import NoCapacity, NotNow, TooLateToCancel
from services.community.models import Order, Provider, StandingOrder
from services.community.offering import is_open_at, offers_in
from services.community.record import note_order
from services.community.telling import tell_cancelled, tell_given_up, tell_on_the_way
from services.visits.actions import cancel_visit
from services.visits.models import Visit

State = Order.State
Reason = Order.CancelReason

STARS = range(1, 6)
WORDS_MAX = 500
VISIT_REASON = {
    Reason.HOSPITAL: Visit.CancelReason.HOSPITAL,
    Reason.AWAY: Visit.CancelReason.AWAY,
    Reason.MOVED: Visit.CancelReason.MOVED,
    Reason.DIED: Visit.CancelReason.DIED,
    Reason.ASKED: Visit.CancelReason.ASKED,
}


@transaction.atomic
def take_order(order: Order, *, by: Doer, now: datetime) -> Order:
    """Whoever it was passed on to says that they do it. Again changes nothing.

    Who takes one day of what comes again has the days that follow, but for those that are full.

    Raises:
        NotNow: it was not passed on.
    """
    order = locked(order)
    if order.state == State.TAKEN:
        return order
    require_state(order, State.PASSED_ON)
    move(order, State.TAKEN, "taken", by=by, now=now)
    if order.standing_id and order.provider is not None:
        StandingOrder.objects.filter(pk=order.standing_id, provider=None).update(
            provider=order.provider
        )
        _take_days_that_follow(order, order.provider, by=by, now=now)
    return order


def _take_days_that_follow(taken: Order, provider: Provider, *, by: Doer, now: datetime) -> None:
    """Give a provider the days of the same standing order that nobody has yet."""
    offer = offers_in(taken.service, taken.area).filter(provider=provider).first()
    if offer is None:
        return
    following = Order.objects.filter(
        standing=taken.standing_id, state=State.ORDERED, wanted_at__gt=taken.wanted_at
    )
    for each in following.order_by("wanted_at"):
        order = locked(each)
        if order.state != State.ORDERED or not is_open_at(provider, order.wanted_at):
            continue
        try:
            require_capacity(offer, order)
        except NoCapacity:
            continue
        order.provider, order.price_fen = provider, offer.asks_fen
        move(order, State.TAKEN, "taken", by=by, now=now)


@transaction.atomic
def set_out(order: Order, *, by: Doer, now: datetime) -> Order:
    """It is on its way, and the resident hears of it. Again changes nothing.

    Raises:
        NotNow: nobody has taken it, or it is over.
    """
    order = locked(order)
    if order.state == State.ON_THE_WAY:
        return order
    require_state(order, State.PASSED_ON, State.TAKEN)
    move(order, State.ON_THE_WAY, "on_the_way", by=by, now=now)
    if order.visit_id is None:
        # A visit that has begun is there already; visits tell of their own way.
        tell_on_the_way(order, now=now)
    return order


@transaction.atomic
def deliver(order: Order, *, by: Doer, now: datetime) -> Order:
    """It is there. Again changes nothing.

    Raises:
        NotNow: nobody has it, or it is cancelled.
    """
    order = locked(order)
    if order.state == State.DONE:
        return order
    require_state(order, State.PASSED_ON, State.TAKEN, State.ON_THE_WAY)
    return move(order, State.DONE, "done", by=by, now=now)


@transaction.atomic
def give_back(order: Order, *, reason: str = "", by: Doer, now: datetime) -> Order:
    """Whoever had it does not do it: the dispatcher passes it on anew.

    A provider from whom the desk takes it back is told.

    Raises:
        NotNow: nobody has it, or it is on its way.
    """
    order = locked(order)
    require_state(order, State.PASSED_ON, State.TAKEN)
    if order.standing_id:
        StandingOrder.objects.filter(pk=order.standing_id, provider=order.provider_id).update(
            provider=None
        )
    _end_visit(order, Visit.CancelReason.STAFF, by=by, now=now)
    had_it = order.provider
    order.provider = order.visit = order.call = None
    order.price_fen = order.service.price_fen
    move(order, State.ORDERED, "given_back", by=by, now=now, note=reason)
    if had_it is not None and had_it.reference != by.reference:
        tell_given_up(order, had_it, now=now)
    return order


@transaction.atomic
def cancel_order(
    order: Order, *, reason: str, is_staff: bool = False, by: Doer, now: datetime
) -> Order:
    """Let it not be; whoever had it is told. Again changes nothing.

    Raises:
        TooLateToCancel: whoever ordered it has to ring the centre now.
        NotNow: it is done.
        VisitUnderway: somebody is there.
    """
    order = locked(order)
    if order.state == State.CANCELLED:
        return order
    if reason not in Reason.values:
        raise Invalid(fields={"reason": ["unknown"]})
    if order.state == State.DONE:
        raise NotNow
    if not is_staff and not policies.may_cancel_oneself(order, now=now):
        raise TooLateToCancel
    return cancel_locked(order, reason, by=by, now=now)


def cancel_locked(order: Order, reason: str, *, by: Doer, now: datetime) -> Order:
    """Cancel an order that the caller has locked."""
    _end_visit(order, VISIT_REASON.get(Reason(reason), Visit.CancelReason.OTHER), by=by, now=now)
    had_it = order.provider if order.state != State.ORDERED else None
    order.cancel_reason = reason
    move(order, State.CANCELLED, "cancelled", by=by, now=now)
    if had_it is not None:
        tell_given_up(order, had_it, now=now)
    if reason == Reason.NOBODY:
        tell_cancelled(order, now=now)
    return order


def _end_visit(order: Order, reason: Visit.CancelReason, *, by: Doer, now: datetime) -> None:
    over = (Visit.State.DONE, Visit.State.CANCELLED)
    if order.visit is not None and order.visit.state not in over:
        cancel_visit(order.visit, reason=reason, by=by.reference, now=now)


@transaction.atomic
def rate_order(order: Order, *, rating: int, words: str = "", by: Doer, now: datetime) -> Order:
    """Say how it was, from 1 to 5; the last word holds. A low rating suggests a complaint.

    Raises:
        NotNow: it is not done, or long ago.
        Invalid: no number from 1 to 5.
    """
    order = locked(order)
    if rating not in STARS:
        raise Invalid(fields={"rating": ["from_1_to_5"]})
    if not policies.may_rate(order, now=now):
        raise NotNow
    order.rating, order.rating_words = rating, words.strip()[:WORDS_MAX]
    order.rated_at, order.rated_by = now, by.reference
    order.save(update_fields=["rating", "rating_words", "rated_at", "rated_by"])
    note_order(order, "rated", by=by, now=now)
    if rating <= policies.LOW_RATING:
        suggest_complaint(order, by=by, now=now)
    return order
