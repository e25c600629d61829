"""Residents are enrolled, changed, at home or away; each write is recorded without its content."""

from datetime import date, timedelta
from typing import Any

import pytest

from backend.audit.models import AuditRow
from backend.core.errors import Invalid
from backend.core.models import JournalEvent
from backend.people import identity, phones
from backend.people.actions import (
    change_resident,
    enrol_resident,
    remove_resident,
    set_life_state,
)
from backend.people.errors import AlreadyEnrolled, BadIdNumber, BadPhone, PersonInUse
from backend.people.models import Resident
from tests.builders import NOON, a_household, a_resident, a_ringing_call, an_area, reloaded

pytestmark = pytest.mark.django_db
BY = "user:somebody"
CARD = "11010519491231002X"
TODAY = date(2026, 11, 23)


def enrolled(**details: Any) -> Resident:
    return enrol_resident(
        household=a_household(), details={"name": "陈桂英", **details}, by=BY, now=NOON
    )


def moved(resident: Resident, state: Resident.LifeState, since: date, **more: Any) -> Resident:
    return set_life_state(resident, state=state, since=since, by=BY, now=NOON, **more)


def test_a_resident_is_found_again_by_number_however_they_were_written() -> None:
    resident = reloaded(enrolled(phone="190 0000 0001", id_number=CARD.lower()))
    assert (resident.phone, resident.id_number) == ("+8619000000001", CARD)
    assert resident.phone_index == phones.index_as_given("19000000001")
    assert resident.id_number_index == identity.index(CARD)


def test_birth_date_and_sex_are_read_from_the_card() -> None:
    resident = enrolled(id_number=CARD)
    assert (resident.birth_date, resident.sex) == (date(1949, 12, 31), "female")


@pytest.mark.parametrize(
    ("details", "field", "code"),
    [
        ({"birth_date": date(1950, 1, 1)}, "birth_date", "differs_from_id_number"),
        ({"sex": "male"}, "sex", "differs_from_id_number"),
    ],
)
def test_what_differs_from_the_card_is_refused(
    details: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        enrolled(id_number=CARD, **details)
    assert refusal.value.data == {"fields": {field: [code]}}


def test_a_needy_person_under_60_can_be_enrolled() -> None:
    resident = enrolled(birth_date=date(1990, 1, 1), living=["severe_disability", "alone"])
    assert reloaded(resident).living == ["alone", "severe_disability"]


def test_nobody_is_born_tomorrow() -> None:
    with pytest.raises(Invalid):
        enrolled(birth_date=TODAY + timedelta(days=1))


def test_the_same_card_is_enrolled_once() -> None:
    enrolled(id_number=CARD)
    with pytest.raises(AlreadyEnrolled):
        enrolled(id_number=CARD)
    assert Resident.objects.count() == 1


def test_the_number_that_is_wrong_is_named() -> None:
    with pytest.raises(BadPhone) as refusal:
        enrolled(phone="19000000001", second_phone="12")
    assert refusal.value.data == {"fields": {"second_phone": ["bad_phone"]}}
    with pytest.raises(BadIdNumber):
        enrolled(id_number="123")


def test_a_new_number_replaces_the_index_of_the_old_one() -> None:
    resident = enrolled(phone="19000000001", second_phone="19000000002")
    changed = change_resident(resident, changes={"phone": "19000000003"}, by=BY, now=NOON)
    assert reloaded(changed).phone_index == phones.index("+8619000000003")
    emptied = change_resident(resident, changes={"second_phone": ""}, by=BY, now=NOON)
    assert reloaded(emptied).second_phone_index == ""


def test_moving_house_moves_the_resident_to_its_area() -> None:
    resident, home = enrolled(), a_household(area=an_area())
    change_resident(resident, changes={"household": home}, by=BY, now=NOON)
    assert reloaded(resident).area == home.address.area


def test_the_record_names_fields_and_never_what_stands_in_them() -> None:
    resident = enrolled(phone="19000000001", conditions="高血压")
    event, row = JournalEvent.objects.get(), AuditRow.objects.get()
    assert (event.type, event.resident_id) == ("resident.enrolled", resident.pk)
    assert event.data == {"fields": ["conditions", "name", "phone"]}
    assert row.fields == ["conditions", "name", "phone"]
    assert (row.actor, row.resident_id, row.action) == (BY, resident.pk, "create")


def test_a_stay_in_hospital_is_a_period_with_its_days() -> None:
    resident = enrolled()
    Resident.objects.update(life_state_since=TODAY - timedelta(days=30))
    resident.life_periods.update(since=TODAY - timedelta(days=30))
    since, back = TODAY - timedelta(days=5), TODAY + timedelta(days=5)
    moved(resident, Resident.LifeState.HOSPITAL, since, expected_until=back)
    home, hospital = resident.life_periods.all()
    assert (home.state, home.until) == ("home", since)
    assert (hospital.state, hospital.since, hospital.until) == ("hospital", since, None)
    assert hospital.expected_until == back
    kept = reloaded(resident)
    assert (kept.life_state, kept.life_state_since) == ("hospital", since)


def test_saying_the_same_again_only_changes_when_they_are_expected_back() -> None:
    resident = enrolled()
    moved(resident, Resident.LifeState.AWAY, TODAY)
    moved(resident, Resident.LifeState.AWAY, TODAY, expected_until=TODAY + timedelta(days=9))
    assert resident.life_periods.count() == 2
    last = resident.life_periods.last()
    assert last is not None
    assert last.expected_until == TODAY + timedelta(days=9)


@pytest.mark.parametrize(
    ("since", "back", "field"),
    [
        (TODAY + timedelta(days=1), None, "since"),
        (TODAY - timedelta(days=1), None, "since"),
        (TODAY, TODAY - timedelta(days=1), "expected_until"),
    ],
)
def test_days_out_of_order_are_refused(since: date, back: date | None, field: str) -> None:
    resident = enrolled()
    with pytest.raises(Invalid) as refusal:
        moved(resident, Resident.LifeState.AWAY, since, expected_until=back)
    assert list(refusal.value.data["fields"]) == [field]
    assert reloaded(resident).life_state == "home"


def test_who_has_a_history_is_not_removed() -> None:
    resident = a_resident()
    a_ringing_call(resident=resident)
    with pytest.raises(PersonInUse):
        remove_resident(resident, by=BY, now=NOON)
    mistake = a_resident()
    remove_resident(mistake, by=BY, now=NOON)
    assert set(Resident.objects.all()) == {resident}


def test_indexes_are_right_when_many_are_enrolled_at_once() -> None:
    home = a_household()
    Resident.objects.bulk_create(
        Resident(household=home, area=home.address.area, name="x", phone=f"+861900000000{n}")
        for n in range(3)
    )
    found = Resident.objects.filter(phone_index=phones.index("+8619000000001")).get()
    assert found.phone == "+8619000000001"
