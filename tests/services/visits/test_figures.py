"""What share of visits was missed, and what share is proved."""

from datetime import timedelta

import pytest

from services.alerts.figures import figures_of
from services.visits import actions, codes
from services.visits.actions import Proof, alerting
from tests.builders import NOON, a_resident
from tests.services.visits.builders import BY_HAND, TODAY, an_act, an_assigned_visit

pytestmark = pytest.mark.django_db


def test_missed_and_proved_visits_are_shares_of_the_day() -> None:
    resident = a_resident()
    visits = [an_assigned_visit(to=resident) for _ in range(4)]
    (proved, one), (by_hand, two), *_missed = visits
    code = Proof(method="code", code=codes.code_of(proved, at=NOON))
    actions.check_in(proved, act=an_act(one), proof=code, now=NOON)
    actions.check_in(by_hand, act=an_act(two), proof=BY_HAND, now=NOON)
    alerting.run_due(now=NOON + timedelta(hours=2))

    counted = {each.figure.name: each.value for each in figures_of(resident.area.path, TODAY)}

    assert (counted["visits"], counted["visits_missed"], counted["visits_verified"]) == (4, 50, 50)
