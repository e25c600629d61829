"""What devices know of people who were not asked, and what they only repeat."""

from datetime import timedelta
from typing import Any

import pytest

from backend.people.models import Contact
from devices.models import Device
from devices.signs import signs_of_life, with_working_device
from devices.today import last_moved_at
from services.wellbeing.models import Way
from tests.builders import NOON, a_contact, a_device, a_resident
from tests.devices.routine.world import said

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NIGHT, MORNING = NOON - 14 * HOUR, NOON - 3 * HOUR


@pytest.mark.parametrize(
    ("kind", "metric", "value"), [("bed", "bed", True), ("door", "door", "open")]
)
def test_a_level_that_is_only_repeated_is_no_sign_of_life(
    kind: str, metric: str, value: Any
) -> None:
    resident = a_resident()
    sensor = a_device(resident=resident, kind=kind)
    for hours in range(15):
        said(sensor, metric, value, NIGHT + HOUR * hours)

    assert signs_of_life([resident.pk], MORNING) == {}


@pytest.mark.parametrize(
    ("kind", "metric", "before", "after"),
    [("bed", "bed", True, False), ("door", "door", "closed", "open")],
)
def test_who_gets_up_or_opens_a_door_is_about(
    kind: str, metric: str, before: Any, after: Any
) -> None:
    resident = a_resident()
    sensor = a_device(resident=resident, kind=kind)
    said(sensor, metric, before, NIGHT)
    said(sensor, metric, after, NOON - HOUR)

    sign = signs_of_life([resident.pk], MORNING)[resident.pk]

    assert (sign.at, sign.way) == (NOON - HOUR, Way.ACTIVITY)


def test_the_newest_of_several_signs_counts() -> None:
    resident = a_resident()
    said(a_device(resident=resident), "press", True, NOON - HOUR)
    said(a_device(resident=resident, kind="motion"), "motion", True, NOON - 2 * HOUR)

    sign = signs_of_life([resident.pk], MORNING)[resident.pk]

    assert (sign.at, sign.way) == (NOON - HOUR, Way.DEVICE)


def test_a_family_is_not_told_of_movement_where_a_bed_only_says_again_that_it_is_taken() -> None:
    resident = a_resident()
    bed = a_device(resident=resident, kind="bed")
    said(bed, "bed", False, NIGHT - HOUR)
    for hours in range(15):
        said(bed, "bed", True, NIGHT + HOUR * hours)

    assert last_moved_at(resident.pk, now=NOON) == NIGHT


def test_a_gateway_by_itself_is_no_device_that_notices_anybody() -> None:
    with_button, with_gateway = a_contact(), a_contact()
    a_device(resident=with_button.resident)
    gateway = a_device(resident=with_gateway.resident, kind="gateway")
    Device.objects.filter(pk=gateway.pk).update(resident=None)

    assert list(Contact.objects.filter(with_working_device("resident"))) == [with_button]
