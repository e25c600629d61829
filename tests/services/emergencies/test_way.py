"""Whether who is going comes nearer, and the marks of the map that follow them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from backend.accounts.models import Role
from backend.core import clock
from backend.people.actions import set_position
from backend.people.models import Caregiver
from services.emergencies.actions import Responder, accept_call, arrive
from services.emergencies.desk.way import way_of
from services.emergencies.models import EmergencyCall
from tests.builders import (
    HOME_LAT,
    HOME_LON,
    NOON,
    a_caregiver_on_shift,
    a_resident,
    a_ringing_call,
    a_user,
    reloaded,
    signed_in,
)

pytestmark = pytest.mark.django_db

FAR_LAT = HOME_LAT + 0.01
"""About 1.1 km to the north."""
STEP = 0.001
"""About 110 m."""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def a_call_somebody_goes_to() -> tuple[EmergencyCall, Caregiver]:
    resident = a_resident()
    call = a_ringing_call(resident=resident)
    caregiver = a_caregiver_on_shift(near=resident)
    tell(caregiver, FAR_LAT, at=NOON)
    accept_call(call, responder=Responder.of_caregiver(caregiver, minutes=10), now=NOON)
    return call, caregiver


def tell(caregiver: Caregiver, lat: float, *, at: datetime) -> None:
    set_position(reloaded(caregiver), lat=lat, lon=HOME_LON, at=at, now=at)


def said(call: EmergencyCall, *, now: datetime) -> tuple[str, bool]:
    fresh = EmergencyCall.objects.select_related("accepted_by_caregiver").get(pk=call.pk)
    with translation.override("en"):
        way = way_of(fresh, now=now)
    return (way.text, way.worries) if way else ("", False)


def test_who_moves_is_so_far_away() -> None:
    call, caregiver = a_call_somebody_goes_to()
    for minute in range(1, 5):
        tell(caregiver, FAR_LAT - minute * STEP, at=NOON + minutes(minute))

    assert said(call, now=NOON + minutes(4)) == ("670\u00a0m away", False)


def test_who_stands_still_for_three_minutes_is_worth_a_call() -> None:
    call, caregiver = a_call_somebody_goes_to()
    for minute in range(1, 5):
        tell(caregiver, FAR_LAT + 0.0001 * (minute % 2), at=NOON + minutes(minute))

    assert said(call, now=NOON + minutes(2)) == ("1.1\u00a0km away", False)
    assert said(call, now=NOON + minutes(4)) == ("Has not moved for 4 minutes.", True)


def test_standing_before_the_call_is_no_fault() -> None:
    call, caregiver = a_call_somebody_goes_to()
    Caregiver.objects.filter(pk=caregiver.pk).update(still_since=NOON - minutes(60))
    tell(caregiver, FAR_LAT, at=NOON + minutes(1))

    assert said(call, now=NOON + minutes(1)) == ("1.1\u00a0km away", False)


def test_a_telephone_that_fell_silent_is_worth_a_call() -> None:
    call, _ = a_call_somebody_goes_to()

    assert said(call, now=NOON + minutes(2)) == ("1.1\u00a0km away", False)
    assert said(call, now=NOON + minutes(7)) == (
        "Position of 7 minutes ago, nothing since.",
        True,
    )


def test_who_looks_for_the_door_stands_still_for_good_reason() -> None:
    call, caregiver = a_call_somebody_goes_to()
    for minute in (2, 4, 6):
        tell(caregiver, HOME_LAT + 0.0002, at=NOON + minutes(minute))

    assert said(call, now=NOON + minutes(6)) == ("close by", False)


def test_who_shares_no_position_is_said_to_share_none() -> None:
    call, caregiver = a_call_somebody_goes_to()
    Caregiver.objects.filter(pk=caregiver.pk).update(last_position_at=None)

    assert said(call, now=NOON + minutes(5)) == ("does not tell where they are", False)


def test_nothing_is_said_of_who_has_arrived() -> None:
    call, caregiver = a_call_somebody_goes_to()
    arrive(call, by=f"caregiver:{caregiver.pk}", now=NOON + minutes(6))

    assert said(call, now=NOON + minutes(20)) == ("", False)


def test_the_whereabouts_of_a_call_follow_who_is_going() -> None:
    call, caregiver = a_call_somebody_goes_to()
    desk = signed_in(a_user(role=Role.OPERATOR, area=call.area))
    tell(caregiver, FAR_LAT - STEP, at=NOON + minutes(1))

    with clock.set_to(NOON + minutes(6)):
        answer = desk.get(
            reverse("desk_whereabouts", args=[call.pk]), headers={"Accept-Language": "en"}
        )

    page = answer.content.decode()
    assert f'"lat": {FAR_LAT - STEP}' in page
    assert '"kind": "going"' in page
    assert "Position of 5 minutes ago" in page


def test_an_officer_sees_where_and_not_who() -> None:
    call, caregiver = a_call_somebody_goes_to()
    officer: Any = a_user(role=Role.OFFICER, area=call.area)

    with clock.set_to(NOON + minutes(1)):
        page = signed_in(officer).get(reverse("desk_whereabouts", args=[call.pk]))

    assert caregiver.name not in page.content.decode()
