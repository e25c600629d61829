"""What is not needed any more ends."""

import pytest

from backend.core.models import JournalEvent
from notifications.actions import report_status, stop
from notifications.models import Channel, Delivery
from notifications.senders.states import AttemptState
from tests.builders import NOON, a_begun_attempt, a_delivery, reloaded

pytestmark = pytest.mark.django_db

State = Delivery.State


def test_questions_end_and_notices_do_not() -> None:
    question = a_delivery(cause="test:stop")
    notice = a_delivery(cause="test:stop", asks=False, template="test_notice")
    elsewhere = a_delivery()

    assert stop(cause="test:stop", now=NOON) == 1

    assert reloaded(question).state == State.STOPPED
    assert reloaded(question).due_at is None
    assert reloaded(notice).state == State.OWED
    assert reloaded(elsewhere).state == State.OWED
    assert JournalEvent.objects.filter(subject="test:stop", type="delivery.stopped").count() == 1


def test_everything_ends_when_asked_to() -> None:
    a_delivery(cause="test:stop", asks=False, template="test_notice")

    assert stop(cause="test:stop", now=NOON, only_asking=False) == 1


def test_whoever_is_going_is_left_in_peace_and_others_can_be_named_by_kind() -> None:
    going = a_delivery(cause="test:stop")
    other = a_delivery(cause="test:stop")

    assert stop(cause="test:stop", now=NOON, except_person=going.person) == 1
    assert stop(cause="test:stop", now=NOON, person_prefix="duty:") == 0

    assert reloaded(going).state == State.OWED
    assert reloaded(other).state == State.STOPPED


def test_a_telephone_that_rings_is_due_to_be_hung_up() -> None:
    attempt = a_begun_attempt()
    report_status(attempt, AttemptState.RINGING, now=NOON, provider_id="CA1")

    stop(cause=attempt.delivery.cause, now=NOON)

    assert reloaded(attempt.delivery).due_at == NOON


def test_a_text_that_was_sent_stays_sent_but_is_not_sent_again() -> None:
    attempt = a_begun_attempt(channel=Channel.SMS)
    report_status(attempt, AttemptState.SENT, now=NOON)

    assert stop(cause=attempt.delivery.cause, now=NOON) == 0
    report_status(attempt, AttemptState.UNDELIVERED, now=NOON)

    delivery = reloaded(attempt.delivery)
    assert (delivery.state, delivery.due_at) == (State.SENT, None)
