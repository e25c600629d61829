"""Rules that hold in the database itself, whoever writes to it."""

import pytest
from django.db import IntegrityError, transaction

from services.assistance.cases import actions
from services.assistance.cases.errors import ArticleNeeded, CaseOpen
from services.assistance.models import AssistanceCase, Deadline, Opinion
from tests.builders import NOON
from tests.services.assistance.cases.builders import (
    GRANT,
    Office,
    a_case,
    a_case_before_the_county,
    a_refused_case,
    a_visited_case,
    an_accepted_case,
    as_doer,
)

pytestmark = pytest.mark.django_db


def test_nobody_confirms_what_they_proposed() -> None:
    case = a_case_before_the_county(Office())
    opinion = case.opinions.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(
            outcome="confirmed", confirmed_by=opinion.written_by, confirmed_at=NOON
        )


def test_nobody_confirms_what_they_entered() -> None:
    office = Office()
    case = a_case_before_the_county(office, by=as_doer(office.county))

    with pytest.raises(IntegrityError), transaction.atomic():
        case.opinions.update(outcome="confirmed", confirmed_by=office.county, confirmed_at=NOON)


def test_a_refusal_without_an_article_is_not_kept() -> None:
    office = Office()
    case = a_visited_case(office)
    with pytest.raises(ArticleNeeded):
        actions.propose(case, kind="refuse", household_size=1, by=as_doer(office.clerk), now=NOON)
    with pytest.raises(ArticleNeeded):
        actions.propose(
            case,
            kind="refuse",
            household_size=1,
            grounds=["because"],
            by=as_doer(office.clerk),
            now=NOON,
        )

    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(
            case=case, kind="refuse", household_size=1, written_by=office.clerk, written_at=NOON
        )


def test_a_person_has_one_open_case_for_a_benefit() -> None:
    office = Office()
    case = a_case(office)

    with pytest.raises(CaseOpen) as refused:
        a_case(office, resident=case.resident)

    assert refused.value.data == {"number": case.number}
    assert a_case(office, resident=case.resident, benefit="rigid_spending").pk != case.pk


def test_after_a_refusal_one_may_apply_again() -> None:
    office = Office()
    case = a_refused_case(office)

    assert a_case(office, resident=case.resident).state == "intake"


def test_nothing_is_granted_without_application_and_decision() -> None:
    case = a_case()

    for state in ("in_force", "checking"):
        with pytest.raises(IntegrityError), transaction.atomic():
            AssistanceCase.objects.filter(pk=case.pk).update(state=state)


def test_a_clock_that_runs_is_always_due() -> None:
    case = an_accepted_case(Office())

    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.filter(case=case).update(due_at=None)


def test_only_one_opinion_is_open() -> None:
    office = Office()
    case = a_visited_case(office)
    actions.propose(case, **GRANT, by=as_doer(office.clerk), now=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(
            case=case, kind="grant", household_size=1, written_by=office.clerk, written_at=NOON
        )
