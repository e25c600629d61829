"""Away, in hospital, died: what follows of it, and how a mistake is taken back."""

import pytest
from django.test import Client

from backend.accounts.models import Role
from backend.core import clock, journal, readers
from backend.people.models import Caregiver, Resident
from notifications.models import Delivery
from services.alerts.actions import raise_alert
from services.alerts.models import Alert
from tests.builders import NOON, Answer, a_caregiver, a_resident, a_user, reloaded, signed_in

pytestmark = pytest.mark.django_db

TODAY = str(NOON.date())


@pytest.fixture
def resident() -> Resident:
    """Somebody at home."""
    return a_resident()


@pytest.fixture
def desk(resident: Resident) -> Client:
    """An operator's browser."""
    return signed_in(a_user(role=Role.OPERATOR, area=resident.area))


def say(desk: Client, resident: Resident, state: str, since: str = TODAY) -> Answer:
    with clock.set_to(NOON):
        answer = desk.post(
            f"/desk/residents/{resident.pk}/life-state/", {"state": state, "since": since}
        )
    journal.number_committed()
    readers.read_on(now=NOON)
    return answer


def test_after_a_death_open_alerts_close_and_the_grid_worker_is_told_once(
    desk: Client, resident: Resident
) -> None:
    worker = a_caregiver(area=resident.area, kind=Caregiver.Kind.GRID_WORKER)
    alert = raise_alert(kind="water", area=resident.area, resident=resident, now=NOON)

    say(desk, resident, "died")
    say(desk, resident, "died")

    assert reloaded(alert).state not in Alert.OPEN
    told = Delivery.objects.filter(template="death_for_staff")
    assert [each.person for each in told] == [f"caregiver:{worker.pk}"]


def test_a_mistake_is_taken_back(desk: Client, resident: Resident) -> None:
    say(desk, resident, "home")
    say(desk, resident, "hospital")
    assert reloaded(resident).life_state == Resident.LifeState.HOSPITAL

    with clock.set_to(NOON):
        desk.post(f"/desk/residents/{resident.pk}/life-state/undo/")

    assert reloaded(resident).life_state == Resident.LifeState.HOME


def test_a_day_to_come_is_refused(desk: Client, resident: Resident) -> None:
    say(desk, resident, "away", since="2999-01-01")

    assert reloaded(resident).life_state == Resident.LifeState.HOME
