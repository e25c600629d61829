"""From what is known of its attempts to what becomes of a delivery.

`settle` looks only at the merged states, so reports in any order, late or twice, end the same.
"""

import random
from collections.abc import Sequence
from datetime import datetime

from notifications import policies, routes
from notifications.actions.owing import end
from notifications.models import Attempt, Channel, Delivery
from notifications.policies import Again, GiveUp
from notifications.record import record
from notifications.senders.port import Backoff, OurConfiguration, SendError
from notifications.senders.states import FINAL, REACHED_NOBODY, AttemptState

State = Delivery.State

BROUGHT = frozenset({AttemptState.DELIVERED, AttemptState.READ})
CARRIER_RETRY_S = 60.0
"""A text that did not arrive, for a reason nobody named, is sent once more after this."""


def settle(
    delivery: Delivery, attempt: Attempt, *, now: datetime, error: SendError | None = None
) -> None:
    """Bring a locked delivery to what its attempts say.

    `attempt` is the locked one of which there is news; `error` is the news, if it is one.
    """
    alone = delivery.attempt_count == 1
    attempts = [attempt] if alone else list(delivery.attempts.order_by("number"))
    if delivery.channel == Channel.SMS:
        _settle_text(delivery, attempts, error, now)
    elif delivery.state not in policies.OVER:
        _settle_call(delivery, attempts, error, now)


def _settle_text(
    delivery: Delivery, attempts: Sequence[Attempt], error: SendError | None, now: datetime
) -> None:
    latest = AttemptState(attempts[-1].state)
    if any(AttemptState(attempt.state) in BROUGHT for attempt in attempts):
        # Late proof counts: a text that was given up, or is to be sent again, has arrived.
        if delivery.state in {State.OWED, State.SENDING, State.SENT, State.FAILED}:
            _become(delivery, State.SENT, now=now, final=True)
    elif (
        delivery.state not in {State.SENDING, State.SENT}
        or delivery.final_at
        or latest is AttemptState.STARTED
    ):
        return
    elif latest in REACHED_NOBODY or latest is AttemptState.UNKNOWN:
        lost = Backoff(retry_after_s=CARRIER_RETRY_S, once=True)
        follow(delivery, attempts[-1], error or lost, now=now)
    else:
        _become(delivery, State.SENT, now=now)


def _settle_call(
    delivery: Delivery, attempts: Sequence[Attempt], error: SendError | None, now: datetime
) -> None:
    states = {AttemptState(attempt.state) for attempt in attempts}
    latest = AttemptState(attempts[-1].state)
    if AttemptState.COMPLETED in states and not delivery.asks:
        _become(delivery, State.ANSWERED, now=now, final=True)
    elif AttemptState.ANSWERED in states:
        _become(delivery, State.ANSWERED, now=now)
    elif latest in FINAL or latest in {AttemptState.STARTED, AttemptState.UNKNOWN}:
        # While it is owed, the next try is set already; while it is started, we know nothing.
        if delivery.state != State.OWED and latest is not AttemptState.STARTED:
            _call_again(delivery, attempts, error, now)
    else:
        _become(delivery, State.SENT, now=now)


def _call_again(
    delivery: Delivery, attempts: Sequence[Attempt], error: SendError | None, now: datetime
) -> None:
    latest = attempts[-1]
    if error is not None:
        follow(delivery, latest, error, now=now)
        return
    dials = sum(not attempt.error_code for attempt in attempts)
    after = policies.after_call(
        AttemptState(latest.state),
        dials=dials,
        ended_at=latest.ended_at or now,
        at_most=delivery.dials,
    )
    _follow(delivery, after, now)


def follow(delivery: Delivery, attempt: Attempt, error: SendError, *, now: datetime) -> None:
    """Set what comes after an attempt that ended with this error."""
    configured_elsewhere = (
        isinstance(error, OurConfiguration) and routes.next_route(delivery) is not None
    )
    after = policies.after_error(
        error,
        priority=delivery.priority,
        times=max(1, delivery.attempts.filter(error_code=attempt.error_code).count()),
        another_route=configured_elsewhere,
        chance=random.random(),  # noqa: S311 - spreads waits, keeps no secret
        now=now,
    )
    _follow(delivery, after, now)


def _follow(delivery: Delivery, after: Again | GiveUp, now: datetime) -> None:
    if isinstance(after, GiveUp):
        end(delivery, State.FAILED, after.failure, now=now)
    else:
        owe_again(delivery, at=after.at)


def owe_again(delivery: Delivery, *, at: datetime) -> None:
    """Let a locked delivery be tried again, or end, whichever is due first."""
    delivery.state = State.OWED
    delivery.due_at = min(at, delivery.expires_at) if delivery.expires_at else at
    delivery.save(update_fields=["state", "due_at"])


def _become(
    delivery: Delivery, state: Delivery.State, *, now: datetime, final: bool = False
) -> None:
    """Move a locked delivery on, and say so the first time."""
    news = delivery.state != state
    watched = delivery.channel == Channel.VOICE and not final
    delivery.state = state
    delivery.failure = ""
    delivery.secret = "" if final else delivery.secret
    delivery.due_at = now + policies.LOOK_UP_AFTER if watched else None
    delivery.final_at = (delivery.final_at or now) if final else None
    delivery.save(update_fields=["state", "failure", "secret", "due_at", "final_at"])
    if news:
        record(delivery, state.value, now=now)
