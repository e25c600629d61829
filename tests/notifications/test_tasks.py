"""What can wait: texts nobody reported on, and what is kept no longer."""

from datetime import datetime, timedelta

import pytest

from backend.core import clock
from notifications import engine, routes, tasks
from notifications.models import Channel, Delivery
from notifications.senders.states import AttemptState
from tests.builders import NOON, a_delivery, a_phone, reloaded
from tests.notifications.senders.phone_server import Telephones, a_sender

Priority = Delivery.Priority


@pytest.mark.django_db(transaction=True)
def test_a_text_nobody_reported_on_is_asked_about(phones: Telephones) -> None:
    number = a_phone()
    with routes.only(a_sender(phones, public_url="http://127.0.0.1:9")):  # no callback comes
        delivery = a_delivery(now=clock.now(), phone=number, channel=Channel.SMS)
        engine.deliver_due()
        phones.wait_for(number, "text.received")
        with clock.set_to(clock.now() + timedelta(hours=2)):
            assert tasks.reconcile_texts() == 1
            assert tasks.reconcile_texts() == 0

    assert reloaded(delivery).attempts.get().state == AttemptState.DELIVERED
    assert reloaded(delivery).final_at is not None


def owed_at(moment: datetime, priority: int) -> Delivery:
    return a_delivery(now=moment, priority=priority)


@pytest.mark.django_db
def test_deliveries_are_kept_as_long_as_they_may_be_asked_about() -> None:
    year = timedelta(days=365)
    kept = [
        owed_at(NOON - 2 * year, Priority.EMERGENCY),
        owed_at(NOON - year / 4, Priority.ROUTINE),
        owed_at(NOON, Priority.URGENT),
    ]
    owed_at(NOON - 4 * year, Priority.EMERGENCY)
    owed_at(NOON - year, Priority.ROUTINE)
    owed_at(NOON - year / 4, Priority.URGENT)

    with clock.set_to(NOON):
        assert tasks.forget_old_deliveries() == 3

    assert set(Delivery.objects.all()) == set(kept)
