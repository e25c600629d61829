"""Who is on duty and near, and whose number it is."""

from datetime import date, timedelta

import pytest

from backend.people import queries
from backend.people.models import Caregiver, Shift
from backend.places.models import Area
from tests.builders import (
    HOME_LAT,
    HOME_LON,
    NOON,
    a_caregiver,
    a_caregiver_on_shift,
    a_contact,
    a_resident,
    an_area,
)

pytestmark = pytest.mark.django_db
PHONE = "+8619000000077"
A_KM_NORTH = 0.009
"""Degrees of latitude."""


def near(area: Area, limit: int = 5) -> list[queries.Nearby]:
    return queries.nearest_caregivers(
        lat=HOME_LAT, lon=HOME_LON, area_path=area.path, now=NOON, limit=limit
    )


def on_duty(area: Area, **fields: object) -> Caregiver:
    caregiver = a_caregiver(area=area, **fields)
    hour = timedelta(hours=1)
    Shift.objects.create(caregiver=caregiver, starts_at=NOON - hour, ends_at=NOON + hour)
    return caregiver


def test_on_shift_is_who_started_and_has_not_ended() -> None:
    area = an_area()
    now_on = on_duty(area)
    hour = timedelta(hours=1)
    for start in (NOON - hour, NOON + timedelta(seconds=1)):
        Shift.objects.create(
            caregiver=a_caregiver(area=area), starts_at=start, ends_at=start + hour
        )
    on_duty(area, active=False)
    on_duty(an_area())
    assert list(queries.caregivers_on_shift(area_path=area.path, now=NOON)) == [now_on]


def test_grid_workers_and_duty_leads_are_not_sent_as_caregivers() -> None:
    area = an_area()
    nurse = on_duty(area, kind="nurse")
    worker = on_duty(area, kind="grid_worker")
    assert list(queries.caregivers_on_shift(area_path=area.path, now=NOON)) == [nurse]
    workers = queries.caregivers_on_shift(
        area_path=area.path, now=NOON, kinds=(Caregiver.Kind.GRID_WORKER,)
    )
    assert list(workers) == [worker]


def test_somebody_with_two_shifts_at_once_is_there_once() -> None:
    caregiver = on_duty(an_area())
    hours = timedelta(hours=4)
    Shift.objects.create(caregiver=caregiver, starts_at=NOON - hours, ends_at=NOON + hours)
    assert queries.caregivers_on_shift(area_path="", now=NOON).count() == 1


def test_the_nearest_comes_first_with_the_minutes_of_the_way() -> None:
    area = an_area()
    far = on_duty(area, last_lat=HOME_LAT + A_KM_NORTH, last_lon=HOME_LON, last_position_at=NOON)
    close = on_duty(area, last_lat=HOME_LAT, last_lon=HOME_LON, last_position_at=NOON)
    found = near(area)
    assert [each.caregiver for each in found] == [close, far]
    assert found[1].distance_m == pytest.approx(1000, abs=5)
    assert [each.minutes for each in found] == [2, 8]
    assert [each.caregiver for each in near(area, limit=1)] == [close]


def test_an_old_position_says_less_than_where_the_office_is() -> None:
    area = an_area(office_lat=HOME_LAT + 2 * A_KM_NORTH, office_lon=HOME_LON)
    on_duty(
        area,
        last_lat=HOME_LAT,
        last_lon=HOME_LON,
        last_position_at=NOON - queries.POSITION_FRESH,
    )
    assert near(area)[0].distance_m == pytest.approx(2000, abs=10)


def test_who_is_nowhere_known_is_not_near() -> None:
    area = an_area()
    on_duty(area)
    assert near(area) == []


def test_a_builder_on_shift_is_near() -> None:
    resident = a_resident()
    caregiver = a_caregiver_on_shift(near=resident)
    assert [each.caregiver for each in near(resident.area)] == [caregiver]


def test_a_shared_number_is_the_eldest_ones_and_not_that_of_who_has_died() -> None:
    a_resident(phone=PHONE, birth_date=date(1930, 1, 1), life_state="died")
    husband = a_resident(phone=PHONE, birth_date=date(1940, 1, 1))
    a_resident(phone=PHONE, birth_date=date(1945, 1, 1))
    a_resident(phone=PHONE)
    assert queries.resident_by_phone("190 0000 0077") == husband


def test_the_second_number_is_theirs_too() -> None:
    resident = a_resident(second_phone=PHONE)
    assert queries.resident_by_phone(PHONE) == resident


def test_contacts_and_caregivers_are_known_by_their_number() -> None:
    mother, father = (a_contact(phone=PHONE) for _ in range(2))
    caregiver = a_caregiver(phone=PHONE)
    a_caregiver(phone=PHONE, active=False)
    assert set(queries.contacts_by_phone(PHONE)) == {mother, father}
    assert queries.contact_by_phone(PHONE) in {mother, father}
    assert queries.caregiver_by_phone(PHONE) == caregiver


@pytest.mark.parametrize("nobodys", ["", "120", "nonsense", "+8619000009999"])
def test_a_number_nobody_has_is_nobodys(nobodys: str) -> None:
    a_resident()
    assert queries.resident_by_phone(nobodys) is None
    assert queries.contact_by_phone(nobodys) is None
    assert queries.caregiver_by_phone(nobodys) is None
