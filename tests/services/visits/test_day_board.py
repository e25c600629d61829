"""The dispatcher's day board where a district has more caregivers than fit on a page."""

from datetime import timedelta

import pytest

from backend.accounts.models import Role
from backend.core import clock
from services.visits import board
from tests.builders import NOON, a_caregiver, a_resident, a_user, an_area, signed_in
from tests.services.visits.builders import a_visit

pytestmark = pytest.mark.django_db


def test_carers_stand_on_pages_and_the_counts_are_of_the_whole_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board, "CARERS_A_PAGE", 2)
    area = an_area()
    for name in ("甲", "乙", "丙"):
        a_visit(to=a_resident(area=area), carers=(a_caregiver(area=area, name=name),))
    lead = signed_in(a_user(role=Role.LEAD, area=area, language="en"))

    with clock.set_to(NOON):
        first, second = (
            lead.get(f"/desk/visits/?page={n}", headers={"accept-language": "en"}).content.decode()
            for n in (1, 2)
        )

    assert "1 to 2 of 3 caregivers" in first
    assert "3 visits" in first
    assert "3 to 3 of 3 caregivers" in second
    shown = [name for name in ("甲", "乙", "丙") if f">{name}</h3>" in first]
    assert len(shown) == 2


@pytest.mark.parametrize(
    ("later_min", "is_busy"), [(-60, False), (-59, True), (59, True), (60, False)]
)
def test_who_is_with_somebody_else_at_that_time_is_said_to_be_busy(
    later_min: int, is_busy: bool
) -> None:
    resident = a_resident()
    carer = a_caregiver(area=resident.area)
    visit = a_visit(to=resident, duration_min=60)
    starts_at = NOON + timedelta(minutes=later_min)
    a_visit(carers=(carer,), starts_at=starts_at, duration_min=60)

    [candidate] = [one for one in board.candidates_for(visit) if one.caregiver == carer]

    assert candidate.busy is is_busy
