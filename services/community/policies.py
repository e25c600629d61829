"""Who may do what with services, orders and complaints, and by when what has to happen."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from backend.accounts.access import Scope, grant
from backend.accounts.models import Role
from services.community.models import Order

State = Order.State

_DESK = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_LEADS = {Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_SELF = {Role.RESIDENT: Scope.SELF}
_FAMILY = {Role.FAMILY: Scope.HOUSEHOLD}
_CITIZENS = {**_SELF, **_FAMILY}

ACCESS = [
    *grant("services", "list read", {**_DESK, **_CITIZENS}),
    *grant("services", "create change", _LEADS),
    *grant("providers", "list read", _DESK),
    *grant("providers", "create change", _LEADS),
    *grant("providers", "link", _DESK),
    *grant("catalogue", "choose", _SELF),
    *grant("catalogue", "choose-for", _FAMILY),
    *grant("orders", "list read create cancel", {**_DESK, **_CITIZENS}),
    *grant("orders", "follow rate call-off", _CITIZENS),
    *grant("orders", "board pass-on take set-out deliver give-back", _DESK),
    *grant("my-orders", "read", _SELF),
    *grant("family-orders", "read", _FAMILY),
    *grant("standing-orders", "list read create end", {**_DESK, **_CITIZENS}),
    *grant("standing-orders", "stop", _CITIZENS),
    *grant("complaints", "list read create", {**_DESK, **_CITIZENS}),
    *grant("complaints", "follow", _CITIZENS),
    *grant("complaints", "board take-up dismiss take answer ask check note hotline", _DESK),
    *grant("complaints", "give-up", _LEADS),
]

PASSED_ON_WITHIN = timedelta(hours=2)
PASSED_ON_BEFORE = timedelta(hours=24)
"""What is wanted later than tomorrow need not be passed on today."""
TAKEN_WITHIN = timedelta(hours=1)
READY_BEFORE = timedelta(minutes=30)
"""Before it is wanted, somebody must have it."""
AT_LEAST = timedelta(minutes=10)
LATE_AFTER = timedelta(minutes=45)
"""Our choice; the centre's promise to residents, and nobody's law."""
RATED_WITHIN = timedelta(days=30)
LOW_RATING = 2
"""So many stars or fewer, and we ask what was wrong."""
ORDERED_WITHIN = timedelta(days=366)
"""Our choice: nothing is ordered further ahead than a year."""
HORIZON_DAYS = 7
"""So far ahead the days of a standing order are made."""
LINK_HOLDS = timedelta(days=14)
ASK_AGAIN_AFTER = timedelta(hours=20)
ASK_AT_MOST = 3
"""Source: practice of 12345 centres: a return call is tried three times on different days."""


def due_at(order: Order, *, since: datetime) -> datetime | None:
    """Until when somebody has to do the next thing with an order that stands so since then."""
    wanted = order.wanted_at
    match order.state:
        case State.ORDERED:
            usual = max(since + PASSED_ON_WITHIN, wanted - PASSED_ON_BEFORE)
            return max(since + AT_LEAST, min(wanted - READY_BEFORE, usual))
        case State.PASSED_ON:
            return max(since + AT_LEAST, min(wanted - READY_BEFORE, since + TAKEN_WITHIN))
        case State.TAKEN | State.ON_THE_WAY:
            return max(wanted + LATE_AFTER, since + AT_LEAST)
    return None


def rings_at(now: datetime) -> datetime:
    """When somebody may be rung about a complaint: now, or once they are up."""
    begins, ends = settings.ENV.routine_calls_from_h, settings.ENV.routine_calls_until_h
    local = timezone.localtime(now)
    if begins <= local.hour < ends:
        return now
    day = local.date() + timedelta(days=local.hour >= ends)
    return timezone.make_aware(datetime.combine(day, time(begins)))


def may_cancel_oneself(order: Order, *, now: datetime) -> bool:
    """Whether whoever ordered it may still cancel it without asking."""
    if order.state not in Order.BEFORE_SETTING_OUT:
        return False
    if order.state == State.ORDERED:
        return True
    return now <= order.wanted_at - timedelta(minutes=order.service.cancel_before_min)


def may_rate(order: Order, *, now: datetime) -> bool:
    """Whether it may be said how it was."""
    return order.done_at is not None and now - order.done_at <= RATED_WITHIN
