"""Who may do what with services, orders and complaints, and by when what has to happen."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from backend.accounts.access import Scope, fields, grant
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

_COMPLAINT = (
    "id resident order provider source hotline_number category received_at state limit ends_at "
    "overdue_since answered_at outcome checked_at reopened closed_at"
)
_COMPLAINT_WORDS = "words answer"

FIELDS = [
    *fields("services", "list read", "*"),
    *fields("providers", "list read", "*"),
    *fields("orders", "list read", "*"),
    *fields("standing-orders", "list read", "*"),
    # Who of us has it is our own affair: whoever complained hears the answer.
    *fields(
        "complaints",
        "list",
        {**dict.fromkeys(Role, f"{_COMPLAINT} owner"), **dict.fromkeys(_CITIZENS, _COMPLAINT)},
    ),
    *fields(
        "complaints",
        "read",
        {
            **dict.fromkeys(Role, f"{_COMPLAINT} {_COMPLAINT_WORDS} owner"),
            **dict.fromkeys(_CITIZENS, f"{_COMPLAINT} {_COMPLAINT_WORDS}"),
        },
    ),
    *fields(
        "services",
        "create change",
        "about about_en active cancel_before_min category duration_min fulfilment hours lead_min "
        "name name_en place price_fen repeats visit_service",
    ),
    *fields("providers", "create change", "active name opening_hours phone serves service_offers"),
    *fields("orders", "create", "resident service wanted_at note"),
    *fields("orders", "cancel give-back", "reason"),
    *fields("orders", "pass-on", "to"),
    *fields("orders", "rate", "rating words"),
    *fields("standing-orders", "create", "resident service rule at starts_on ends_on note"),
    *fields("complaints", "create", "resident order category words"),
    *fields("complaints", "answer", "answer"),
    *fields("complaints", "check", "is_right note"),
    *fields("complaints", "dismiss give-up", "reason"),
    *fields("complaints", "note", "note"),
    # Tickets that come in, and what is told of them when they are asked for.
    *fields(
        "complaints",
        "hotline",
        "tickets dry_run number state answer answered_at answered_by outcome closed_at",
    ),
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
LINK_RENEWED_BEFORE = timedelta(days=2)
"""Our choice: so that a text that is read a day late still comes before the old link ends."""
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
