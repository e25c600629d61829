"""Whoever rings the care centre is called back, and key 1 is a call for help."""

import pytest

from notifications.inbound import Caller
from notifications.models import Channel
from services.emergencies.callers import answer_to_caller
from services.emergencies.models import EmergencyCall
from tests.builders import NOON, a_contact, a_phone, a_resident, an_area, make_unreadable

pytestmark = pytest.mark.django_db


def called(phone: str, key: str, *, provider_id: str = "CA1") -> EmergencyCall:
    answer_to_caller(Caller(phone, Channel.VOICE, provider_id), key, NOON)
    return EmergencyCall.objects.latest("opened_at", "pk")


def test_a_resident_who_presses_one_has_called_for_help() -> None:
    phone = a_phone()
    resident = a_resident(phone=phone)

    call = called(phone, "1")

    assert (call.resident, call.kind, call.verified) == (resident, "emergency", True)
    assert call.household == resident.household


def test_a_resident_who_says_nothing_is_called_back() -> None:
    phone = a_phone()
    a_resident(phone=phone)

    assert called(phone, "").kind == "consultation"


def test_a_resident_who_first_says_nothing_and_then_presses_has_one_call_for_help() -> None:
    phone = a_phone()
    a_resident(phone=phone)

    called(phone, "")
    call = called(phone, "1")

    assert EmergencyCall.objects.get() == call
    assert call.kind == "emergency"


def test_a_stranger_who_presses_one_is_an_unverified_call_and_rings_once() -> None:
    phone = a_phone()

    called(phone, "1")
    call = called(phone, "1", provider_id="CA2")

    assert EmergencyCall.objects.get() == call
    assert (call.verified, call.claimed_phone, call.presses) == (False, phone, 2)


def test_a_contact_who_rings_is_named_and_stands_on_the_board_of_the_residents_area() -> None:
    an_area()
    grid = an_area(parent=an_area())
    daughter = a_contact(resident=a_resident(area=grid))

    call = called(daughter.phone, "1")

    assert (call.claimed_name, call.area_path) == (daughter.name, grid.path)
    assert (call.resident, call.verified) == (None, False)


def test_whoever_rings_gets_through_also_when_their_record_cannot_be_read() -> None:
    phone = a_phone()
    resident = a_resident(phone=phone)
    make_unreadable(resident)

    call = called(phone, "1")

    assert (call.kind, call.verified, call.claimed_phone) == ("emergency", False, phone)


def test_withheld_numbers_are_not_thrown_together() -> None:
    called("", "1", provider_id="CA1")
    called("", "1", provider_id="CA2")

    assert EmergencyCall.objects.count() == 2
