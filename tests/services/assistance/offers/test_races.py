"""Two at the same moment: one offer, one answer, one confirmation, and no older screening."""

from collections.abc import Callable

import pytest

from backend.core import due
from services.assistance.models import BenefitOffer, Entitlement, Screening
from services.assistance.offers import actions, finding
from services.assistance.offers.actions import Answerer
from services.assistance.offers.errors import AnsweredAlready, NotNow
from services.assistance.policy import screening
from tests.builders import NOON, a_guardian, reloaded
from tests.services.assistance.cases.builders import Office
from tests.services.assistance.offers.builders import (
    a_taken_offer,
    an_elder,
    an_open_offer,
    asked,
    demo_pack,
    register,
    the_entitlement,
    themselves,
)
from tests.threads import Held, at_once

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["demo_pack"]


def refused(work: Callable[[], object], *refusals: type[Exception]) -> bool:
    """Do it; whether it was refused."""
    try:
        work()
    except refusals:
        return True
    return False


def test_without_a_lock_two_would_both_find_that_nothing_was_offered() -> None:
    elder = an_elder()

    with Held(lambda: actions.make_offer(elder, "old_age_allowance", now=NOON)) as held:
        assert not BenefitOffer.objects.filter(resident=elder).exists()
        held.roll_back()


def test_two_workers_at_once_offer_once() -> None:
    elder = an_elder()

    made = at_once(*[lambda: actions.make_offer(elder, "old_age_allowance", now=NOON)] * 3)

    assert sum(each is not None for each in made) == 1
    assert BenefitOffer.objects.filter(resident=elder).count() == 1


def test_two_workers_at_once_ask_once() -> None:
    offer = an_open_offer()

    at_once(*[lambda: finding.ask_due(now=NOON)] * 3)

    assert len(asked(offer)) == 1
    assert reloaded(offer).asked_times == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_yes_and_a_no_at_once_leave_one_answer_and_money_only_for_a_yes(_round: int) -> None:
    elder = an_elder()
    guardian = a_guardian(resident=elder)
    offer = an_open_offer(elder)
    other = Answerer(f"contact:{guardian.pk}", "app")

    at_once(
        lambda: actions.answer_offer(offer, takes=True, by=themselves(offer), now=NOON),
        lambda: refused(
            lambda: actions.answer_offer(offer, takes=False, by=other, now=NOON), AnsweredAlready
        ),
    )

    assert reloaded(offer).state == "accepted", "a no never takes back a yes"
    assert Entitlement.objects.filter(offer=offer).count() == 1


def test_two_officers_who_confirm_at_once_confirm_once() -> None:
    office = Office()
    row = the_entitlement(a_taken_offer(an_elder(office)))
    actions.check_entitlement(row, account="1", by=office.clerk.pk, now=NOON)

    others = at_once(
        *[
            lambda by=by: refused(lambda: actions.confirm_entitlement(row, by=by, now=NOON), NotNow)
            for by in (office.county.pk, office.director.pk)
        ]
    )

    assert sorted(others) == [False, True]
    assert reloaded(row).state == "in_force"


def test_a_fact_that_comes_during_a_screening_is_not_lost() -> None:
    elder = an_elder()
    screening.list_new(now=NOON)
    rows = due.claim(Screening.objects.all(), now=NOON, lease_s=60, limit=10)

    register(elder, local=False)
    screening._screen(rows, now=NOON)

    row = Screening.objects.get(resident=elder, benefit="old_age_allowance")
    assert (row.screened_at, row.due_at) == (None, NOON), "still due, nothing older was written"
    screening.run_due(now=NOON)
    assert reloaded(row).answer == "no"
