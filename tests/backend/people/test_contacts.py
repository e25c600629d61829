"""Contacts are called in an order without gaps, whoever changes it at the same time."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection

from backend.people.actions import (
    add_contact,
    change_contact,
    remove_contact,
    reorder_contacts,
)
from backend.people.errors import BadOrder, BadPhone
from backend.people.models import Contact, Resident
from backend.people.phones import index
from tests.builders import NOON, a_contact, a_phone, a_resident, reloaded

BY = "user:somebody"


def added(resident: Resident, name: str = "王丽") -> Contact:
    return add_contact(
        resident=resident, name=name, relation="daughter", phone=a_phone(), by=BY, now=NOON
    )


def order_of(resident: Resident) -> list[tuple[int, str]]:
    return list(resident.contacts.order_by("order").values_list("order", "name"))


@pytest.mark.django_db
def test_a_new_contact_is_called_after_the_others() -> None:
    resident = a_resident()
    added(resident, "a")
    added(resident, "b")
    assert order_of(resident) == [(1, "a"), (2, "b")]


@pytest.mark.django_db
def test_those_after_a_removed_one_move_up() -> None:
    resident = a_resident()
    first, *_ = [added(resident, name) for name in "abc"]
    remove_contact(first, by=BY, now=NOON)
    assert order_of(resident) == [(1, "b"), (2, "c")]


@pytest.mark.django_db
def test_a_new_order_names_each_once() -> None:
    resident = a_resident()
    a, b, c = (added(resident, name) for name in "abc")
    reorder_contacts(resident=resident, order=[c.pk, a.pk, b.pk], by=BY, now=NOON)
    assert order_of(resident) == [(1, "c"), (2, "a"), (3, "b")]
    stranger = a_contact()
    wrong: list[list[UUID]] = [[a.pk, b.pk], [a.pk, a.pk, b.pk], [a.pk, b.pk, stranger.pk]]
    for order in wrong:
        with pytest.raises(BadOrder):
            reorder_contacts(resident=resident, order=order, by=BY, now=NOON)


@pytest.mark.django_db
def test_a_new_number_is_found_and_a_wrong_one_refused() -> None:
    contact = a_contact()
    change_contact(contact, changes={"phone": "190 0000 0009"}, by=BY, now=NOON)
    assert reloaded(contact).phone_index == index("+8619000000009")
    with pytest.raises(BadPhone):
        change_contact(contact, changes={"phone": "9"}, by=BY, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_contacts_added_at_the_same_time_get_different_places() -> None:
    resident = a_resident()

    def add(number: int) -> None:
        try:
            added(resident, str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, range(8)))
    assert [order for order, _ in order_of(resident)] == list(range(1, 9))
