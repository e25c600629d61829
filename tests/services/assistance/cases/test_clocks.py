"""The clocks of a case: when they end, what stops, pauses and lengthens them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.assistance.cases import actions, calendar, clocks
from services.assistance.cases.errors import NotRunning, ReasonNeeded
from services.assistance.models import AssistanceCase, Deadline
from tests.builders import NOON, reloaded
from tests.services.assistance.cases.builders import (
    Office,
    a_checked_case,
    a_granted_case,
    a_noticed_case,
    an_accepted_case,
    as_doer,
)

pytestmark = pytest.mark.django_db

MONDAY = NOON
"""2026-11-23."""


def running(case: AssistanceCase) -> dict[str, date]:
    """The last day of each clock that runs."""
    return dict(case.deadlines.filter(stopped_at=None).values_list("kind", "ends_on"))


def the_clock(case: AssistanceCase, kind: str) -> Deadline:
    """One of them."""
    return case.deadlines.get(kind=kind, stopped_at=None)


def test_acceptance_starts_the_clocks_of_the_law() -> None:
    assert running(an_accepted_case(Office())) == {
        "data_check": date(2026, 11, 26),
        "investigation": date(2026, 11, 26),
        "whole": date(2027, 1, 4),
    }


def test_a_limit_goes_around_the_national_day() -> None:
    before = datetime(2026, 9, 29, 4, 0, tzinfo=UTC)

    case = an_accepted_case(Office(), now=before)

    assert running(case)["data_check"] == date(2026, 10, 9), "30 September, 8 and 9 October"


def test_a_street_that_decides_itself_has_twenty_days() -> None:
    case = an_accepted_case(Office(), is_delegated=True)

    assert running(case)["whole"] == date(2026, 12, 21)


def test_support_in_extreme_poverty_has_clocks_of_its_own() -> None:
    case = an_accepted_case(Office(), benefit="tekun")

    assert running(case) == {"street": date(2026, 12, 14)}


def test_a_step_that_is_done_stops_its_clock() -> None:
    assert "data_check" not in running(a_checked_case(Office()))


def test_the_notice_lasts_seven_calendar_days() -> None:
    assert running(a_noticed_case(Office()))["notice"] == date(2026, 11, 30)


def test_an_objection_gives_the_longer_limit_and_takes_the_notice_down() -> None:
    office = Office()
    case = a_noticed_case(office)

    case = actions.object_to_notice(case, note="有存款", by=as_doer(office.clerk), now=MONDAY)

    assert case.state == "visiting"
    assert running(case)["whole"] == date(2027, 1, 25), "45 working days"
    assert case.notices.get().taken_down_at == MONDAY
    assert "notice" not in running(case)


def test_a_pause_keeps_what_is_left() -> None:
    office = Office()
    by = as_doer(office.clerk)
    clock = the_clock(an_accepted_case(office), "whole")
    tuesday, a_week_later = MONDAY + timedelta(days=1), MONDAY + timedelta(days=8)

    with pytest.raises(ReasonNeeded):
        clocks.pause(clock, reason=" ", by=by, now=tuesday)
    paused = clocks.pause(clock, reason="等待法院判决", by=by, now=tuesday)
    with pytest.raises(NotRunning):
        clocks.pause(paused, reason="again", by=by, now=tuesday)
    assert (paused.days_left, paused.due_at) == (29, None)

    resumed = clocks.resume(paused, by=by, now=a_week_later)

    assert resumed.ends_on == date(2027, 1, 11), "29 working days after 1 December"


def test_a_day_named_a_holiday_moves_the_clocks_that_run_across_it() -> None:
    office = Office()
    case = an_accepted_case(office)

    calendar.name_day(
        date=date(2027, 1, 1), name="元旦", source="通知", by=as_doer(office.county), now=MONDAY
    )

    assert running(case)["whole"] == date(2027, 1, 5)
    assert running(case)["data_check"] == date(2026, 11, 26)


def test_a_review_is_counted_from_the_letter_and_opens_a_month_before() -> None:
    clock = the_clock(a_granted_case(Office()), "review")

    assert clock.ends_on == date(2027, 11, 23)
    assert clock.due_at == datetime(2027, 10, 24, 1, 0, tzinfo=UTC)


def test_an_unsteady_income_is_looked_at_twice_a_year() -> None:
    case = a_granted_case(Office(), is_unstable=True)

    assert the_clock(case, "review").ends_on == date(2027, 5, 23)


def test_a_case_keeps_the_limits_it_was_opened_with() -> None:
    case = an_accepted_case(Office())
    AssistanceCase.objects.filter(pk=case.pk).update(
        procedure={**case.procedure, "clocks": {"whole": {"days": 1, "unit": "working"}}}
    )

    assert the_clock(reloaded(case), "whole").days == 30
