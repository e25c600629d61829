"""Devices that are not heard any more, and devices that are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.core.models import JournalEvent
from devices.actions import Heard, note_heard, note_listening, tell_silent
from devices.models import Device
from services.alerts.actions import raise_alert
from services.alerts.models import Alert
from tests.builders import NOON, a_device, reloaded

pytestmark = pytest.mark.django_db

DAYS = timedelta(days=3)
LATER = NOON + timedelta(minutes=1)


def listening_since(since: timedelta = DAYS) -> None:
    """The doors have been open until now."""
    note_listening(now=NOON - since)
    moment = NOON - since
    while moment < NOON:
        moment = min(moment + timedelta(minutes=2), NOON)
        note_listening(now=moment)


def a_device_last_heard(ago: timedelta, *, kind: str = "sos_button") -> Device:
    return a_device(kind=kind, last_seen_at=NOON - ago, online=True)


@pytest.mark.parametrize(
    ("kind", "longest"),
    [
        ("sos_button", timedelta(hours=1)),
        ("fall_radar", timedelta(minutes=15)),
        ("motion", timedelta(hours=6)),
        ("door", timedelta(hours=25)),
        ("watch", timedelta(hours=1)),
        ("gateway", timedelta(hours=6)),
        ("seat", timedelta(hours=25)),
        ("climate", timedelta(hours=6)),
        ("meter", timedelta(hours=25)),
    ],
)
def test_each_kind_may_be_silent_for_its_own_time(kind: str, longest: timedelta) -> None:
    listening_since()
    in_time = a_device_last_heard(longest - timedelta(seconds=1), kind=kind)
    late = a_device_last_heard(longest + timedelta(seconds=1), kind=kind)

    assert tell_silent(now=NOON) == 1

    assert reloaded(in_time).online is True
    assert reloaded(late).online is False
    alert = Alert.objects.get()
    assert (alert.kind, alert.source_device) == ("offline", late.pk)
    assert JournalEvent.objects.filter(type="device.offline", subject=late.reference).exists()


def test_a_device_that_was_never_heard_in_its_home_is_silent_too() -> None:
    listening_since()
    long_ago, lately = timedelta(hours=2), timedelta(minutes=59)
    never_heard = a_device(kind="sos_button", placed_at=NOON - long_ago)
    just_brought = a_device(kind="sos_button", placed_at=NOON - lately)
    heard_elsewhere = a_device(
        kind="sos_button", last_seen_at=NOON - DAYS, placed_at=NOON - lately, online=True
    )

    assert tell_silent(now=NOON) == 1

    assert reloaded(never_heard).online is False
    assert {reloaded(just_brought).online, reloaded(heard_elsewhere).online} == {None, True}
    assert Alert.objects.get().detail["silent_s"] == long_ago.total_seconds()


def test_a_silent_device_is_told_once() -> None:
    listening_since()
    a_device_last_heard(timedelta(hours=2))

    assert tell_silent(now=NOON) == 1
    assert tell_silent(now=NOON) == 0


def test_after_an_outage_of_our_own_nobody_is_silent_until_their_time_has_passed_anew() -> None:
    a_device_last_heard(timedelta(hours=5))
    listening_since(timedelta(minutes=59))
    assert tell_silent(now=NOON) == 0

    later = NOON + timedelta(minutes=2)
    note_listening(now=later)
    assert tell_silent(now=later) == 1


def test_while_nobody_listens_nobody_is_silent() -> None:
    a_device_last_heard(timedelta(hours=5))
    assert tell_silent(now=NOON) == 0
    listening_since()
    assert tell_silent(now=NOON + timedelta(minutes=10)) == 0


def test_a_device_that_speaks_again_is_there_again() -> None:
    listening_since()
    device = a_device_last_heard(timedelta(hours=2))
    tell_silent(now=NOON)

    seen_at = NOON + timedelta(seconds=1)
    note_heard([Heard(device.pk, seen_at=seen_at, online=True, online_at=seen_at)], now=seen_at)

    assert reloaded(device).online is True
    assert reloaded(device).last_seen_at == seen_at
    assert JournalEvent.objects.filter(type="device.online", subject=device.reference).exists()


def test_many_that_are_heard_for_the_first_time_take_no_more_statements_than_one() -> None:
    def statements(count: int) -> int:
        devices = [a_device() for _ in range(count)]
        heard = [Heard(one.pk, seen_at=NOON, online=True, online_at=NOON) for one in devices]
        with CaptureQueriesContext(connection) as asked:
            note_heard(heard, now=NOON)
        assert all(reloaded(one).online and reloaded(one).online_at == NOON for one in devices)
        return len(asked)

    assert statements(20) == statements(1)
    assert not JournalEvent.objects.filter(type="device.online").exists()


def test_older_news_changes_nothing() -> None:
    device = a_device()
    new = Heard(device.pk, seen_at=NOON, battery_percent=50, battery_at=NOON)
    old_at = NOON - timedelta(hours=1)
    old = Heard(device.pk, seen_at=old_at, battery_percent=90, battery_at=old_at)

    for heard in (new, old):
        note_heard([heard], now=NOON)

    assert (reloaded(device).last_seen_at, reloaded(device).battery_percent) == (NOON, 50)


def heard_again(device: Device) -> None:
    note_heard(
        [Heard(device.pk, seen_at=LATER, online=True, online_at=LATER)],
        now=LATER,
    )


def test_a_device_that_is_heard_again_closes_its_own_alert_and_says_so() -> None:
    listening_since()
    device = a_device_last_heard(timedelta(hours=2))
    tell_silent(now=NOON)

    heard_again(device)

    alert = Alert.objects.get()
    assert (alert.state, alert.closed_by) == ("resolved", f"device:{device.pk}")
    assert alert.note
    told = JournalEvent.objects.get(subject=f"alert:{alert.pk}", type="alert.resolved")
    assert told.by == f"device:{device.pk}"


def test_an_alert_of_two_silent_devices_is_closed_when_both_are_heard() -> None:
    listening_since()
    first = a_device_last_heard(timedelta(hours=2))
    second = a_device(
        kind="watch",
        resident=first.resident,
        last_seen_at=NOON - timedelta(hours=2),
        online=True,
    )
    tell_silent(now=NOON)

    heard_again(first)
    assert Alert.objects.get().state == "raised"
    heard_again(second)
    assert Alert.objects.get().state == "resolved"


def test_other_alerts_of_a_device_that_is_heard_again_stay_with_people() -> None:
    listening_since()
    device = a_device_last_heard(timedelta(hours=2))
    assert device.household is not None
    area = device.household.address.area
    tell_silent(now=NOON)
    for kind in ("battery", "inactivity"):
        raise_alert(
            kind=kind, area=area, resident=device.resident, source_device=device.pk, now=NOON
        )

    heard_again(device)

    open_ones = Alert.objects.filter(state="raised").order_by("kind")
    assert [alert.kind for alert in open_ones] == ["battery", "inactivity"]
