"""A home that is still for too long: told once, with its reason, and over when somebody moves."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.core import due
from backend.people.models import Resident
from devices.models import Device, Listening
from devices.routine import actions
from devices.routine.models import WatchedHome
from services.alerts.actions import mark_false
from services.alerts.models import Alert
from tests.builders import a_device, a_household, a_resident, reloaded
from tests.devices.routine.world import (
    a_door,
    a_motion_sensor,
    listened,
    said,
    the_home,
    watched_at,
)

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
EIGHT = datetime(2026, 11, 23, 8, tzinfo=ZONE)
FIVE_HOURS = timedelta(hours=5)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def resident() -> Resident:
    listened(until=EIGHT)
    return a_resident()


def test_five_hours_of_a_day_without_movement_are_told_once_with_the_reason(
    resident: Resident,
) -> None:
    sensor = a_motion_sensor(resident)
    watched_at(EIGHT)
    said(sensor, "motion", True, EIGHT)
    said(sensor, "battery_percent", 90, EIGHT + timedelta(hours=4))

    watched_at(EIGHT + timedelta(hours=1), EIGHT + FIVE_HOURS - MINUTE)
    assert not Alert.objects.exists()
    assert the_home().due_at == EIGHT + FIVE_HOURS

    watched_at(*(EIGHT + FIVE_HOURS + MINUTE * n for n in range(10, 14)))
    alert = Alert.objects.get()
    assert (alert.kind, alert.resident, alert.times_seen) == ("inactivity", resident, 1)
    assert (alert.detail["silent_s"], alert.detail["limit_s"]) == (5 * 3_600 + 600, 5 * 3_600)
    assert "5" in alert.reason
    assert "客厅" in alert.reason


def test_it_is_over_when_somebody_moves(resident: Resident) -> None:
    sensor = a_motion_sensor(resident)
    watched_at(EIGHT)
    said(sensor, "motion", True, EIGHT)
    told_at = EIGHT + FIVE_HOURS + MINUTE
    watched_at(told_at)
    said(sensor, "motion", True, told_at + timedelta(seconds=30))

    watched_at(told_at + MINUTE)

    alert = Alert.objects.get()
    assert (alert.state, alert.closed_by) == ("resolved", the_home().reference)
    assert "13:01" in alert.note
    assert the_home().told_for is None
    assert the_home().due_at == told_at + timedelta(seconds=30) + FIVE_HOURS


def test_a_sensor_that_only_says_that_it_lives_is_no_movement(resident: Resident) -> None:
    sensor, door = a_motion_sensor(resident), a_door(resident)
    watched_at(EIGHT)
    said(sensor, "motion", True, EIGHT)
    for hour in range(1, 6):
        at = EIGHT + timedelta(hours=hour, minutes=-5)
        said(sensor, "motion", False, at)
        said(door, "door", "closed", at)

    watched_at(EIGHT + FIVE_HOURS + MINUTE)

    assert Alert.objects.get().detail["state"] == "at_home"


def test_who_went_out_has_a_limit_of_their_own(resident: Resident) -> None:
    sensor, door = a_motion_sensor(resident), a_door(resident)
    watched_at(EIGHT)
    said(door, "door", "closed", EIGHT - timedelta(hours=2))
    said(sensor, "motion", True, EIGHT)
    said(door, "door", "open", EIGHT + MINUTE)
    said(door, "door", "closed", EIGHT + MINUTE * 1.2)

    watched_at(EIGHT + FIVE_HOURS + MINUTE * 5)
    assert not Alert.objects.exists()
    assert the_home().state == "out"

    watched_at(EIGHT + timedelta(hours=10, minutes=5))
    assert Alert.objects.get().detail["state"] == "out"

    said(door, "door", "open", EIGHT + timedelta(hours=11))
    watched_at(EIGHT + timedelta(hours=11, minutes=1))
    assert Alert.objects.get().state == "resolved"


@pytest.mark.parametrize(
    ("kind", "metric", "values"),
    [
        ("bed", "bed", (True, False)),
        ("fall_radar", "presence", (False, True)),
        ("seat", "seat", (True, False)),
        ("watch", "steps", (100, 140)),
        ("meter", "pulses", (12, 15)),
        ("sos_button", "sos", (None, True)),
    ],
)
def test_any_sensor_of_the_home_sees_somebody(
    resident: Resident, kind: str, metric: str, values: tuple[object, object]
) -> None:
    sensor = a_motion_sensor(resident)
    other = a_device(resident=resident, kind=kind, online=True)
    watched_at(EIGHT)
    said(sensor, "motion", True, EIGHT)
    before, after = values
    if before is not None:
        said(other, metric, before, EIGHT)
        said(other, metric, before, EIGHT + timedelta(hours=1))
    said(other, metric, after, EIGHT + timedelta(hours=3))

    watched_at(EIGHT + FIVE_HOURS + MINUTE)

    assert not Alert.objects.exists()
    assert the_home().moved_at == EIGHT + timedelta(hours=3)


@pytest.mark.parametrize("state", ["hospital", "away", "moved", "died"])
def test_who_is_not_at_home_is_not_watched_and_is_watched_anew_when_back(
    resident: Resident, state: str
) -> None:
    sensor = a_motion_sensor(resident)
    watched_at(EIGHT)
    said(sensor, "motion", True, EIGHT)
    Resident.objects.filter(pk=resident.pk).update(life_state=state)
    back_at = EIGHT + timedelta(hours=8)

    watched_at(EIGHT + FIVE_HOURS + MINUTE, back_at)
    assert not Alert.objects.exists()
    assert the_home().state == "nobody"

    Resident.objects.filter(pk=resident.pk).update(life_state="home")
    watched_at(back_at + timedelta(minutes=10))
    assert not Alert.objects.exists()
    assert the_home().watched_since == back_at + timedelta(minutes=10)


def test_what_was_told_of_somebody_who_is_in_hospital_is_over(resident: Resident) -> None:
    a_motion_sensor(resident)
    watched_at(EIGHT, EIGHT + FIVE_HOURS + MINUTE)
    assert Alert.objects.get().state == "raised"

    Resident.objects.filter(pk=resident.pk).update(life_state="hospital")
    watched_at(EIGHT + FIVE_HOURS + MINUTE * 2)

    assert Alert.objects.get().state == "resolved"


def test_a_couple_is_told_of_as_a_home(resident: Resident) -> None:
    a_resident(household=resident.household)
    a_motion_sensor(resident)

    watched_at(EIGHT, EIGHT + FIVE_HOURS + MINUTE)

    alert = Alert.objects.get()
    assert (alert.resident, alert.household) == (None, resident.household)


def test_after_an_outage_of_our_own_silence_is_counted_anew(resident: Resident) -> None:
    sensor = a_motion_sensor(resident)
    watched_at(EIGHT)
    said(sensor, "motion", True, EIGHT)
    open_again_at = EIGHT + timedelta(hours=6)

    listened(until=open_again_at, since=timedelta(minutes=10))
    watched_at(open_again_at)

    assert not Alert.objects.exists()
    watched_at(open_again_at + timedelta(minutes=2))
    assert not Alert.objects.exists()


def test_while_nobody_listens_nobody_is_still(resident: Resident) -> None:
    a_motion_sensor(resident)
    watched_at(EIGHT)
    home = the_home()
    WatchedHome.objects.update(due_at=EIGHT)
    actions.run_due(now=EIGHT + timedelta(hours=8))

    assert not Alert.objects.exists()
    assert reloaded(home).due_at == EIGHT + timedelta(hours=8, minutes=1)


def test_sensors_that_are_out_of_reach_say_nothing_of_a_person(resident: Resident) -> None:
    sensor = a_motion_sensor(resident)
    watched_at(EIGHT)
    Device.objects.filter(pk=sensor.pk).update(online=False)

    watched_at(EIGHT + timedelta(hours=6))

    assert not Alert.objects.exists()
    assert the_home().state == "unknown"


def test_what_a_person_closed_is_told_again_after_another_time_without_movement(
    resident: Resident,
) -> None:
    a_motion_sensor(resident)
    told_at = EIGHT + FIVE_HOURS
    watched_at(EIGHT, told_at)
    mark_false(Alert.objects.get(), by="user:1", now=told_at + MINUTE)

    watched_at(*(told_at + timedelta(minutes=n) for n in range(2, 5 * 60, 10)))
    assert Alert.objects.count() == 1
    watched_at(told_at + FIVE_HOURS + MINUTE * 2)
    assert Alert.objects.filter(state="raised").count() == 1
    assert Alert.objects.count() == 2


def test_only_homes_with_a_sensor_that_sees_movement_are_watched(resident: Resident) -> None:
    door = a_door(resident)
    watched_at(EIGHT)
    assert not WatchedHome.objects.exists()

    sensor = a_motion_sensor(resident)
    watched_at(EIGHT)
    assert the_home().household == resident.household

    Device.objects.filter(pk=sensor.pk).update(household=a_household(), resident=None)
    watched_at(EIGHT)
    assert the_home().household != resident.household
    assert door.household == resident.household


def test_messages_twice_late_and_in_any_order_leave_the_same_alerts() -> None:
    listened(until=EIGHT)
    chance = random.Random(4)  # noqa: S311 - repeatable
    told: list[tuple[str, object, datetime]] = []
    at = EIGHT
    while at < EIGHT + timedelta(hours=20):
        at += timedelta(minutes=chance.choice([3, 20, 90, 420]))
        kind = chance.choice(["motion", "motion", "door"])
        told.append((kind, True if kind == "motion" else chance.choice(["open", "closed"]), at))
    end = at + timedelta(hours=14)
    shuffled = [*told, *chance.choices(told, k=len(told) // 5)]
    chance.shuffle(shuffled)
    states = []
    for sent in (told, shuffled):
        WatchedHome.objects.all().delete()
        resident = a_resident()
        devices = {"motion": a_motion_sensor(resident), "door": a_door(resident)}
        for metric, value, moment in sent:
            said(devices[metric], metric, value, moment)
        listened(until=end)
        watched_at(end - timedelta(hours=30))
        watched_at(end)
        home = WatchedHome.objects.get(household=resident.household)
        alerts = Alert.objects.filter(resident=resident)
        states.append(
            (home.state, home.moved_at, home.due_at, [(a.kind, a.state, a.detail) for a in alerts])
        )
    assert states[0] == states[1]


def test_a_look_that_was_killed_is_taken_up_by_another_and_told_once(resident: Resident) -> None:
    a_motion_sensor(resident)
    watched_at(EIGHT)
    told_at = EIGHT + FIVE_HOURS + MINUTE
    Listening.objects.update(last_at=told_at)
    killed = due.claim(WatchedHome.objects.all(), now=told_at, lease_s=60, limit=10)
    assert len(killed) == 1

    watched_at(told_at + MINUTE / 2)
    assert not Alert.objects.exists()
    watched_at(told_at + MINUTE * 2, told_at + MINUTE * 3)
    assert Alert.objects.get().times_seen == 1
