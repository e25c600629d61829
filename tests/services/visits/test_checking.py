"""Arrivals and departures are kept with the time of the act, in whatever order they come."""

from datetime import timedelta

import pytest

from backend.places.datum import wgs84_to_gcj02
from services.visits import actions, codes
from services.visits.actions import Proof
from services.visits.errors import NotTheirVisit, WrongCode
from services.visits.models import CheckEvent, HomeFence, Visit
from tests.builders import HOME_LAT, HOME_LON, NOON, a_caregiver, reloaded
from tests.services.visits.builders import BY, BY_HAND, an_act, an_assigned_visit

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_an_arrival_begins_the_visit_and_a_departure_ends_it() -> None:
    visit, carer = an_assigned_visit()

    actions.check_in(visit, act=an_act(carer, at=NOON), proof=BY_HAND, now=NOON)
    assert reloaded(visit).state == Visit.State.IN_PROGRESS
    later = NOON + 30 * MINUTE
    actions.check_out(visit, act=an_act(carer, at=later), proof=BY_HAND, now=later)

    visit = reloaded(visit)
    assert (visit.state, visit.started_at, visit.ended_at) == (Visit.State.DONE, NOON, later)


def test_the_same_key_again_changes_nothing() -> None:
    visit, carer = an_assigned_visit()
    act = an_act(carer, key="one")

    for _ in range(2):
        actions.check_in(visit, act=act, proof=BY_HAND, now=NOON)

    assert CheckEvent.objects.count() == 1


def test_whoever_was_never_assigned_cannot_check_in() -> None:
    visit, _carer = an_assigned_visit()

    with pytest.raises(NotTheirVisit):
        actions.check_in(visit, act=an_act(a_caregiver()), proof=BY_HAND, now=NOON)


def test_who_was_released_while_offline_is_still_heard() -> None:
    visit, carer = an_assigned_visit()
    actions.assign_visit(visit, caregivers=[], by=BY, now=NOON - MINUTE)

    actions.check_in(visit, act=an_act(carer, offline=True), proof=BY_HAND, now=NOON)

    assert reloaded(visit).state == Visit.State.IN_PROGRESS


@pytest.mark.parametrize(("north_m", "within"), [(150, True), (250, False)])
def test_the_fence_is_two_hundred_metres(north_m: float, within: bool) -> None:
    visit, carer = an_assigned_visit()
    proof = Proof(method="gps", lat=HOME_LAT + north_m / 111_195, lon=HOME_LON, accuracy_m=12)

    actions.check_in(visit, act=an_act(carer), proof=proof, now=NOON)

    event = CheckEvent.objects.get()
    assert event.is_within_fence is within
    assert event.distance_m == pytest.approx(north_m, abs=1)


def test_a_home_may_have_a_fence_of_its_own() -> None:
    visit, carer = an_assigned_visit()
    home = visit.resident.household
    HomeFence.objects.create(household=home, radius_m=400, set_by=BY, set_at=NOON)
    proof = Proof(method="gps", lat=HOME_LAT + 300 / 111_195, lon=HOME_LON)

    actions.check_in(visit, act=an_act(carer), proof=proof, now=NOON)

    assert (CheckEvent.objects.get().fence_m, CheckEvent.objects.get().is_within_fence) == (
        400,
        True,
    )


def test_a_position_of_a_chinese_map_is_not_half_a_kilometre_off() -> None:
    visit, carer = an_assigned_visit()
    shifted = wgs84_to_gcj02(HOME_LAT, HOME_LON)

    def sent(datum: str) -> CheckEvent:
        proof = Proof(method="gps", lat=shifted.lat, lon=shifted.lon, datum=datum)
        act = an_act(carer, key=datum)
        actions.check_in(visit, act=act, proof=proof, now=NOON)
        return CheckEvent.objects.get(client_key=datum)

    assert sent("gcj02").distance_m == pytest.approx(0, abs=0.1)
    assert (sent("gcj02").datum, sent("gcj02").is_within_fence) == ("gcj02", True)
    assert sent("wgs84").distance_m == pytest.approx(487.7, abs=30)
    assert sent("wgs84").is_within_fence is False


def test_a_fix_of_a_kilometre_says_nothing_of_the_place() -> None:
    visit, carer = an_assigned_visit()
    proof = Proof(method="gps", lat=HOME_LAT, lon=HOME_LON, accuracy_m=3_000)

    actions.check_in(visit, act=an_act(carer), proof=proof, now=NOON)

    assert CheckEvent.objects.get().is_within_fence is None


@pytest.mark.parametrize("zero", ["0", "０", "٠"], ids=["latin", "full width", "arabic"])
def test_the_code_that_the_resident_says_is_a_proof_in_whatever_digits(zero: str) -> None:
    visit, carer = an_assigned_visit()
    typed = "".join(chr(ord(zero) + int(digit)) for digit in codes.code_of(visit, at=NOON))
    proof = Proof(method="code", code=f" {typed[:3]} {typed[3:]} ")

    actions.check_in(visit, act=an_act(carer), proof=proof, now=NOON)

    assert CheckEvent.objects.get().method == "code"


def test_a_wrong_code_is_asked_again_online_and_kept_as_by_hand_offline() -> None:
    visit, carer = an_assigned_visit()
    proof = Proof(method="code", code="000000")

    with pytest.raises(WrongCode):
        actions.check_in(visit, act=an_act(carer), proof=proof, now=NOON)
    actions.check_in(visit, act=an_act(carer, offline=True), proof=proof, now=NOON)

    assert (CheckEvent.objects.get().method, CheckEvent.objects.get().reason) == (
        "manual",
        "wrong_code",
    )


def test_a_clock_that_runs_ahead_means_now() -> None:
    visit, carer = an_assigned_visit()

    actions.check_in(visit, act=an_act(carer, at=NOON + 90 * MINUTE), proof=BY_HAND, now=NOON)

    assert reloaded(visit).started_at == NOON
