"""The applicant is told of each change, and nothing in it says what for or how much."""

import json

import pytest

from notifications.models import Delivery
from services.assistance.cases import actions
from services.assistance.cases.errors import NotNow
from tests.builders import NOON, a_phone
from tests.services.assistance.cases.builders import (
    Office,
    a_granted_case,
    an_accepted_case,
    as_doer,
)

pytestmark = pytest.mark.django_db


def told(cause: str) -> list[str]:
    """What was owed about a case, in order."""
    rows = Delivery.objects.filter(cause=cause).order_by("created_at", "step_run")
    return [row.template for row in rows]


def test_each_change_is_told_the_way_the_resident_chose() -> None:
    office = Office()
    case = a_granted_case(office, resident=office.resident(phone=a_phone()))

    assert sorted(told(case.reference)) == sorted(
        [
            "case_opened",
            "case_accepted",
            "case_checked",
            "case_notice",
            "case_confirming",
            "case_letter",
        ]
    )
    contexts = json.dumps(list(Delivery.objects.values_list("context", flat=True)))
    assert "dibao" not in contexts
    assert "600" not in contexts


def test_a_negative_data_check_is_told_at_once() -> None:
    office = Office()
    case = an_accepted_case(office, resident=office.resident(phone=a_phone()))

    actions.record_data_check(case, conforms=False, by=as_doer(office.county), now=NOON)

    assert "case_data_negative" in told(case.reference)


def test_what_is_missing_is_told_once() -> None:
    office = Office()
    case = actions.open_case(
        resident=office.resident(phone=a_phone()),
        benefit="dibao",
        by=as_doer(office.clerk),
        now=NOON,
    )
    actions.list_missing(case, by=as_doer(office.clerk), now=NOON)
    with pytest.raises(NotNow):
        actions.list_missing(case, by=as_doer(office.clerk), now=NOON)

    assert told(case.reference).count("case_missing") == 1
