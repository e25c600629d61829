"""A home visit is made by two, signed by both sides, with time and place."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backend.accounts.models import Role
from services.assistance.cases import actions
from services.assistance.cases.errors import (
    CountyVisitNeeded,
    NotAVisitor,
    ReasonNeeded,
    TwoNeeded,
)
from services.assistance.models import HomeVisit
from tests.builders import NOON, a_caregiver, a_user, reloaded, signed_in
from tests.services.assistance.cases.builders import (
    Office,
    a_case_before_the_county,
    a_checked_case,
    a_planned_visit,
    as_doer,
    make_visit,
)

pytestmark = pytest.mark.django_db

FILLED: dict[str, Any] = {
    "household_size": 2,
    "findings": "两人居住",
    "household_signed_by": "陈桂英",
}


def test_one_alone_cannot_visit() -> None:
    office = Office()
    case = a_checked_case(office)

    with pytest.raises(TwoNeeded):
        actions.plan_visit(
            case,
            staff=[office.clerk, office.clerk],
            planned_at=NOON,
            by=as_doer(office.clerk),
            now=NOON,
        )


def test_by_telephone_only_with_a_reason() -> None:
    office = Office()
    case = a_checked_case(office)

    with pytest.raises(ReasonNeeded):
        actions.plan_visit(
            case,
            staff=[office.clerk, office.head],
            planned_at=NOON,
            way="phone",
            by=as_doer(office.clerk),
            now=NOON,
        )


def test_the_visit_is_done_with_the_second_signature_and_not_before() -> None:
    office = Office()
    case = a_checked_case(office)
    visit = a_planned_visit(office, case)
    clerk, head = as_doer(office.clerk), as_doer(office.head)

    actions.fill_visit(visit, **FILLED, by=clerk, now=NOON)
    actions.sign_visit(visit, user_id=office.clerk.pk, lat=31.5, lon=120.3, by=clerk, now=NOON)
    actions.sign_visit(visit, user_id=office.clerk.pk, lat=31.5, lon=120.3, by=clerk, now=NOON)
    assert reloaded(visit).done_at is None
    assert reloaded(case).state == "visiting"

    later = NOON + timedelta(minutes=5)
    actions.sign_visit(visit, user_id=office.head.pk, lat=None, lon=None, by=head, now=later)

    assert reloaded(visit).done_at == later
    assert reloaded(case).state == "opinion"
    first, second = visit.staff.order_by("pk")
    assert (first.signed_at, first.lat, second.lat) == (NOON, 31.5, None)


def test_without_the_household_the_visit_is_not_done() -> None:
    office = Office()
    case = a_checked_case(office)
    visit = a_planned_visit(office, case)
    by = as_doer(office.clerk)

    actions.fill_visit(visit, household_size=1, findings="无人应答", by=by, now=NOON)
    for each in visit.staff.all():
        actions.sign_visit(visit, user_id=each.user_id, lat=None, lon=None, by=by, now=NOON)

    assert reloaded(visit).done_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        HomeVisit.objects.filter(pk=visit.pk).update(done_at=NOON)


def test_who_does_not_visit_cannot_sign() -> None:
    office = Office()
    visit = a_planned_visit(office, a_checked_case(office))
    by = as_doer(office.director)
    actions.fill_visit(visit, **FILLED, by=by, now=NOON)

    with pytest.raises(NotAVisitor):
        actions.sign_visit(visit, user_id=office.director.pk, lat=None, lon=None, by=by, now=NOON)


def test_relatives_of_staff_are_visited_by_the_county_before_it_decides() -> None:
    office = Office()
    case = a_case_before_the_county(office, relative_of_staff="李娜的姑姑")
    county = as_doer(office.county)
    with pytest.raises(CountyVisitNeeded):
        actions.confirm(case, by=county, now=NOON)

    visit = actions.plan_visit(
        case, staff=[office.county, office.director], planned_at=NOON, by=county, now=NOON
    )
    make_visit(office, visit)

    assert visit.is_county
    assert actions.confirm(reloaded(case), by=county, now=NOON).state == "letter"


def test_a_resident_once_registered_as_a_relative_stays_so() -> None:
    office = Office()
    first = a_case_before_the_county(office, relative_of_staff="李娜的姑姑")

    second = actions.open_case(
        resident=first.resident, benefit="rigid_spending", by=as_doer(office.clerk), now=NOON
    )

    assert second.relative_of_staff == "李娜的姑姑"


def test_a_caregiver_fills_in_the_form_on_their_telephone_and_signs() -> None:
    office = Office()
    case = a_checked_case(office)
    caregiver = a_user(
        role=Role.CAREGIVER, area=office.grid, caregiver=a_caregiver(area=office.grid)
    )
    visit = actions.plan_visit(
        case, staff=[office.clerk, caregiver], planned_at=NOON, by=as_doer(office.clerk), now=NOON
    )
    phone = signed_in(caregiver)

    assert "陈桂英" in phone.get("/care/home-visits/").content.decode()
    assert phone.get(f"/care/home-visits/{visit.pk}/").status_code == 200
    assert phone.post(f"/care/home-visits/{visit.pk}/fill/", {}).status_code == 422
    phone.post(f"/care/home-visits/{visit.pk}/fill/", FILLED)
    phone.post(f"/care/home-visits/{visit.pk}/sign/", {"lat": "31.57", "lon": "120.3"})

    own = visit.staff.get(user=caregiver)
    assert own.signed_at is not None
    assert (own.lat, own.lon) == (31.57, 120.3)
    stranger = signed_in(
        a_user(role=Role.CAREGIVER, area=office.grid, caregiver=a_caregiver(area=office.grid))
    )
    assert stranger.get(f"/care/home-visits/{visit.pk}/").status_code == 404
