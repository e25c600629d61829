"""Whoever cannot go is replaced as proposed; nothing changes until somebody accepts."""

from datetime import timedelta

import pytest
from django.db.models import F

from backend.core import journal, readers
from backend.people.models import Caregiver, Resident
from notifications.models import Delivery
from services.emergencies.actions import Responder, accept_call
from services.visits import actions
from services.visits.actions.replanning import accept_day_plan, propose_day
from services.visits.errors import DayPlanOutdated
from services.visits.models import DayPlan, Visit
from tests.builders import (
    NOON,
    a_caregiver_on_shift,
    a_phone,
    a_resident,
    a_ringing_call,
    a_user,
    an_area,
    reloaded,
    signed_in,
)
from tests.services.visits.builders import BY, TODAY, a_visit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def hear() -> None:
    while journal.number_committed():
        pass
    readers.read_on(now=NOON)


def going(visit: Visit) -> set[str]:
    names = visit.assignments.filter(released_at=None).values_list("caregiver__name", flat=True)
    return set(names)


def a_day() -> tuple[Resident, Caregiver, Caregiver, list[Visit]]:
    """Two carers of a street; the first has three visits this afternoon."""
    resident = a_resident(area=an_area(parent=an_area()), phone=a_phone())
    first = a_caregiver_on_shift(near=resident, name="王敏")
    second = a_caregiver_on_shift(near=resident, name="李娟")
    visits = []
    for n in (1, 3, 5):
        visit = a_visit(to=resident, starts_at=NOON + n * HOUR)
        visit = actions.assign_visit(visit, caregivers=[first], by_person=False, by=BY, now=NOON)
        visits.append(visit)
    return resident, first, second, visits


def test_what_nobody_goes_to_is_proposed_and_stays_until_it_is_accepted() -> None:
    resident, *_ = a_day()
    loose = a_visit(to=resident, starts_at=NOON + 2 * HOUR)

    proposed = propose_day(resident.area, TODAY, cause=BY, by=BY, now=NOON)
    assert going(loose) == set()
    accept_day_plan(proposed, by=BY, now=NOON)

    assert len(going(loose)) == 1
    assert reloaded(loose).state == "assigned"
    assert not reloaded(loose).touched_by_person


def test_an_absence_is_answered_by_a_proposal() -> None:
    _resident, first, second, visits = a_day()

    actions.record_absence(
        caregiver=first, starts_at=NOON, ends_at=NOON + 9 * HOUR, reason="sick", by=BY, now=NOON
    )
    hear()
    proposed = DayPlan.objects.get(state="proposed")
    assert proposed.summary["new"] == 3
    accept_day_plan(proposed, by=BY, now=NOON)

    assert [going(visit) for visit in visits] == [{second.name}] * 3


def test_who_goes_to_a_call_is_replaced_for_the_next_hour_and_the_resident_is_told() -> None:
    resident, first, second, visits = a_day()
    near = a_visit(to=resident, starts_at=NOON + HOUR / 4)
    actions.assign_visit(near, caregivers=[first], by_person=False, by=BY, now=NOON)
    call = a_ringing_call(resident=a_resident(household=resident.household))
    accept_call(call, responder=Responder.of_caregiver(first), now=NOON)

    hear()
    accept_day_plan(DayPlan.objects.get(state="proposed"), by=BY, now=NOON)

    assert going(near) == {second.name}
    assert going(visits[2]) == {first.name}
    told = Delivery.objects.filter(cause=near.reference, template="visit_who_comes")
    assert told.get().context["carer"] == second.name


def test_what_a_person_decided_is_left_and_what_changed_meanwhile_too() -> None:
    resident, first, second, visits = a_day()
    loose = a_visit(to=resident, starts_at=NOON + 2 * HOUR)
    actions.assign_visit(visits[0], caregivers=[second], by=BY, now=NOON)
    proposed = propose_day(resident.area, TODAY, cause=BY, by=BY, now=NOON)
    actions.assign_visit(loose, caregivers=[first], by=BY, now=NOON)

    accepted = accept_day_plan(proposed, by=BY, now=NOON)

    assert going(visits[0]) == {second.name}
    assert going(loose) == {first.name}
    assert accepted.summary["left"] == 1


def test_what_a_person_decided_is_left_also_where_no_plan_allows_it() -> None:
    resident, first, _second, _visits = a_day()
    by_hand = a_visit(to=resident, starts_at=NOON + HOUR / 2)
    actions.assign_visit(by_hand, caregivers=[first], by=BY, now=NOON)
    Caregiver.objects.filter(pk=first.pk).update(last_lat=F("last_lat") + 2)

    proposed = propose_day(resident.area, TODAY, cause=BY, by=BY, now=NOON)
    accept_day_plan(proposed, by=BY, now=NOON)

    assert str(by_hand.pk) in proposed.unserved
    assert going(by_hand) == {first.name}


def test_whoever_is_nowhere_known_sets_out_amid_the_visits() -> None:
    resident = a_resident()
    a_caregiver_on_shift(near=resident, last_position_at=None)
    loose = a_visit(to=resident, starts_at=NOON + HOUR)

    proposed = propose_day(resident.area, TODAY, cause=BY, by=BY, now=NOON)
    accept_day_plan(proposed, by=BY, now=NOON)

    assert len(going(loose)) == 1


def test_of_two_proposals_of_one_version_one_holds() -> None:
    resident, *_ = a_day()
    a_visit(to=resident, starts_at=NOON + 2 * HOUR)
    proposed = propose_day(resident.area, TODAY, cause=BY, by=BY, now=NOON)
    other = DayPlan.objects.create(
        area=resident.area, day=TODAY, legs=proposed.legs, made_at=NOON, made_by=BY
    )

    accept_day_plan(proposed, by=BY, now=NOON)

    with pytest.raises(DayPlanOutdated):
        accept_day_plan(other, by=BY, now=NOON)


def test_the_board_says_the_difference_in_words() -> None:
    resident, first, _second, _visits = a_day()
    actions.record_absence(
        caregiver=first, starts_at=NOON, ends_at=NOON + 9 * HOUR, reason="sick", by=BY, now=NOON
    )
    hear()
    district = resident.area.parent
    lead = signed_in(a_user(role="lead", area=district))

    page = lead.get(f"/desk/visits/?day={TODAY}", headers={"Accept-Language": "en"})

    assert "0 of 3 visits change carer" in page.content.decode()
    assert "3 get somebody" in page.content.decode()
