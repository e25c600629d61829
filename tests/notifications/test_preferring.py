"""How somebody wants to be reached, and messages about the dead."""

from datetime import UTC, datetime, time

import pytest

from backend.core import journal, readers
from backend.core.errors import Invalid
from backend.people.actions import set_life_state
from backend.people.models import Resident
from notifications.actions import Recipient, owe_as_preferred, set_preference
from notifications.models import Channel, Delivery
from tests.builders import NOON, a_delivery, a_phone, a_resident, reloaded

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
"""23:30 in Shanghai."""


def owed(now: datetime, **fields: object) -> Delivery:
    delivery = owe_as_preferred(
        cause=f"test:{now.isoformat()}",
        step_run="1",
        to=Recipient("contact:1", "王丽", a_phone(), "zh-hans"),
        template="reply_thanks",
        context={},
        now=now,
        **fields,  # type: ignore[arg-type]
    )
    assert delivery is not None
    return delivery


def test_the_first_of_ones_ways_is_taken() -> None:
    set_preference("contact:1", channels=["sms", "voice"])

    assert owed(NOON).channel == Channel.SMS


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (LATE, datetime(2026, 11, 23, 23, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 20, 0, tzinfo=UTC), datetime(2026, 11, 23, 23, 0, tzinfo=UTC)),
        (NOON, NOON),
    ],
)
def test_a_routine_message_waits_for_the_end_of_quiet_hours(now: datetime, due: datetime) -> None:
    set_preference("contact:1", channels=["sms"], quiet_from=time(22), quiet_until=time(7))

    assert owed(now).due_at == due


def test_what_is_urgent_does_not_wait() -> None:
    set_preference("contact:1", channels=["sms"], quiet_from=time(22), quiet_until=time(7))

    assert owed(LATE, priority=Delivery.Priority.URGENT).due_at == LATE


@pytest.mark.parametrize("channels", [[], ["pigeon"]])
def test_a_choice_that_nobody_can_follow_is_refused(channels: list[str]) -> None:
    with pytest.raises(Invalid):
        set_preference("contact:1", channels=channels)


def test_a_death_silences_what_is_still_owed_about_that_person_and_nothing_else() -> None:
    resident, other = a_resident(), a_resident()
    routine = Delivery.Priority.ROUTINE
    about_her = a_delivery(resident_id=resident.pk, priority=routine, asks=False)
    about_him = a_delivery(resident_id=other.pk, priority=routine, asks=False)

    set_life_state(
        resident,
        state=Resident.LifeState.DIED,
        since=NOON.date(),
        by="user:1",
        now=NOON,
    )
    journal.number_committed()
    readers.read_on(now=NOON)

    assert reloaded(about_her).state == Delivery.State.STOPPED
    assert reloaded(about_him).state == Delivery.State.OWED
