"""The engine against the demo's telephones and our own hooks: everything real but the people."""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from backend.core import clock, due
from notifications import engine, routes
from notifications.actions import begin_attempt, finish_attempt, stop
from notifications.actions.attempting import release
from notifications.engine import Engine
from notifications.models import Attempt, Channel, Delivery, Suppression
from notifications.senders.port import OutgoingCall, OutgoingText, Sent
from notifications.senders.states import AttemptState
from notifications.senders.twilio.sender import TwilioSender
from tests.builders import a_delivery, a_phone, phone_index, reloaded
from tests.notifications.senders.phone_server import Telephones, a_sender
from tests.threads import at_once, on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

State = Delivery.State
PATIENCE_S = 10.0
SHORT_LEASE_S = 1.2


def bring_all() -> int:
    """Bring what is due by the clock, once."""
    return engine.deliver_due()


@contextmanager
def running() -> Iterator[None]:
    """The engine as `manage.py tick` runs it."""
    over = threading.Event()
    thread = threading.Thread(target=on_own_connection, args=(engine.run, over))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(PATIENCE_S)


def until(condition: Callable[[], bool]) -> float:
    """Wait until it holds; how long it took, in seconds."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < PATIENCE_S
        time.sleep(0.02)
    return time.monotonic() - begun


def owed(phone: str, **fields: object) -> Delivery:
    """A question owed now, by the database's clock."""
    return a_delivery(now=clock.now(), phone=phone, **fields)


def rings(phones: Telephones, number: str) -> int:
    """How often a telephone rang."""
    return sum(event["type"] == "call.ringing" for event in phones.events(number))


def test_a_call_rings_asks_and_takes_the_key(phones: Telephones) -> None:
    number = a_phone()
    with running():
        delivery = owed(number)
        phones.wait_for(number, "call.ringing")
        phones.act(number, "keys", digits="1")
        phones.wait_for(number, "call.ended")
        until(lambda: reloaded(delivery).attempts.get().state == AttemptState.COMPLETED)

    delivery = reloaded(delivery)
    assert (delivery.state, delivery.reply, delivery.attempt_count) == (State.REPLIED, "1", 1)
    said = [event["text"] for event in phones.events(number) if event["type"] == "call.said"]
    assert said == [
        "陈女士 called for help.",
        "To go, press 1.",
        "Thank you, 陈女士 waits for you.",
    ]


def test_a_text_arrives_and_its_answer_counts(phones: Telephones) -> None:
    number = a_phone()
    delivery = owed(number, channel=Channel.SMS)
    bring_all()
    text = phones.wait_for(number, "text.received")
    until(lambda: reloaded(delivery).final_at is not None)

    phones.act(number, "texts", body="２")
    until(lambda: reloaded(delivery).reply == "2")

    assert text["text"] == "陈女士 called for help. Reply 1, 2 or 3."
    assert reloaded(delivery).state == State.REPLIED


def test_a_question_that_is_over_stops_ringing_within_five_seconds(phones: Telephones) -> None:
    number = a_phone()
    with running():
        delivery = owed(number)
        phones.wait_for(number, "call.ringing")

        stop(cause=delivery.cause, now=clock.now())
        took_s = until(lambda: phones.events(number)[-1]["type"] == "call.ended")

    assert took_s < 5
    assert reloaded(delivery).state == State.STOPPED
    assert "call.answered" not in [event["type"] for event in phones.events(number)]


def test_a_stop_while_the_provider_is_being_asked_still_ends_the_ring(phones: Telephones) -> None:
    number = a_phone()
    delivery = _claimed(owed(number))
    begun = begin_attempt(delivery, now=clock.now())
    assert begun is not None
    stop(cause=delivery.cause, now=clock.now())

    sent = begun.sender.send(begun.message)
    finish_attempt(begun.attempt, sent, now=clock.now())
    release(delivery)
    until(lambda: bring_all() == 1)  # a callback may hold the row for a moment

    phones.wait_for(number, "call.ended")
    assert reloaded(delivery).state == State.STOPPED


