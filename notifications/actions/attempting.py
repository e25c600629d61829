"""One try to bring a delivery: written down before the provider is asked, and after."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from backend.core.rows import one_or_none
from backend.people import phones
from notifications import policies, routes, templates
from notifications.actions.owing import end
from notifications.actions.settling import settle
from notifications.actions.suppressing import suppress
from notifications.actions.trouble import note_success, note_trouble
from notifications.models import Attempt, Channel, Delivery, Suppression
from notifications.queries import is_still_shared, is_still_theirs, same_before
from notifications.record import record
from notifications.senders.port import (
    Lost,
    OutgoingCall,
    OutgoingText,
    RefusedByPerson,
    Sender,
    SendError,
    Sent,
    Unknown,
)
from notifications.senders.states import FINAL, AttemptState, merge

State = Delivery.State

NOT_SHARED = "not_shared"
"""The failure of what a contact is not told, as the resident took their consent back."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Begun:
    """An attempt that is written down, and what is to be carried by whom."""

    attempt: Attempt
    sender: Sender
    message: OutgoingText | OutgoingCall


@transaction.atomic
def begin_attempt(delivery: Delivery, *, now: datetime) -> Begun | None:
    """Write down the next attempt of a claimed delivery; None when there is to be none.

    The delivery ends here when it is too late, unwanted, or nobody can carry it.
    """
    locked = one_or_none(
        Delivery.objects.select_for_update().filter(
            pk=delivery.pk, lease_token=delivery.lease_token, state=State.OWED
        )
    )
    if locked is None:
        return None
    ending = _ending(locked, now)
    if ending is not None:
        end(locked, *ending, now=now)
        return None
    sender = routes.next_route(locked)
    if sender is None:
        end(locked, State.FAILED, "no_route", now=now)
        return None
    attempt = _begin(locked, sender, now)
    return Begun(attempt, sender, message_of(attempt))


def _ending(delivery: Delivery, now: datetime) -> tuple[Delivery.State, str] | None:
    if delivery.expires_at is not None and delivery.expires_at <= now:
        return State.EXPIRED, "too_late"
    if not is_still_theirs(delivery):
        return State.STOPPED, ""
    if not templates.is_registered(delivery.template):
        logger.error("no template is named %s", delivery.template)
        return State.FAILED, "no_template"
    if not is_still_shared(delivery, templates.shared_under(delivery.template)):
        return State.STOPPED, NOT_SHARED
    unwanted = (
        delivery.priority == Delivery.Priority.ROUTINE
        and Suppression.objects.filter(pk=phones.index(delivery.address)).exists()
    )
    return (State.FAILED, RefusedByPerson.code) if unwanted else None


def _begin(delivery: Delivery, sender: Sender, now: datetime) -> Attempt:
    delivery.state = State.SENDING
    delivery.attempt_count += 1
    delivery.save(update_fields=["state", "attempt_count"])
    record(delivery, "sending", now=now, sender=sender.name)
    return Attempt.objects.create(
        delivery=delivery,
        number=delivery.attempt_count,
        sender=sender.name,
        state=AttemptState.STARTED,
        started_at=now,
        state_at=now,
    )


def message_of(attempt: Attempt) -> OutgoingText | OutgoingCall:
    """What an attempt carries; the same whenever it is asked."""
    delivery = attempt.delivery
    if delivery.channel == Channel.VOICE:
        return OutgoingCall(str(attempt.pk), delivery.address, policies.RING_TIMEOUT_S)
    body = templates.render_text(delivery, times_before=same_before(delivery))
    return OutgoingText(str(attempt.pk), delivery.address, body)


@transaction.atomic
def finish_attempt(attempt: Attempt, result: Sent | SendError, *, now: datetime) -> None:
    """Write down how an attempt went and what comes next.

    Callbacks may have come first and said more; the lease may have gone to another engine, which
    then knows this attempt as one without an outcome.
    """
    locked, delivery = locked_with_delivery(attempt)
    if isinstance(result, Sent):
        _note_sent(locked, delivery, result, now)
    else:
        _note_error(locked, delivery, result, now)


