"""A provider in trouble is told to the desk once, and others are preferred meanwhile."""

from datetime import datetime, timedelta

import pytest

from backend.core.models import JournalEvent
from notifications import policies, queries, routes
from notifications.actions import finish_attempt
from notifications.models import Channel, Delivery
from notifications.senders.port import Backoff, DeadNumber, OurConfiguration, SendError, Sent
from notifications.senders.states import AttemptState
from notifications.senders.twilio.sender import make_sender
from tests.builders import NOON, a_begun_attempt, a_phone, reloaded

pytestmark = pytest.mark.django_db

AWAY = Backoff(retry_after_s=2)


def tried(result: Sent | SendError, *, now: datetime = NOON) -> Delivery:
    """A text that was tried once, with this result."""
    attempt = a_begun_attempt(channel=Channel.SMS, area_path="001.", now=now)
    finish_attempt(attempt, result, now=now)
    return reloaded(attempt.delivery)


def told() -> list[str]:
    """The events about the provider."""
    events = JournalEvent.objects.filter(subject="sender:twilio").order_by("id")
    return list(events.values_list("type", flat=True))


def test_fifty_errors_in_a_minute_mean_that_a_provider_is_down() -> None:
    for _ in range(policies.TROUBLE_MAX - 1):
        tried(AWAY)
    assert told() == []

    tried(AWAY)
    tried(AWAY)

    assert told() == ["provider.down"]
    assert [health.reason for health in queries.senders_down()] == ["errors"]


def test_errors_far_apart_and_dead_numbers_do_not() -> None:
    for minute in range(policies.TROUBLE_MAX + 1):
        tried(AWAY, now=NOON + timedelta(minutes=minute))
        tried(DeadNumber())

    assert told() == []


def test_our_own_mistake_is_told_at_once_and_not_with_every_message() -> None:
    failed = tried(OurConfiguration(provider_code=20003))
    tried(OurConfiguration(provider_code=20003))

    assert failed.failure == "our_configuration"
    assert told() == ["provider.down", "provider.broken"]


def test_a_provider_is_up_again_when_it_works_and_has_been_quiet() -> None:
    sent = Sent("SM1", AttemptState.QUEUED)
    tried(OurConfiguration())

    tried(sent, now=NOON + timedelta(seconds=30))
    assert "provider.up" not in told()
    tried(sent, now=NOON + timedelta(seconds=90))

    assert told()[-1] == "provider.up"
    assert queries.senders_down() == []


def test_a_sender_that_is_down_comes_last_and_is_used_when_it_is_the_only_one() -> None:
    first, second = (
        make_sender(
            account_sid="AC1",
            auth_token="t",
            from_number="+1",
            public_url="http://yian",
            api_base="http://127.0.0.1:9",
        )
        for _ in range(2)
    )
    second.name = "other"
    tried(OurConfiguration())

    with routes.only(first, second):
        assert routes.route_for("sms", a_phone()) is second
        assert routes.route_for("sms", a_phone(), without=["other"]) is first
    with routes.only(second, first):
        assert routes.route_for("sms", a_phone(), failures={"other": 1}) is second
    with routes.only():
        assert routes.route_for("sms", a_phone()) is None
        assert not routes.has_route(a_phone())


def test_the_reason_of_a_failure_is_kept_with_the_attempt() -> None:
    delivery = tried(DeadNumber("nobody there", provider_code=21211))

    attempt = delivery.attempts.get()
    assert (attempt.error_code, attempt.provider_code) == ("dead_number", 21211)
    assert attempt.state == AttemptState.FAILED
