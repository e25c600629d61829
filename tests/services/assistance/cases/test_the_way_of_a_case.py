"""A case from the counter to the letter, each step in its order and by another person."""

from datetime import date

import pytest

from services.assistance.cases import actions
from services.assistance.cases.errors import NotNow, NotYourStep, OwnEntry
from services.assistance.models import Letter, Opinion
from tests.builders import NOON
from tests.services.assistance.cases.builders import (
    GRANT,
    Office,
    a_case,
    a_case_before_the_county,
    a_decided_case,
    a_granted_case,
    a_refused_case,
    a_visited_case,
    an_accepted_case,
    as_doer,
)

pytestmark = pytest.mark.django_db


def test_a_subsistence_allowance_goes_from_the_counter_to_the_letter() -> None:
    case = a_granted_case(Office())

    assert case.state == "in_force"
    assert case.amount_fen == 60_000
    assert case.entitled_from == date(2026, 12, 1), "from the month after the decision"
    assert [line.event for line in case.events.all()] == [
        "open",
        "accept",
        "record_data",
        "visit_planned",
        "finish_visit",
        "propose",
        "notice_ends",
        "confirm",
        "issue_grant",
    ]
    assert Letter.objects.get(case=case).number.endswith("号")


def test_a_refusal_names_its_articles() -> None:
    case = a_refused_case(Office())

    assert case.state == "refused"
    articles = Opinion.objects.get(case=case).articles
    assert articles == ["社会救助暂行办法第九条", "最低生活保障审核确认办法第十三条"]


def test_no_step_can_be_left_out() -> None:
    office = Office()
    case = an_accepted_case(office)
    by = as_doer(office.county)

    with pytest.raises(NotNow):
        actions.propose(case, **GRANT, by=by, now=NOON)
    with pytest.raises(NotNow):
        actions.confirm(case, by=by, now=NOON)
    with pytest.raises(NotNow):
        actions.issue_letter(case, by=by, now=NOON)


def test_the_street_cannot_confirm() -> None:
    office = Office()
    case = a_case_before_the_county(office)

    with pytest.raises(NotYourStep):
        actions.confirm(case, by=as_doer(office.head), now=NOON)


def test_where_it_was_handed_down_another_of_the_street_confirms() -> None:
    office = Office()
    case = a_case_before_the_county(office, is_delegated=True)

    with pytest.raises(OwnEntry):
        actions.confirm(case, by=as_doer(office.clerk), now=NOON)

    assert actions.confirm(case, by=as_doer(office.head), now=NOON).state == "letter"


def test_nobody_confirms_what_they_entered_themselves() -> None:
    office = Office()
    case = a_case_before_the_county(office, by=as_doer(office.county))

    with pytest.raises(OwnEntry):
        actions.confirm(case, by=as_doer(office.county), now=NOON)

    assert actions.confirm(case, by=as_doer(office.director), now=NOON).state == "letter"


def test_what_is_returned_goes_back_to_the_opinion() -> None:
    office = Office()
    case = a_case_before_the_county(office)

    case = actions.return_case(case, note="收入算错", by=as_doer(office.county), now=NOON)

    assert case.state == "opinion"
    assert case.opinions.get().outcome == "returned"


def test_a_case_that_is_visited_waits_for_its_opinion() -> None:
    assert a_visited_case(Office()).state == "opinion"
    assert a_case().state == "intake"
    assert a_decided_case(Office()).state == "letter"
