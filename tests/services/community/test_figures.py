"""What share of orders and of answers came in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from services.alerts.figures import figures_of
from services.community import actions
from tests.builders import NOON, a_resident
from tests.services.community.builders import (
    LEAD,
    LUNCH,
    a_complaint,
    a_done_order,
    an_order,
)

pytestmark = pytest.mark.django_db


def test_orders_and_answers_in_time_are_shares_of_the_day() -> None:
    resident = a_resident()
    done = a_done_order(resident=resident)
    an_order(resident=resident, service=done.service, wanted_at=LUNCH - timedelta(minutes=30))
    complaints = [a_complaint(resident=resident) for _ in range(2)]
    actions.answer(complaints[0], text="好。", by=LEAD, now=NOON)
    last = complaints[0].ends_at
    assert last is not None

    today, then = (
        {each.figure.name: each.value for each in figures_of(resident.area.path, day)}
        for day in (timezone.localdate(NOON), timezone.localdate(last - timedelta(minutes=1)))
    )

    assert (today["orders"], today["orders_in_time"]) == (2, 50)
    assert then["complaints_in_time"] == 50
