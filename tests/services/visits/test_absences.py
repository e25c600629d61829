"""Whoever cannot go gives their visits back; who is not at home is not visited."""

from datetime import timedelta

import pytest

from backend.core import journal, readers
from backend.people.actions import set_life_state
from backend.people.models import Resident
from services.alerts.models import Alert
from services.visits import actions
from services.visits.actions import alerting
from services.visits.models import Visit
from tests.builders import NOON, a_caregiver, reloaded
from tests.services.visits.builders import (
    BY,
    BY_HAND,
    TODAY,
    a_care_plan,
    a_visit,
    an_act,
    an_assigned_visit,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
State = Resident.LifeState


def live(resident: Resident, state: Resident.LifeState) -> None:
    """Say where a resident is, and let it be heard."""
    set_life_state(resident, state=state, since=TODAY, by=BY, now=NOON)
    while journal.number_committed():
        pass
    readers.read_on(now=NOON)


def states_of(resident: Resident) -> set[tuple[str, str]]:
    return set(Visit.objects.filter(resident=resident).values_list("state", "cancel_reason"))


def test_an_absence_gives_back_the_visits_of_its_time_only() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON + HOUR)
    later = a_visit(carers=(carer,), starts_at=NOON + 30 * HOUR)

    actions.record_absence(
        caregiver=carer,
        starts_at=NOON,
        ends_at=NOON + 8 * HOUR,
        reason="sick",
        by=BY,
        now=NOON,
    )

    assert (reloaded(visit).state, reloaded(visit).unserved) == ("planned", "absent")
    assert reloaded(later).state == "assigned"


def test_in_hospital_visits_pause_and_at_home_they_go_on() -> None:
    plan = a_care_plan()
    resident = plan.resident

    live(resident, State.HOSPITAL)
    assert states_of(resident) == {("cancelled", "hospital")}
    live(resident, State.HOME)

    assert states_of(resident) == {("planned", "")}


@pytest.mark.parametrize("state", [State.MOVED, State.DIED])
def test_who_is_gone_is_visited_no_more(state: Resident.LifeState) -> None:
    plan = a_care_plan()

    live(plan.resident, state)

    assert states_of(plan.resident) == {("cancelled", state.value)}
    assert reloaded(plan).ended_at == NOON
    assert actions.make_due(now=NOON + 24 * HOUR) == 0


def kinds() -> set[str]:
    return set(Alert.objects.filter(state="raised").values_list("kind", flat=True))


def test_a_visit_with_nobody_is_an_alert_two_hours_before() -> None:
    visit = a_visit(starts_at=NOON + 3 * HOUR)

    alerting.run_due(now=NOON + 0.9 * HOUR)
    assert kinds() == set()
    alerting.run_due(now=NOON + HOUR)
    assert kinds() == {"visit_unstaffed"}

    actions.assign_visit(visit, caregivers=[a_caregiver()], by=BY, now=NOON + HOUR)
    assert kinds() == set()


def test_late_after_a_quarter_of_an_hour_and_missed_after_an_hour() -> None:
    visit, carer = an_assigned_visit()
    promised_until = visit.window_ends_at

    alerting.run_due(now=promised_until + timedelta(minutes=14))
    assert kinds() == set()
    alerting.run_due(now=promised_until + timedelta(minutes=15))
    alerting.run_due(now=promised_until + timedelta(minutes=16))
    assert kinds() == {"visit_late"}
    alerting.run_due(now=promised_until + timedelta(minutes=60))
    assert kinds() == {"visit_late", "visit_missed"}
    assert reloaded(visit).state == Visit.State.MISSED

    now = promised_until + timedelta(minutes=70)
    actions.check_in(visit, act=an_act(carer, at=now), proof=BY_HAND, now=now)
    assert kinds() == set()
    assert reloaded(visit).state == Visit.State.IN_PROGRESS


def test_who_came_in_time_is_never_late() -> None:
    visit, carer = an_assigned_visit()
    actions.check_in(visit, act=an_act(carer), proof=BY_HAND, now=NOON)

    alerting.run_due(now=NOON + 5 * HOUR)

    assert kinds() == set()
