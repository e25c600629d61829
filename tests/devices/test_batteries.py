"""Weak batteries: however they are told, once, and over when the battery is well."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection

from devices.actions import (
    Signs,
    change_device,
    claim_device,
    issue_claim_code,
    note_batteries,
    note_heard,
)
from devices.actions.hearing import Heard
from devices.ingest.battery import Level, level_of, percent_of
from devices.ingest.observation import Observation, observe
from devices.models import Device
from services.alerts.actions import resolve_alert
from services.alerts.models import Alert
from tests.builders import NOON, a_device, a_resident, reloaded

MINUTE = timedelta(minutes=1)


def told(metric: str, value: Any) -> Observation:
    return observe(device="d", metric=metric, value=value, received_at=NOON)


@pytest.mark.parametrize(
    ("metric", "value", "level"),
    [
        ("battery_percent", 15, Level.LOW),
        ("battery_percent", 16, Level.BETWEEN),
        ("battery_percent", 30, Level.GOOD),
        ("battery_percent", "100.00", Level.GOOD),
        ("battery_percent", "9%", Level.LOW),
        ("battery_percent", 255, None),
        ("battery_percent", "unknown", None),
        ("battery_mv", 2_350, Level.LOW),
        ("battery_mv", 3_000, Level.GOOD),
        ("battery_mv", 2_600, Level.BETWEEN),
        ("battery_mv", 230, None),
        ("battery_mv", "nan", None),
        ("battery_mv", "1e400", None),
        ("battery", "-inf", None),
        ("battery_low", True, Level.LOW),
        ("battery_low", False, Level.GOOD),
        ("battery_low", 1, Level.LOW),
        ("battery", "low", Level.LOW),
        ("battery", "normal", Level.GOOD),
        ("battery", 12, Level.LOW),
        ("temperature_celsius", 3, None),
    ],
)
def test_a_battery_is_read_however_it_is_told(metric: str, value: Any, level: Level | None) -> None:
    assert level_of(told(metric, value)) is level


def test_a_percentage_is_read_from_text() -> None:
    assert percent_of(told("battery_percent", "87.5")) == 87.5
    assert percent_of(told("battery_low", True)) is None


@pytest.mark.django_db
def test_a_battery_that_hovers_is_told_once_and_over_only_when_it_is_well() -> None:
    device = a_device()
    for minute in range(5):
        at = NOON + MINUTE * minute
        note_batteries({device.pk: Signs(low_at=at)}, now=at)
    assert Alert.objects.get().times_seen == 1

    well_at = NOON + timedelta(days=2)
    note_batteries({device.pk: Signs(good_at=well_at)}, now=well_at)

    alert = Alert.objects.get()
    assert (alert.state, alert.closed_by) == ("resolved", device.reference)
    assert not reloaded(device).is_battery_low


@pytest.mark.django_db
def test_what_a_person_closed_is_not_told_anew_until_it_was_well() -> None:
    device = a_device()
    note_batteries({device.pk: Signs(low_at=NOON)}, now=NOON)
    resolve_alert(Alert.objects.get(), by="user:1", now=NOON + MINUTE)

    note_batteries({device.pk: Signs(low_at=NOON + MINUTE * 2)}, now=NOON + MINUTE * 2)

    assert not Alert.objects.filter(state="raised").exists()


@pytest.mark.django_db
def test_two_weak_batteries_of_a_resident_are_one_alert_that_ends_with_both() -> None:
    resident = a_resident()
    first, second = (a_device(resident=resident) for _ in range(2))
    note_batteries({one.pk: Signs(low_at=NOON) for one in (first, second)}, now=NOON)
    assert Alert.objects.get().times_seen == 2

    note_batteries({first.pk: Signs(good_at=NOON + MINUTE)}, now=NOON + MINUTE)
    assert Alert.objects.get().state == "raised"
    note_batteries({second.pk: Signs(good_at=NOON + MINUTE)}, now=NOON + MINUTE)
    assert Alert.objects.get().state == "resolved"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "order", [*permutations(range(3))], ids=lambda order: "".join(map(str, order))
)
def test_any_order_of_signs_leaves_the_same_open_alert(order: tuple[int, ...]) -> None:
    signs = [
        Signs(low_at=NOON),
        Signs(good_at=NOON + MINUTE),
        Signs(low_at=NOON + MINUTE * 2),
    ]
    device = a_device()
    for place in order:
        note_batteries({device.pk: signs[place]}, now=NOON + MINUTE * 3)

    assert reloaded(device).is_battery_low
    assert Alert.objects.get(state="raised").kind == "battery"


@pytest.mark.django_db
def test_what_a_battery_said_before_it_came_home_is_told_there() -> None:
    device = a_device()
    Device.objects.filter(pk=device.pk).update(household=None, resident=None)
    code = issue_claim_code(device, by="user:1", now=NOON)
    note_batteries({device.pk: Signs(low_at=NOON)}, now=NOON)
    resident = a_resident()

    claim_device(code, household=resident.household, resident=resident, by="user:1", now=NOON)
    note_batteries({device.pk: Signs(low_at=NOON + MINUTE)}, now=NOON + MINUTE)

    assert Alert.objects.get().resident == resident


@pytest.mark.django_db
def test_a_weak_device_that_moves_to_another_home_is_told_of_in_that_one_too() -> None:
    device, elsewhere = a_device(), a_resident()
    note_batteries({device.pk: Signs(low_at=NOON)}, now=NOON)

    moved = reloaded(device)
    change_device(
        moved, household=elsewhere.household, resident=elsewhere, by="user:1", now=NOON + MINUTE
    )
    note_batteries({device.pk: Signs(low_at=NOON + MINUTE * 2)}, now=NOON + MINUTE * 2)

    assert Alert.objects.filter(resident=elsewhere).count() == 1


@pytest.mark.django_db
def test_a_record_that_cannot_be_read_costs_no_other_device_what_it_said() -> None:
    unreadable, fine = a_device(), a_device()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_resident SET phone = 'lost' WHERE id = %s", [unreadable.resident_id]
        )

    note_heard(
        [Heard(each.pk, seen_at=NOON, battery_low_at=NOON) for each in (unreadable, fine)], now=NOON
    )

    assert Alert.objects.get().source_device == fine.pk
    assert reloaded(fine).last_seen_at == NOON


@pytest.mark.django_db
def test_a_battery_that_stays_well_is_written_without_looking_at_each_device(
    django_assert_max_num_queries: Any,
) -> None:
    devices = [a_device() for _ in range(5)]
    with django_assert_max_num_queries(4):
        note_batteries({each.pk: Signs(good_at=NOON) for each in devices}, now=NOON)

    assert {reloaded(each).battery_good_at for each in devices} == {NOON}
