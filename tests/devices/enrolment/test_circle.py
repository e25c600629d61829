"""The resident or the main contact says who of the family sees what is shared."""

import pytest
from django.test import Client

from backend.accounts.models import User
from backend.core import clock
from backend.people.models import Contact
from devices.enrolment.models import Invitation
from notifications.models import Delivery
from tests.builders import (
    NOON,
    a_contact,
    a_family_account,
    a_phone,
    a_resident,
    a_resident_account,
    signed_in,
)

pytestmark = pytest.mark.django_db


def family() -> tuple[Contact, Contact, Client, Client]:
    """A main contact and a second one, with their browsers."""
    resident = a_resident(phone=a_phone())
    first, second = a_contact(resident=resident), a_contact(resident=resident, name="王强")
    return first, second, signed_in(a_family_account(first)), signed_in(a_family_account(second))


def do(browser: Client, of: Contact, act: str, **form: str) -> None:
    with clock.set_to(NOON):
        answer = browser.post(f"/family/{of.resident_id}/people/{act}/", form)
    assert answer.status_code in {200, 302}


def sees(contact: Contact) -> bool:
    return User.objects.filter(contacts=contact).exists()


def test_the_main_contact_invites_somebody_who_is_called_last() -> None:
    first, _, browser, _ = family()
    phone = a_phone()

    do(browser, first, "add", name="陈刚", relation="son", phone=phone)

    added = Contact.objects.get(name="陈刚")
    assert (added.order, added.phone, added.is_guardian) == (3, phone, False)
    assert Invitation.objects.get().contact == added
    assert Delivery.objects.get(template="invitation").person == f"contact:{added.pk}"
    told = Delivery.objects.get(template="circle_widened")
    assert told.person == f"resident:{first.resident_id}"
    assert told.context == {"by": daughter_name(first), "name": "陈刚"}


def test_who_is_named_twice_stands_on_the_list_once() -> None:
    first, _, browser, _ = family()
    phone = a_phone()

    for _ in range(2):
        do(browser, first, "add", name="陈刚", relation="son", phone=phone)

    assert Contact.objects.filter(name="陈刚").count() == 1
    assert Delivery.objects.filter(template="circle_widened").count() == 1
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_nobody_has_us_write_to_one_number_after_another() -> None:
    first, _, browser, _ = family()

    for _ in range(12):
        do(browser, first, "add", name="陈刚", relation="son", phone=a_phone())

    assert Contact.objects.filter(name="陈刚").count() == 10
    assert Invitation.objects.count() == 10


def test_an_invitation_that_was_sent_is_taken_back() -> None:
    first, _, browser, _ = family()
    waiting = a_contact(resident=first.resident)

    do(browser, first, "invite", contact=str(waiting.pk))
    do(browser, first, "take-out", contact=str(waiting.pk))

    assert Invitation.objects.get().revoked_at == NOON


def test_who_is_taken_out_sees_nothing_more_and_is_still_called() -> None:
    first, second, browser, other = family()

    do(browser, first, "take-out", contact=str(second.pk))

    assert not sees(second)
    assert Contact.objects.filter(pk=second.pk).exists()
    assert other.get(f"/family/{first.resident_id}/people/").status_code == 404


def test_another_contact_reads_and_decides_nothing() -> None:
    first, _, _, other = family()

    page = other.get(f"/family/{first.resident_id}/people/").content.decode()
    do(other, first, "take-out", contact=str(first.pk))
    do(other, first, "add", name="陈刚", relation="son", phone=a_phone())

    assert first.name in page
    assert "/people/add/" not in page
    assert sees(first)
    assert not Contact.objects.filter(name="陈刚").exists()


def test_nobody_takes_themself_or_a_guardian_out_but_the_resident_does() -> None:
    first, second, browser, _ = family()
    Contact.objects.filter(pk=second.pk).update(is_guardian=True)

    do(browser, first, "take-out", contact=str(first.pk))
    do(browser, first, "take-out", contact=str(second.pk))
    assert sees(first)
    assert sees(second)

    elder = signed_in(a_resident_account(first.resident))
    do(elder, first, "take-out", contact=str(second.pk))
    assert not sees(second)


def test_a_wrong_number_is_said_beside_its_field() -> None:
    first, _, browser, _ = family()

    do(browser, first, "add", name="陈刚", relation="son", phone="12")

    assert not Contact.objects.filter(name="陈刚").exists()


def test_the_way_there_stands_on_the_page_of_what_is_shared() -> None:
    first, _, browser, _ = family()

    page = browser.get("/consents/").content.decode()

    assert f"/family/{first.resident_id}/people/link/" in page
    link = browser.get(f"/family/{first.resident_id}/people/link/").content.decode()
    assert f"/family/{first.resident_id}/people/" in link


def daughter_name(contact: Contact) -> str:
    return str(User.objects.get(contacts=contact))
