"""Several people and several reports at the same moment."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction

from backend.core.models import JournalEvent
from notifications.actions import begin_attempt, reply_by_key, report_status
from notifications.models import Attempt, Delivery
from notifications.senders.states import AttemptState
from services.emergencies import ladder
from services.emergencies.actions import open_call
from services.emergencies.models import EmergencyCall
from tests.builders import NOON, a_begun_attempt, a_contact, a_press, a_resident, reloaded
from tests.threads import PATIENCE_S, at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def both_asked() -> tuple[EmergencyCall, list[Attempt]]:
    """A call whose two contacts have been rung and hear the question."""
    resident = a_resident()
    for order in (1, 2):
        a_contact(resident=resident, order=order)
    call = open_call(press=a_press(resident, metric="fall"), now=NOON).call
    while Delivery.objects.filter(cause=call.reference, asks=True, channel="voice").count() < 2:
        EmergencyCall.objects.filter(pk=call.pk).update(due_at=NOON)
        ladder.run_due(now=NOON, limit=1)
    asked = Delivery.objects.filter(cause=call.reference, asks=True, channel="voice")
    begun = [begin_attempt(delivery, now=NOON) for delivery in asked]
    return call, [each.attempt for each in begun if each is not None]


def presses_one(attempt: Attempt) -> Callable[[], str]:
    return lambda: reply_by_key(attempt, "1", now=NOON).template


def test_two_who_press_at_once_are_both_answered_and_one_is_going() -> None:
    for _ in range(ROUNDS):
        call, attempts = both_asked()

        said = at_once(*map(presses_one, attempts))

        assert sorted(said) == ["call_already_taken", "call_thanks_going"]
        assert reloaded(call).state == EmergencyCall.State.ACCEPTED
        replied = Delivery.objects.filter(cause=call.reference, reply="1")
        assert replied.count() == 2


def test_locking_the_delivery_before_its_call_would_let_them_block_each_other() -> None:
    _, attempts = both_asked()
    both_hold = threading.Barrier(2)

    def press_holding(attempt: Attempt) -> Callable[[], str]:
        def press() -> str:
            with transaction.atomic():
                Delivery.objects.select_for_update().get(pk=attempt.delivery_id)
                both_hold.wait(PATIENCE_S)
                return reply_by_key(attempt, "1", now=NOON).template

        return press

    with pytest.raises(OperationalError, match="deadlock"):
        at_once(*map(press_holding, attempts))


def test_a_key_that_comes_twice_at_once_means_it_once() -> None:
    attempt = a_begun_attempt()

    at_once(*[presses_one(attempt)] * 4)

    assert JournalEvent.objects.filter(type="test.key_1").count() == 1


def test_reports_at_once_lose_nothing() -> None:
    attempt = a_begun_attempt()
    states = (
        AttemptState.INITIATED,
        AttemptState.RINGING,
        AttemptState.ANSWERED,
        AttemptState.COMPLETED,
    )

    def report(state: AttemptState) -> Callable[[], None]:
        return lambda: report_status(attempt, state, now=NOON, provider_id="CA1")

    at_once(*map(report, states), *map(report, states))

    assert reloaded(attempt).state == AttemptState.COMPLETED
    assert reloaded(attempt.delivery).state == Delivery.State.OWED


def test_a_reply_and_what_it_means_stand_or_fall_together() -> None:
    attempt = a_begun_attempt()

    refuse_replies(attempt.delivery_id)
    with pytest.raises(Exception, match="no replies today"):
        reply_by_key(attempt, "1", now=NOON)

    assert not JournalEvent.objects.filter(type="test.key_1").exists()
    assert reloaded(attempt).keys == ""


def refuse_replies(delivery_id: UUID) -> None:
    """Let the database refuse to store a reply to this delivery."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no replies today'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE OF reply ON notifications_delivery FOR EACH ROW "
            f"WHEN (NEW.reply <> '' AND NEW.id = '{delivery_id}') EXECUTE FUNCTION refuse()"
        )