def test_a_busy_line_is_dialled_three_times_and_then_given_up(phones: Telephones) -> None:
    number = a_phone()
    phones.behave(number, "busy")
    delivery = owed(number, expires_at=clock.now() + timedelta(hours=1))

    for dial in range(1, 4):
        with clock.set_to(clock.now() + timedelta(minutes=dial)):
            # By this clock a line that is busy at once is due again at once.
            engine.deliver_due(limit=1)
        until(lambda dial=dial: _ended(delivery) == dial)  # type: ignore[misc]

    delivery = reloaded(delivery)
    assert (delivery.state, delivery.failure) == (State.FAILED, "busy")
    assert delivery.attempt_count == 3


def _ended(delivery: Delivery) -> int:
    return Attempt.objects.filter(delivery=delivery).exclude(ended_at=None).count()


def test_two_engines_never_send_twice(phones: Telephones) -> None:
    numbers = [a_phone() for _ in range(12)]
    for number in numbers:
        owed(number, channel=Channel.SMS)

    brought = at_once(*[bring_all] * 4)

    assert sum(brought) == len(numbers)
    for number in numbers:
        phones.wait_for(number, "text.received")
        received = [e for e in phones.events(number) if e["type"] == "text.received"]
        assert len(received) == 1


def test_routine_texts_do_not_hold_up_an_emergency(phones: Telephones) -> None:
    no_callback_comes = "http://127.0.0.1:9"
    working = a_sender(phones, public_url=no_callback_comes)
    slow = KeptWaiting(
        client=working.client,
        from_number=working.from_number,
        public_url=no_callback_comes,
        capabilities=working.capabilities,
    )
    slow.numbers = {a_phone() for _ in range(8)}
    with routes.only(slow):
        for number in slow.numbers:
            owed(number, channel=Channel.SMS, priority=Delivery.Priority.ROUTINE)
        with running():
            try:
                until(lambda: Attempt.objects.count() == 4)
                urgent = owed(a_phone(), channel=Channel.SMS)
                until(lambda: reloaded(urgent).state == State.SENT)
                waiting = Attempt.objects.filter(state=AttemptState.STARTED).count()
            finally:
                slow.answers.set()

    assert waiting == 4


class KeptWaiting(TwilioSender):
    """The real sender, whose provider lets some numbers wait until it is told to answer."""

    numbers: Collection[str] = ()

    def __init__(self, **given: Any) -> None:
        """Nobody is answered yet who has to wait."""
        super().__init__(**given)
        self.answers = threading.Event()

    def send(self, message: OutgoingText | OutgoingCall) -> Sent:
        """Send once it may."""
        if message.to in self.numbers:
            self.answers.wait()
        return super().send(message)


def test_a_crash_between_asking_and_knowing_is_visible_and_rings_again(phones: Telephones) -> None:
    number = a_phone()
    delivery = _claimed(owed(number))
    begun = begin_attempt(delivery, now=clock.now())
    assert begun is not None
    del begun  # the engine dies before the provider is asked

    assert bring_all() == 0
    with clock.set_to(clock.now() + timedelta(seconds=61)):
        bring_all()
        bring_all()

    phones.wait_for(number, "call.ringing")
    first, second = reloaded(delivery).attempts.order_by("number")
    assert (first.state, first.error_code) == (AttemptState.UNKNOWN, "lost")
    assert second.number == 2
    assert rings(phones, number) == 1


def test_a_database_that_goes_away_while_the_provider_answers_costs_no_second_ring(
    phones: Telephones,
) -> None:
    number = a_phone()
    delivery = owed(number)
    working = a_sender(phones, public_url=settings.ENV.public_url)
    cut = CutOff(
        client=working.client,
        from_number=working.from_number,
        public_url=settings.ENV.public_url,
        capabilities=working.capabilities,
    )
    with routes.only(cut):
        bring_all()

    delivery = reloaded(delivery)
    assert cut.times == 1
    assert delivery.attempts.get().provider_id
    assert (delivery.state, delivery.lease_token) == (State.SENT, None)


