"""An alert that stays open climbs, again and again, until somebody has dealt with it."""

from datetime import datetime, timedelta

import pytest

from backend.accounts.models import Role, User
from backend.core import journal
from notifications.models import Delivery
from services.alerts.actions import acknowledge_alert, raise_alert, resolve_alert
from services.alerts.climbing import climb_due
from services.alerts.models import Alert
from services.emergencies.actions import resolve_call
from tests.builders import (
    NOON,
    a_phone,
    a_resident,
    a_ringing_call,
    a_user,
    an_area,
    phone_index,
    reloaded,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def lead() -> User:
    """A team lead with a telephone."""
    phone = a_phone()
    return a_user(role=Role.LEAD, phone=phone, phone_index=phone_index(phone))


def an_alert(lead: User, *, kind: str = "inactivity") -> Alert:
    """A red alert in the lead's area."""
    assert lead.area is not None
    return raise_alert(kind=kind, area=lead.area, resident=a_resident(area=lead.area), now=NOON)


def climbs_until(until: datetime) -> None:
    """Let the clock go on to a moment, an hour at a time."""
    moment = NOON
    while moment <= until:
        climb_due(now=moment)
        moment += HOUR


def told(alert: Alert) -> list[str]:
    return list(
        Delivery.objects.filter(cause=alert.reference)
        .order_by("created_at")
        .values_list("person", flat=True)
    )


def test_nobody_is_told_before_its_time(lead: User) -> None:
    alert = an_alert(lead)

    climb_due(now=NOON + 5 * HOUR)

    assert told(alert) == []


def test_an_alert_nobody_has_seen_comes_to_the_lead(lead: User) -> None:
    alert = an_alert(lead)

    climb_due(now=NOON + 6 * HOUR)

    assert told(alert) == [lead.reference]
    assert reloaded(alert).climbed_to == lead.reference
    assert [e.audience for e in journal.about(alert.reference) if e.type == "alert.climbed"] == [
        [lead.reference]
    ]


def test_one_that_was_seen_has_until_half_its_time(lead: User) -> None:
    alert = an_alert(lead)
    acknowledge_alert(alert, by="user:1", now=NOON)

    climb_due(now=NOON + 6 * HOUR)
    assert told(alert) == []

    climb_due(now=NOON + 12 * HOUR)
    assert told(alert) == [lead.reference]


def test_beyond_its_time_it_climbs_to_the_officer_every_day(lead: User) -> None:
    phone = a_phone()
    officer = a_user(role=Role.OFFICER, area=lead.area, phone=phone, phone_index=phone_index(phone))
    alert = an_alert(lead)

    climbs_until(NOON + 73 * HOUR)

    assert told(alert) == [lead.reference] * 2 + [officer.reference] * 3


def test_what_is_dealt_with_climbs_no_more(lead: User) -> None:
    alert = an_alert(lead)
    resolve_alert(alert, by="user:1", now=NOON)

    climbs_until(NOON + 48 * HOUR)

    assert told(alert) == []


def test_without_anybody_above_it_is_still_counted_and_climbs_on(lead: User) -> None:
    nobody = a_resident(area=an_area())
    alert = raise_alert(kind="inactivity", area=nobody.area, resident=nobody, now=NOON)

    climbs_until(NOON + 30 * HOUR)

    assert reloaded(alert).climbs == 3
    assert reloaded(alert).due_at is not None


@pytest.mark.parametrize(("outcome", "state"), [("helped", "resolved"), ("false_alarm", "false")])
def test_the_end_of_a_call_closes_the_alert_it_was_about(outcome: str, state: str) -> None:
    call = a_ringing_call()
    assert call.resident is not None
    alert = raise_alert(
        kind="sos", area=call.resident.area, resident=call.resident, call_id=call.pk, now=NOON
    )

    resolve_call(call, by="user:1", outcome=outcome, now=NOON)

    assert reloaded(alert).state == state