def locked_with_delivery(attempt: Attempt) -> tuple[Attempt, Delivery]:
    """Both rows, locked in the order that everybody keeps: attempt, then delivery."""
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    return locked, Delivery.objects.select_for_update().get(pk=locked.delivery_id)


def _note_sent(attempt: Attempt, delivery: Delivery, sent: Sent, now: datetime) -> None:
    move(attempt, sent.state, now=now, provider_id=sent.provider_id)
    note_success(attempt.sender, delivery, now=now)
    if delivery.state in policies.OVER and delivery.channel == Channel.VOICE:
        # Stopped while we were asking for it: what rings now is hung up next.
        Delivery.objects.filter(pk=delivery.pk).update(due_at=now)
    settle(delivery, attempt, now=now)


def _note_error(attempt: Attempt, delivery: Delivery, error: SendError, now: datetime) -> None:
    unknown = isinstance(error, Unknown)
    attempt.error_code = error.code
    attempt.provider_code = error.provider_code
    move(attempt, AttemptState.UNKNOWN if unknown else AttemptState.FAILED, now=now)
    note_error(attempt, delivery, error, now=now)


def note_error(attempt: Attempt, delivery: Delivery, error: SendError, *, now: datetime) -> None:
    """Draw what follows from an error written on a locked attempt."""
    if isinstance(error, RefusedByPerson):
        suppress(delivery.address, word="provider", now=now)
    if error.code in policies.TROUBLE:
        note_trouble(attempt.sender, delivery, error, now=now)
    latest = attempt.number == delivery.attempt_count
    settle(delivery, attempt, now=now, error=error if latest else None)


def move(attempt: Attempt, state: AttemptState, *, now: datetime, provider_id: str = "") -> bool:
    """Merge a report into a locked attempt; whether it said anything new."""
    before = AttemptState(attempt.state)
    after = merge(before, state)
    attempt.state = after
    attempt.provider_id = attempt.provider_id or provider_id
    if after is not before:
        attempt.state_at = now
    if after in FINAL:
        attempt.ended_at = attempt.ended_at or now
    attempt.save()
    return after is not before


@transaction.atomic
def give_up_lost_attempt(delivery: Delivery, *, now: datetime) -> None:
    """A lease ran out in the middle of an attempt: whether it was carried, nobody knows."""
    lost = delivery.attempts.filter(number=delivery.attempt_count).first()
    if lost is None:
        return
    attempt, locked = locked_with_delivery(lost)
    if locked.lease_token == delivery.lease_token and locked.state == State.SENDING:
        _note_error(attempt, locked, Lost("the engine stopped"), now)


@transaction.atomic
def note_found(attempt: Attempt, found: Sent | None, *, now: datetime) -> None:
    """Write down what the provider says it made of an attempt without an outcome.

    What it does not know was not carried and may be sent again; it is asked once an attempt.
    """
    locked, delivery = locked_with_delivery(attempt)
    if found is not None:
        _note_sent(locked, delivery, found, now)
    elif locked.state == AttemptState.UNKNOWN:
        move(locked, AttemptState.FAILED, now=now)
        times = delivery.attempts.filter(error_code__in=[Unknown.code, Lost.code]).count()
        if times >= policies.ROUTINE_UNKNOWN_MAX:
            end(delivery, State.FAILED, Unknown.code, now=now)


def postpone(delivery: Delivery, *, to: datetime | None) -> None:
    """Look at a claimed delivery again at a time, or never; unless it has moved on meanwhile."""
    Delivery.objects.filter(
        pk=delivery.pk, lease_token=delivery.lease_token, state=delivery.state
    ).update(due_at=to)


def release(delivery: Delivery) -> None:
    """Give up the lease with which a delivery was claimed, if it is still ours."""
    Delivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token).update(
        lease_until=None, lease_token=None
    )