class CutOff(TwilioSender):
    """The real sender, in front of a database that ends our connection while it works."""

    times = 0

    def send(self, message: OutgoingText | OutgoingCall) -> Sent:
        """Send, and find the connection ended."""
        sent = super().send(message)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (own,) = cursor.fetchone()
        at_once(lambda: _terminate(own))
        self.times += 1
        return sent


def _terminate(backend_pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend_pid])


def test_a_routine_text_whose_answer_was_lost_is_found_and_not_sent_again(
    phones: Telephones,
) -> None:
    number = a_phone()
    with routes.only(a_sender(phones, public_url="http://127.0.0.1:9")):  # no callback comes
        delivery = _claimed(owed(number, channel=Channel.SMS, priority=Delivery.Priority.ROUTINE))
        begun = begin_attempt(delivery, now=clock.now())
        assert begun is not None
        sent = begun.sender.send(begun.message)
        assert isinstance(sent, Sent)
        phones.wait_for(number, "text.received")

        for seconds in (61, 70):
            with clock.set_to(clock.now() + timedelta(seconds=seconds)):
                bring_all()

    assert reloaded(delivery).attempts.get().provider_id == sent.provider_id
    assert reloaded(delivery).state == State.SENT
    assert len([e for e in phones.events(number) if e["type"] == "text.received"]) == 1


def test_a_routine_text_the_provider_never_had_is_sent_once_more(phones: Telephones) -> None:
    number = a_phone()
    delivery = _claimed(owed(number, channel=Channel.SMS, priority=Delivery.Priority.ROUTINE))
    assert begin_attempt(delivery, now=clock.now())

    for seconds in (61, 70):
        with clock.set_to(clock.now() + timedelta(seconds=seconds)):
            bring_all()

    phones.wait_for(number, "text.received")
    assert reloaded(delivery).attempt_count == 2


def test_a_provider_that_is_away_is_asked_again_until_it_is_back(phones: Telephones) -> None:
    number = a_phone()
    phones.trouble(api="unavailable", for_s=1)
    with running():
        delivery = owed(number)
        phones.wait_for(number, "call.ringing")

    assert reloaded(delivery).attempt_count > 1
    assert reloaded(delivery).state == State.SENT


def test_a_call_without_callbacks_is_looked_up(phones: Telephones) -> None:
    number = a_phone()
    phones.behave(number, "busy")
    with routes.only(a_sender(phones, public_url="http://127.0.0.1:9")):
        delivery = owed(number)
        bring_all()
        until(lambda: phones.events(number)[-1:] != [])
        with clock.set_to(clock.now() + timedelta(seconds=90)):
            bring_all()

    assert reloaded(delivery).attempts.get().state == AttemptState.BUSY
    assert reloaded(delivery).state == State.OWED


@pytest.mark.parametrize(
    ("number", "failure"),
    [("+15005550001", "dead_number"), ("+15005550003", "our_configuration")],
)
def test_a_number_that_cannot_be_reached_fails_at_once(
    phones: Telephones, number: str, failure: str
) -> None:
    delivery = owed(number)

    bring_all()

    delivery = reloaded(delivery)
    assert (delivery.state, delivery.failure) == (State.FAILED, failure)
    assert delivery.attempt_count == 1


def test_our_own_mistake_at_one_provider_goes_to_the_next(phones: Telephones) -> None:
    number = a_phone()
    broken = a_sender(phones, public_url="http://127.0.0.1:9", auth_token="wrong")
    broken.name = "broken"
    with routes.only(broken, *routes.senders()):
        delivery = owed(number)
        bring_all()
        bring_all()

    phones.wait_for(number, "call.ringing")
    senders = list(reloaded(delivery).attempts.order_by("number").values_list("sender", flat=True))
    assert senders == ["broken", "twilio"]


