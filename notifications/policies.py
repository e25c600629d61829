"""The rules of the outbox: how often and how long something is tried, and who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role
from notifications.models import Attempt, CallIn, Delivery
from notifications.senders.port import (
    Backoff,
    OurConfiguration,
    SendError,
    Unknown,
)
from notifications.senders.states import AttemptState

ACCESS = [
    *grant(
        "deliveries",
        "list",
        {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA},
    )
]

FIELDS = [*fields("deliveries", "list", "*")]

Priority = Delivery.Priority

LEASE_S = 6.0
"""So long after its engine died an attempt is given up, and a telephone that may not have rung is
rung again. A live engine renews its leases, so a request to a provider may take longer."""
RENEWALS = 6
"""How often a lease is renewed within its time: five may fail before it is lost."""
HELD_FOR_S = 60.0
"""No delivery is worked on for longer: 10 s to connect, 10 s to read, 35 s for the database."""

RESULT_KEPT_FOR_S = 35.0
"""How long a result waits for the database."""

TRIED_FOR: Mapping[int, timedelta] = {
    Priority.EMERGENCY: timedelta(minutes=10),
    Priority.URGENT: timedelta(minutes=30),
    Priority.ROUTINE: timedelta(hours=24),
}
"""How long a delivery that names no end is tried; a ladder owes a new one each round anyway."""

RING_TIMEOUT_S = 30
MAX_DIALS = 3
ONE_DIAL = 1
"""For a question whose own ladder comes again in minutes."""
REDIAL_AFTER = timedelta(seconds=20)
"""Within one step of a ladder; facts: reassurance lines dial three times."""

LOOK_UP_AFTER = timedelta(seconds=75)
"""No word of a call for so long: its callbacks may be lost, the provider is asked."""
LOOK_UP_AGAIN = timedelta(seconds=30)
LOOKED_UP_FOR = timedelta(minutes=15)
HANG_UP_AGAIN = timedelta(seconds=2)
HUNG_UP_FOR = timedelta(seconds=60)
"""A ring that could not be stopped has ended by then by itself."""

KEYS_HEARD_AFTER_END = timedelta(minutes=1)
"""The news of a hang-up may overtake the key before it; Twilio waits 15 s for our answer to a key.
What comes later is a callback that somebody kept and plays again: its signature holds no time."""
KEYS_HEARD_FOR = timedelta(hours=4)
"""No call whose end nobody told lasts longer. Source: twilio.com/docs/voice/api/call-resource,
TimeLimit (four hours at most)."""

FIND_AFTER = timedelta(seconds=5)
"""Until a provider that gave no answer lists what it made of the request."""
ROUTINE_UNKNOWN_MAX = 2
"""A routine message is sent again at most once after an unknown outcome."""

EMERGENCY_BACKOFF_MAX_S = 10.0
BACKOFF_MAX_S = 3600.0
JITTER = 0.2

TROUBLE = frozenset({Backoff.code, Unknown.code, OurConfiguration.code})
"""Errors that are the provider's or ours, not the called person's."""
TROUBLE_WINDOW = timedelta(seconds=60)
TROUBLE_MAX = 50
"""Source: alphagov/notifications-api, providers: 50 errors in 60 s (facts, section 1)."""
TOLD_BROKEN_AGAIN = timedelta(minutes=5)

OVER: frozenset[str] = frozenset(
    {
        Delivery.State.REPLIED,
        Delivery.State.FAILED,
        Delivery.State.EXPIRED,
        Delivery.State.STOPPED,
    }
)
"""States in which nothing is tried any more."""


def is_played_again(attempt: Attempt, *, now: datetime) -> bool:
    """Whether a call ended so long ago that nobody can be speaking in it any more."""
    hung_up = attempt.state == AttemptState.COMPLETED
    return (hung_up and now - attempt.state_at > KEYS_HEARD_AFTER_END) or (
        now - attempt.started_at > KEYS_HEARD_FOR
    )


def is_call_in_played_again(call: CallIn, *, now: datetime) -> bool:
    """The same of somebody who rang us."""
    hung_up = call.ended_at is not None and now - call.ended_at > KEYS_HEARD_AFTER_END
    return hung_up or now - call.began_at > KEYS_HEARD_FOR


@dataclass(frozen=True)
class Again:
    """Try again at a time."""

    at: datetime


@dataclass(frozen=True)
class GiveUp:
    """Not reached, and why."""

    failure: str


def after_error(
    error: SendError,
    *,
    priority: int,
    times: int,
    another_route: bool,
    chance: float,
    now: datetime,
) -> Again | GiveUp:
    """What follows an attempt that was not carried.

    `times` counts the attempts of this delivery that ended with the same kind of error, this one
    included; `chance` in [0, 1) spreads the waits.
    """
    match error:
        case OurConfiguration() if another_route:
            return Again(now)
        case Unknown():
            return _after_unknown(priority, times, now)
        case Backoff() if not (error.once and times > 1):
            wait_s = _wait_s(error.retry_after_s, priority, times)
            return Again(now + timedelta(seconds=wait_s * (1 + JITTER * (2 * chance - 1))))
        case Backoff():
            return GiveUp("not_delivered")
        case _:
            return GiveUp(error.code)


def _after_unknown(priority: int, times: int, now: datetime) -> Again:
    """An emergency rings again at once, then more slowly; anything else is looked for first."""
    if priority != Priority.EMERGENCY:
        return Again(now + FIND_AFTER)
    if times == 1:
        return Again(now)
    return Again(now + timedelta(seconds=_wait_s(FIND_AFTER.total_seconds(), priority, times - 1)))


def _wait_s(base_s: float, priority: int, times: int) -> float:
    longest_s = EMERGENCY_BACKOFF_MAX_S if priority == Priority.EMERGENCY else BACKOFF_MAX_S
    return float(min(base_s * 2 ** min(times - 1, 12), longest_s))


def after_call(
    state: AttemptState, *, dials: int, ended_at: datetime, at_most: int = MAX_DIALS
) -> Again | GiveUp:
    """What follows a call that ended without what it was made for, the `dials`th of `at_most`."""
    if dials < at_most:
        return Again(ended_at + REDIAL_AFTER)
    return GiveUp("no_key" if state is AttemptState.COMPLETED else state.value)
