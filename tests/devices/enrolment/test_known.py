"""What is known of somebody who is enrolled is changed in the steps that they came in by."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from backend.accounts.models import Role
from backend.core import clock
from backend.people.actions import change_resident
from backend.people.models import Guardianship, Resident
from backend.places.models import Area
from devices.enrolment.models import Enrolment
from tests.builders import (
    NOON,
    Answer,
    a_contact,
    a_household,
    a_resident,
    a_user,
    an_area,
    reloaded,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is noon all through: sessions end by the clock."""
    with clock.set_to(NOON):
        yield


@pytest.fixture
def area() -> Area:
    return an_area()


@pytest.fixture
def desk(area: Area) -> Client:
    """An operator's browser."""
    return signed_in(a_user(role=Role.OPERATOR, area=area))


def pressed(desk: Client, resident: Resident, step: str) -> Answer:
    """What a step's button on the page of a resident answers."""
    return desk.post(f"/desk/residents/{resident.pk}/known/", {"step": step})


def test_who_came_by_a_table_gets_a_guardian_and_a_new_number(desk: Client, area: Area) -> None:
    resident = a_resident(area=area)
    contact = a_contact(resident=resident)

    at_guardian = pressed(desk, resident, "guardian")
    paper = {"contact": contact.pk, "ground": "part", "proof": "kin", "document": "booklet 1"}
    days = {"since": NOON.date(), "review_on": NOON.date()}
    desk.post(at_guardian["Location"], paper | days)
    at_person = pressed(desk, resident, "person")
    person = {"name": resident.name, "mobility": "walks", "phone": "13912345678"}
    desk.post(at_person["Location"], person)

    assert Guardianship.objects.get().contact == contact
    assert reloaded(resident).phone == "+8613912345678"
    assert Enrolment.objects.get().step == Enrolment.Step.TEST


def test_the_enrolment_they_came_in_by_is_taken_up_again(desk: Client, area: Area) -> None:
    resident = a_resident(area=area)
    came_in_by = Enrolment.objects.create(
        area=area,
        resident=resident,
        begun_at=NOON,
        begun_by="user:1",
        changed_at=NOON,
        finished_at=NOON,
    )

    answers = [pressed(desk, resident, step)["Location"] for step in ("home", "devices", "?")]

    at = f"/desk/enrol/{came_in_by.pk}"
    assert answers == [f"{at}/home/", f"{at}/devices/", f"{at}/person/"]
    assert Enrolment.objects.count() == 1


def test_who_moved_here_is_changed_here_and_no_longer_where_they_came_from(
    desk: Client, area: Area
) -> None:
    there = an_area()
    before = signed_in(a_user(role=Role.OPERATOR, area=there))
    resident = a_resident(area=there)
    came_in_by = pressed(before, resident, "person")["Location"]

    change_resident(resident, changes={"household": a_household(area=area)}, by="user:1", now=NOON)
    here = pressed(desk, resident, "person")["Location"]

    assert before.get(came_in_by).status_code == 404
    assert desk.get(here).status_code == 200


def test_who_was_only_looked_through_waits_for_nobody(desk: Client, area: Area) -> None:
    resident = a_resident(area=area, name="朱秀兰")

    at_person = pressed(desk, resident, "person")["Location"]
    assert "朱秀兰" not in desk.get("/desk/enrol/").content.decode()

    desk.post(at_person, {"name": "朱秀兰", "mobility": "walks"})
    with clock.set_to(NOON + timedelta(minutes=1)):
        desk.post(at_person, {"name": "朱秀兰", "mobility": "walks"})
    assert "朱秀兰" in desk.get("/desk/enrol/").content.decode()


def test_looking_begins_nothing_and_each_step_has_a_button(desk: Client, area: Area) -> None:
    resident = a_resident(area=area)

    page = desk.get(f"/desk/residents/{resident.pk}/known/").content.decode()

    assert page.count('name="step"') == len(Enrolment.Step)
    assert not Enrolment.objects.exists()


def test_nobody_elsewhere_is_reached(desk: Client) -> None:
    elsewhere = a_resident()

    assert pressed(desk, elsewhere, "person").status_code == 404
    assert not Enrolment.objects.exists()