def test_what_is_too_late_is_not_sent(phones: Telephones) -> None:
    number = a_phone()
    delivery = owed(number)
    with clock.set_to(clock.now() + timedelta(minutes=10)):
        bring_all()

    assert reloaded(delivery).state == State.EXPIRED
    assert phones.events(number) == []


def test_who_wants_no_reminders_gets_none_but_is_asked_for_help(phones: Telephones) -> None:
    number = a_phone()
    Suppression.objects.create(address_index=phone_index(number), since=clock.now(), word="退订")
    reminder = owed(number, channel=Channel.SMS, priority=Delivery.Priority.ROUTINE)
    question = owed(number, channel=Channel.SMS)

    bring_all()

    assert reloaded(reminder).failure == "refused_by_person"
    assert reloaded(question).state == State.SENT


def test_what_a_dead_engine_held_is_rung_when_its_lease_has_ended(phones: Telephones) -> None:
    number = a_phone()
    delivery = _claimed(owed(number), lease_s=SHORT_LEASE_S)
    assert begin_attempt(delivery, now=clock.now())  # and the engine dies

    with engines(1):
        took_s = until(lambda: rings(phones, number) == 1)

    assert took_s < 3 * SHORT_LEASE_S
    assert reloaded(delivery).attempt_count == 2


def test_a_live_engine_keeps_what_it_works_on_for_longer_than_a_lease(phones: Telephones) -> None:
    number = a_phone()
    working = a_sender(phones, public_url=settings.ENV.public_url)
    slow = Slow(
        client=working.client,
        from_number=working.from_number,
        public_url=settings.ENV.public_url,
        capabilities=working.capabilities,
    )
    with routes.only(slow), engines(2):
        delivery = owed(number)
        until(lambda: reloaded(delivery).state == State.SENT)

    assert reloaded(delivery).attempt_count == 1
    assert rings(phones, number) == 1


def test_after_a_time_without_the_database_the_holder_is_heard_first(phones: Telephones) -> None:
    held = _claimed(owed(a_phone()), lease_s=SHORT_LEASE_S)
    fresh = a_phone()
    with Engine(lease_s=SHORT_LEASE_S) as other:
        _work(other, for_s=SHORT_LEASE_S * 0.5)
        time.sleep(SHORT_LEASE_S * 1.5)  # the database answers nobody
        owed(fresh)
        _work(other, for_s=SHORT_LEASE_S * 0.5)
        assert reloaded(held).lease_token == held.lease_token
        assert phones.wait_for(fresh, "call.ringing")

        _work(other, for_s=SHORT_LEASE_S)

    assert reloaded(held).lease_token != held.lease_token


class Slow(TwilioSender):
    """The real sender, in front of a provider that takes longer than a lease."""

    def send(self, message: OutgoingText | OutgoingCall) -> Sent:
        """Wait, and send."""
        time.sleep(3 * SHORT_LEASE_S)
        return super().send(message)


def _work(running: Engine, *, for_s: float) -> None:
    until_s = time.monotonic() + for_s
    while time.monotonic() < until_s:
        running.take_due(clock.now())
        time.sleep(0.05)


@contextmanager
def engines(count: int) -> Iterator[None]:
    """Engines with short leases, each in a thread."""
    over = threading.Event()

    def run() -> None:
        with Engine(lease_s=SHORT_LEASE_S) as one:
            while not over.is_set():
                _work(one, for_s=0.05)

    threads = [threading.Thread(target=on_own_connection, args=(run,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE_S)


def _claimed(delivery: Delivery, *, now: datetime | None = None, lease_s: float = 60) -> Delivery:
    """The delivery as an engine holds it."""
    rows = Delivery.objects.filter(pk=delivery.pk)
    return due.claim(rows, now=now or clock.now(), lease_s=lease_s, limit=1)[0]
