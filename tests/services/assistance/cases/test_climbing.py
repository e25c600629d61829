"""Reminders come before the last day; what is overdue climbs, round after round, until zero."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.models import Delivery
from services.alerts.models import Alert
from services.assistance.cases import actions, climbing
from services.assistance.models import AssistanceCase, DeadlineStep
from tests.builders import NOON, a_phone, reloaded
from tests.services.assistance.cases.builders import (
    Office,
    a_granted_case,
    a_noticed_case,
    an_accepted_case,
    as_doer,
    complete,
)

pytestmark = pytest.mark.django_db

THURSDAY = datetime(2026, 11, 26, tzinfo=UTC)
OVER = THURSDAY + timedelta(hours=16)
"""The midnight after Thursday, in Shanghai."""


def morning(day: int) -> datetime:
    """Nine o'clock in Shanghai on a day of November."""
    return datetime(2026, 11, day, 1, 0, tzinfo=UTC)


def steps(case: AssistanceCase, kind: str = "investigation") -> list[tuple[str, str, bool]]:
    """Whom a clock reminded or climbed to."""
    rows = DeadlineStep.objects.filter(deadline__case=case, deadline__kind=kind)
    return [(row.level, row.person_name, row.is_overdue) for row in rows]


def run_until(end: datetime, *, start: datetime = NOON) -> None:
    """Let time pass in steps of half an hour."""
    now = start
    while now <= end:
        while climbing.run_due(now=now):
            pass
        now += timedelta(minutes=30)


def test_the_owner_is_reminded_one_working_day_before_where_three_are_past() -> None:
    office = Office()
    case = an_accepted_case(office)

    run_until(morning(25))

    assert steps(case) == [("owner", "李娜", False)]


def test_a_longer_limit_reminds_twice() -> None:
    office = Office()
    case = an_accepted_case(office, benefit="tekun")
    last_three = datetime(2026, 12, 9, 1, 0, tzinfo=UTC)

    climbing.run_due(now=last_three)
    assert len(steps(case, "street")) == 1
    climbing.run_due(now=datetime(2026, 12, 11, 1, 0, tzinfo=UTC))
    assert len(steps(case, "street")) == 2


def test_what_is_overdue_climbs_to_owner_head_and_county_again_and_again() -> None:
    office = Office()
    case = an_accepted_case(office)

    run_until(OVER + timedelta(days=9))

    late = [(level, name) for level, name, is_late in steps(case) if is_late]
    one_round = [
        ("owner", "李娜"),
        ("supervisor", "张强"),
        *sorted(("county", name) for name in ("沈慧", "何平")),
    ]
    assert sorted(late[:4]) == sorted(one_round)
    assert late[0] == ("owner", "李娜")
    assert late[4] == ("owner", "李娜"), "round after round"
    days = DeadlineStep.objects.filter(deadline__kind="investigation", is_overdue=True)
    climbed_on = sorted({row.at.date().isoformat() for row in days})
    assert climbed_on[0] == "2026-11-26"
    assert "2026-11-28" not in climbed_on, "nobody is told on a Saturday"


def test_each_climb_is_a_delivery_and_one_warning_stays_open() -> None:
    office = Office()
    office.clerk.phone = a_phone()
    office.clerk.save()
    case = an_accepted_case(office)

    run_until(OVER)

    owed = Delivery.objects.filter(cause=case.reference, template="case_clock_overdue")
    assert {each.person for each in owed} >= {office.clerk.reference}
    alert = Alert.objects.get(kind="case_overdue")
    assert (alert.resident, alert.state) == (case.resident, "raised")


def test_the_warning_ends_with_the_last_overdue_clock() -> None:
    office = Office()
    case = an_accepted_case(office)
    run_until(OVER)

    actions.record_data_check(case, conforms=True, by=as_doer(office.county), now=OVER)

    alert = Alert.objects.get(kind="case_overdue")
    assert alert.state == "resolved"
    later = OVER + timedelta(days=3)
    before = DeadlineStep.objects.count()
    run_until(later, start=OVER)
    assert DeadlineStep.objects.count() == before


def test_a_notice_that_is_over_takes_itself_down_and_the_county_has_the_case() -> None:
    case = a_noticed_case(Office())

    climbing.run_due(now=datetime(2026, 11, 30, 15, 59, tzinfo=UTC))
    assert reloaded(case).state == "notice"
    climbing.run_due(now=datetime(2026, 11, 30, 16, 0, tzinfo=UTC))

    assert reloaded(case).state == "confirming"
    assert case.notices.get().taken_down_at is not None


def test_a_review_opens_by_itself() -> None:
    case = a_granted_case(Office())

    climbing.run_due(now=datetime(2027, 10, 24, 1, 0, tzinfo=UTC))

    assert reloaded(case).state == "review"


def test_a_clock_nobody_answers_for_still_climbs_and_says_so() -> None:
    office = Office()
    case = complete(an_accepted_case(office), office)
    for user in (office.clerk, office.head, office.county, office.director):
        user.is_active = False
        user.save()

    run_until(OVER)

    assert ("owner", "", True) in steps(case)
