"""Reports come late, twice and in any order, and end the same."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from backend.core.models import JournalEvent
from notifications.actions import reply_by_key, report_status
from notifications.models import Attempt, Channel, Delivery
from notifications.senders.port import Backoff, DeadNumber
from notifications.senders.states import AttemptState
from tests.builders import NOON, a_begun_attempt, reloaded

pytestmark = pytest.mark.django_db

State = Delivery.State
Report = Callable[[Attempt, datetime], object]


def says(state: AttemptState) -> Report:
    return lambda attempt, now: report_status(attempt, state, now=now, provider_id="CA1")


def presses(key: str) -> Report:
    return lambda attempt, now: reply_by_key(attempt, key, now=now)


A_CALL = [
    says(state)
    for state in (
        AttemptState.INITIATED,
        AttemptState.RINGING,
        AttemptState.ANSWERED,
        AttemptState.COMPLETED,
    )
]


def after(reports: tuple[Report, ...], **fields: object) -> tuple[Delivery, Attempt]:
    attempt = a_begun_attempt(**fields)  # type: ignore[arg-type]
    for number, report in enumerate(reports):
        report(attempt, NOON + timedelta(seconds=number))
    return reloaded(attempt.delivery), reloaded(attempt)


def test_every_order_of_a_call_with_a_key_ends_in_the_reply() -> None:
    ends = set()
    for order in permutations([*A_CALL, presses("1")]):
        delivery, attempt = after(order)
        ends.add((delivery.state, delivery.reply, attempt.state, attempt.provider_id))
        assert JournalEvent.objects.filter(subject=delivery.cause, type="test.key_1").count() == 1

    assert ends == {(State.REPLIED, "1", AttemptState.COMPLETED, "CA1")}


def test_every_order_of_a_call_without_a_key_ends_in_another_try() -> None:
    ends = {
        (delivery.state, delivery.reply, attempt.state)
        for delivery, attempt in map(after, permutations(A_CALL))
    }

    assert ends == {(State.OWED, "", AttemptState.COMPLETED)}


def test_every_order_of_a_text_ends_delivered() -> None:
    states = (
        AttemptState.SENDING,
        AttemptState.SENT,
        AttemptState.UNDELIVERED,
        AttemptState.DELIVERED,
    )
    ends = set()
    for order in permutations([says(state) for state in states]):
        delivery, attempt = after(order, channel=Channel.SMS)
        ends.add((delivery.state, delivery.failure, delivery.due_at, attempt.state))

    assert ends == {(State.SENT, "", None, AttemptState.DELIVERED)}


def test_a_repeated_report_changes_nothing() -> None:
    delivery, attempt = after(tuple(A_CALL))
    due_at = delivery.due_at

    for report in A_CALL:
        report(attempt, NOON + timedelta(minutes=1))

    assert reloaded(delivery).due_at == due_at
    assert reloaded(attempt).ended_at == NOON + timedelta(seconds=3)


def test_a_voicemail_is_no_acknowledgement_and_is_dialled_again() -> None:
    delivery, _ = after(tuple(A_CALL))

    assert delivery.state == State.OWED
    assert delivery.due_at == NOON + timedelta(seconds=3 + 20)


def test_a_notice_that_was_heard_is_done() -> None:
    delivery, _ = after(tuple(A_CALL), asks=False, template="test_notice")

    assert (delivery.state, delivery.due_at) == (State.ANSWERED, None)
    assert delivery.final_at is not None


def test_a_dead_number_ends_the_delivery_at_once() -> None:
    attempt = a_begun_attempt(channel=Channel.SMS)

    report_status(attempt, AttemptState.UNDELIVERED, now=NOON, error=DeadNumber())

    delivery = reloaded(attempt.delivery)
    assert (delivery.state, delivery.failure) == (State.FAILED, "dead_number")
    assert JournalEvent.objects.filter(subject=delivery.cause, type="delivery.failed").exists()


def test_late_proof_brings_back_a_text_that_was_given_up() -> None:
    attempt = a_begun_attempt(channel=Channel.SMS)
    report_status(attempt, AttemptState.UNDELIVERED, now=NOON, error=DeadNumber())

    report_status(attempt, AttemptState.DELIVERED, now=NOON)

    delivery = reloaded(attempt.delivery)
    assert (delivery.state, delivery.failure) == (State.SENT, "")
    assert reloaded(attempt).error_code == "dead_number"


def test_a_handset_that_is_off_is_tried_once_more() -> None:
    off = Backoff(retry_after_s=180, once=True)
    attempt = a_begun_attempt(channel=Channel.SMS, priority=Delivery.Priority.ROUTINE)

    report_status(attempt, AttemptState.UNDELIVERED, now=NOON, error=off)

    delivery = reloaded(attempt.delivery)
    assert delivery.state == State.OWED
    assert delivery.due_at is not None
    assert timedelta(seconds=140) < delivery.due_at - NOON < timedelta(seconds=220)
