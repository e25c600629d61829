"""A contact says whether it is them, by a key or by a code, and makes their own account."""

import re

import pytest
from django.test import Client

from backend.accounts.actors import actor_of
from backend.accounts.models import Role, User
from backend.core import clock
from backend.people.models import Contact, Resident
from devices.enrolment import actions
from devices.enrolment.actions.checking import answer_check, check_contact, confirm_by_code
from devices.enrolment.errors import WrongCode
from devices.enrolment.messages import answer_to_check
from devices.enrolment.models import ContactCheck
from devices.enrolment.policies import ANSWERED_WITHIN, CODE_TRIES, INVITATION_LIVES
from notifications.models import Channel, Delivery
from tests.builders import NOON, a_contact, a_phone, a_resident, a_user, reloaded, signed_in

pytestmark = pytest.mark.django_db

BY = "user:1"


@pytest.fixture
def resident() -> Resident:
    """Somebody who is being enrolled."""
    return a_resident()


@pytest.fixture
def contact(resident: Resident) -> Contact:
    """Somebody named as their contact."""
    return a_contact(resident=resident)


def told(check: ContactCheck) -> Delivery:
    return Delivery.objects.get(cause=check.cause)


@pytest.mark.parametrize(("key", "answer"), [("1", "confirmed"), ("2", "refused")])
def test_a_key_of_the_call_is_the_answer(contact: Contact, key: str, answer: str) -> None:
    check = check_contact(contact, channel=Channel.VOICE, by=BY, now=NOON)

    answer_to_check(told(check), key, NOON)

    assert reloaded(check).answer == answer


def test_the_code_of_the_text_confirms_and_is_kept_as_an_index_only(contact: Contact) -> None:
    check = check_contact(contact, channel=Channel.SMS, by=BY, now=NOON)
    code = told(check).secret

    confirm_by_code(contact, code=code, by=BY, now=NOON)

    assert reloaded(check).answer == ContactCheck.Answer.CONFIRMED
    assert code not in check.code_index


def test_a_code_of_before_is_too_old(contact: Contact) -> None:
    check = check_contact(contact, channel=Channel.SMS, by=BY, now=NOON)
    late = NOON + ANSWERED_WITHIN * 1.01

    with pytest.raises(WrongCode):
        confirm_by_code(contact, code=told(check).secret, by=BY, now=late)


def test_a_code_is_not_guessed(contact: Contact) -> None:
    check = check_contact(contact, channel=Channel.SMS, by=BY, now=NOON)
    code = told(check).secret
    for _ in range(CODE_TRIES):
        with pytest.raises(WrongCode):
            confirm_by_code(contact, code="wrong", by=BY, now=NOON)

    with pytest.raises(WrongCode):
        confirm_by_code(contact, code=code, by=BY, now=NOON)


def test_who_changes_their_mind_is_believed(contact: Contact) -> None:
    check = check_contact(contact, channel=Channel.VOICE, by=BY, now=NOON)
    answer_check(check, confirmed=True, by=BY, now=NOON)

    answer_check(check, confirmed=False, by=BY, now=NOON)

    assert reloaded(check).answer == ContactCheck.Answer.REFUSED


def link_for(contact: Contact) -> str:
    invitation = actions.invite_contact(contact, by=BY, now=NOON)
    sent = Delivery.objects.get(cause=f"invitation:{invitation.pk}")
    return re.sub(r"^https?://[^/]+", "", sent.secret)


def test_a_link_makes_an_account_that_sees_the_resident_and_works_once(contact: Contact) -> None:
    link = link_for(contact)

    with clock.set_to(NOON):
        assert Client().get(link).status_code == 200
        assert Client().post(link).status_code == 302
        assert Client().post(link).status_code == 404

    family = User.objects.get(contacts=contact)
    assert family.role == Role.FAMILY
    assert actor_of(family).household_resident_ids == {contact.resident_id}


def test_an_account_that_exists_gets_the_second_resident_too(contact: Contact) -> None:
    other = a_contact(resident=a_resident(), phone=contact.phone)
    for each in (contact, other):
        with clock.set_to(NOON):
            Client().post(link_for(each))

    family = User.objects.get(role=Role.FAMILY)
    assert set(family.contacts.all()) == {contact, other}


def test_a_link_ends_with_its_week_a_newer_one_and_another_number(contact: Contact) -> None:
    old, new = link_for(contact), link_for(contact)
    with clock.set_to(NOON):
        assert Client().get(old).status_code == 404
    with clock.set_to(NOON + INVITATION_LIVES):
        assert Client().get(new).status_code == 404

    contact.phone = a_phone()
    contact.save()
    with clock.set_to(NOON):
        assert Client().post(new).status_code == 404


def test_contacts_of_another_area_are_not_found(contact: Contact) -> None:
    stranger = signed_in(a_user(role=Role.OPERATOR, area=a_resident().area))
    path = f"/desk/residents/{contact.resident_id}/contacts/{contact.pk}/check/"

    assert stranger.post(path).status_code == 404
    assert not ContactCheck.objects.exists()
