"""A number that is not somebody's any more is not rung, also in the middle of a call."""

from datetime import timedelta
from typing import Any

import pytest

from backend.people.actions import change_caregiver, change_contact, remove_contact
from backend.people.models import Contact
from backend.people.phones import index
from notifications.actions import Recipient, begin_attempt, report_status
from notifications.models import Delivery
from notifications.senders.states import AttemptState
from tests.builders import NOON, a_caregiver, a_contact, a_delivery, a_phone, reloaded

pytestmark = pytest.mark.django_db

State = Delivery.State
BY = "user:somebody"
LATER = NOON + timedelta(seconds=5)


def owed_to(contact: Contact, **fields: Any) -> Delivery:
    to = Recipient(f"contact:{contact.pk}", contact.name, contact.phone, contact.language)
    return a_delivery(to=to, **fields)


def test_who_is_taken_off_the_list_is_not_rung_for_a_call_that_runs() -> None:
    contact = a_contact()
    delivery, other = owed_to(contact), a_delivery()

    remove_contact(contact, by=BY, now=LATER)

    assert (reloaded(delivery).state, reloaded(delivery).due_at) == (State.STOPPED, None)
    assert reloaded(other).state == State.OWED


def test_a_telephone_that_rings_for_who_was_taken_off_is_hung_up() -> None:
    contact = a_contact()
    delivery = owed_to(contact)
    begun = begin_attempt(delivery, now=NOON)
    assert begun is not None
    report_status(begun.attempt, AttemptState.RINGING, now=NOON, provider_id="CA1")

    remove_contact(contact, by=BY, now=LATER)

    assert (reloaded(delivery).state, reloaded(delivery).due_at) == (State.STOPPED, LATER)


def test_what_was_owed_to_an_old_number_is_owed_to_the_new_one() -> None:
    contact, new_number = a_contact(), a_phone()
    old = owed_to(contact, expires_at=NOON + timedelta(minutes=9))

    change_contact(contact, changes={"phone": new_number}, by=BY, now=LATER)

    assert reloaded(old).state == State.STOPPED
    new = Delivery.objects.get(address_index=index(new_number))
    assert (new.state, new.due_at, new.expires_at) == (State.OWED, LATER, old.expires_at)
    assert (new.person, new.cause, new.asks, new.context) == (
        old.person,
        old.cause,
        True,
        old.context,
    )


def test_another_change_leaves_what_is_owed_as_it_is() -> None:
    contact = a_contact()
    delivery = owed_to(contact)

    change_contact(
        contact, changes={"minutes_to_door": 5, "phone": contact.phone}, by=BY, now=LATER
    )

    assert reloaded(delivery).state == State.OWED
    assert Delivery.objects.count() == 1


def test_a_ring_that_is_owed_while_the_contact_is_taken_off_is_not_made() -> None:
    contact = a_contact()
    delivery = owed_to(contact)
    Contact.objects.filter(pk=contact.pk).delete()  # nobody told the outbox

    assert begin_attempt(delivery, now=LATER) is None
    assert reloaded(delivery).state == State.STOPPED


def test_a_caregiver_who_serves_no_more_is_not_rung() -> None:
    caregiver = a_caregiver()
    to = Recipient(f"caregiver:{caregiver.pk}", "王敏", caregiver.phone, caregiver.language)
    delivery = a_delivery(to=to)

    change_caregiver(caregiver, changes={"active": False}, by=BY, now=LATER)

    assert reloaded(delivery).state == State.STOPPED
