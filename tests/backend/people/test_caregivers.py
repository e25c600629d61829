"""Caregivers: their shifts and where they are."""

from datetime import timedelta

import pytest

from backend.core.errors import Invalid
from backend.people.actions import (
    cancel_shift,
    change_caregiver,
    enrol_caregiver,
    remove_caregiver,
    set_position,
    set_shift,
)
from backend.people.errors import PersonInUse
from backend.people.models import Caregiver, Shift
from backend.people.phones import index
from backend.places.datum import wgs84_to_gcj02
from backend.places.errors import BadPosition
from services.emergencies.models import EmergencyCall
from tests.builders import NOON, a_caregiver, a_ringing_call, an_area, reloaded

pytestmark = pytest.mark.django_db
BY = "user:somebody"
MINUTE = timedelta(minutes=1)


def test_a_caregiver_is_enrolled_with_a_number_that_is_found() -> None:
    caregiver = enrol_caregiver(
        area=an_area(),
        name="王敏",
        phone="190 0000 0003",
        details={"kind": "nurse", "skills": ["wound_care"]},
        by=BY,
        now=NOON,
    )
    kept = reloaded(caregiver)
    assert (kept.kind, kept.phone_index) == ("nurse", index("+8619000000003"))


def test_a_position_of_a_chinese_map_is_kept_as_wgs84() -> None:
    caregiver, there = a_caregiver(), wgs84_to_gcj02(31.57, 120.30)
    assert set_position(caregiver, lat=there.lat, lon=there.lon, datum="gcj02", at=NOON, now=NOON)
    kept = reloaded(caregiver)
    assert (kept.last_lat, kept.last_lon) == pytest.approx((31.57, 120.30), abs=1e-7)


def test_a_position_that_comes_late_does_not_replace_a_newer_one() -> None:
    caregiver = a_caregiver()
    assert set_position(caregiver, lat=31.5, lon=120.3, at=NOON, now=NOON)
    assert not set_position(caregiver, lat=30.0, lon=120.0, at=NOON - MINUTE, now=NOON)
    assert reloaded(caregiver).last_lat == 31.5


def test_a_telephone_ahead_of_time_means_now_and_does_not_hide_the_next_position() -> None:
    caregiver = a_caregiver()
    set_position(caregiver, lat=31.5, lon=120.3, at=NOON + timedelta(days=1), now=NOON)
    assert set_position(caregiver, lat=31.6, lon=120.3, at=NOON + MINUTE, now=NOON + MINUTE)


def test_nowhere_is_no_position() -> None:
    with pytest.raises(BadPosition):
        set_position(a_caregiver(), lat=131.5, lon=120.3, at=NOON, now=NOON)


def test_a_change_does_not_put_an_old_position_back() -> None:
    stale = a_caregiver()
    set_position(stale, lat=31.5, lon=120.3, at=NOON, now=NOON)
    change_caregiver(stale, changes={"name": "王小敏"}, by=BY, now=NOON)
    kept = reloaded(stale)
    assert (kept.name, kept.last_lat) == ("王小敏", 31.5)


def test_the_same_shift_twice_is_one_shift() -> None:
    caregiver, end = a_caregiver(), NOON + timedelta(hours=8)
    for _ in range(2):
        shift = set_shift(caregiver=caregiver, starts_at=NOON, ends_at=end, by=BY, now=NOON)
    assert Shift.objects.get() == shift
    cancel_shift(shift, by=BY, now=NOON)
    assert not Shift.objects.exists()


def test_a_shift_ends_after_it_starts() -> None:
    with pytest.raises(Invalid):
        set_shift(caregiver=a_caregiver(), starts_at=NOON, ends_at=NOON, by=BY, now=NOON)


def test_who_was_sent_out_is_not_removed() -> None:
    sent, mistake = a_caregiver(), a_caregiver()
    EmergencyCall.objects.filter(pk=a_ringing_call().pk).update(accepted_by_caregiver=sent)
    with pytest.raises(PersonInUse):
        remove_caregiver(sent, by=BY, now=NOON)
    remove_caregiver(mistake, by=BY, now=NOON)
    assert Caregiver.objects.get() == sent
