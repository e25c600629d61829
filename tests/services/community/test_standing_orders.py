"""What comes again is made a week ahead, each day once, and pauses while nobody is at home."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from backend.core.errors import Invalid
from backend.core.models import JournalEvent
from backend.people.models import Resident
from notifications.models import Delivery
from services.community import actions, reading
from services.community.doers import Doer
from services.community.errors import NotAtThatTime, OrderedAlready
from services.community.models import Order, StandingOrder
from services.community.models.orders import WEEKDAYS
from services.visits.models import Visit
from tests.builders import a_phone, a_resident, reloaded
from tests.services.community.builders import (
    BEFORE_LUNCH,
    KITCHEN,
    LEAD,
    LUNCH,
    a_provider,
    a_service,
    an_order,
)
from tests.threads import Held, at_once, on_own_connection

pytestmark = pytest.mark.django_db

State = Order.State
DAY = timedelta(days=1)
TODAY = timezone.localdate(BEFORE_LUNCH)


def lunch_every_weekday(resident: Resident | None = None, **fields: Any) -> StandingOrder:
    of = resident or a_resident(phone=a_phone())
    service = fields.pop("service", None) or a_service(area=of.area)
    if not service.service_offers.exists():
        a_provider(service)
    return actions.order_again(
        resident=of,
        service=service,
        by=LEAD,
        **{
            "rule": WEEKDAYS,
            "at": time(11, 30),
            "channel": Order.Channel.RESIDENT,
            "now": BEFORE_LUNCH,
            **fields,
        },
    )


def days(standing: StandingOrder, *states: str) -> list[int]:
    orders = standing.orders.order_by("occurs_on")
    if states:
        orders = orders.filter(state__in=states)
    return [(each.occurs_on - TODAY).days for each in orders]


def test_lunch_on_weekdays_is_there_for_a_week_without_the_weekend() -> None:
    standing = lunch_every_weekday()

    assert days(standing) == [0, 1, 2, 3, 4, 7]
    assert {each.channel for each in standing.orders.all()} == {"plan"}


def test_each_night_one_day_more_is_made_and_none_twice() -> None:
    standing = lunch_every_weekday()

    assert actions.make_due(now=BEFORE_LUNCH) == 0
    assert actions.make_due(now=BEFORE_LUNCH + DAY) == 1
    assert actions.make_due(now=BEFORE_LUNCH + DAY) == 0
    StandingOrder.objects.update(made_until=None, due_at=BEFORE_LUNCH)
    assert actions.make_due(now=BEFORE_LUNCH + DAY) == 0
    assert days(standing) == [0, 1, 2, 3, 4, 7, 8]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_each_day_once() -> None:
    standing = lunch_every_weekday()
    StandingOrder.objects.update(made_until=None, due_at=BEFORE_LUNCH)
    Order.objects.all().delete()

    making = [lambda: actions.make_due(now=BEFORE_LUNCH)] * 2
    made = at_once(*making)

    assert sum(made) == 6
    assert days(standing) == [0, 1, 2, 3, 4, 7]


def test_who_takes_one_day_has_the_days_that_follow_but_for_full_ones() -> None:
    resident = a_resident(phone=a_phone())
    service = a_service(area=resident.area)
    kitchen = a_provider(service, capacity=1)
    neighbour = an_order(
        resident=a_resident(household=resident.household),
        service=service,
        wanted_at=LUNCH + 2 * DAY,
    )
    actions.pass_to_provider(neighbour, provider=kitchen, by=LEAD, now=BEFORE_LUNCH)
    standing = lunch_every_weekday(resident, service=service)
    first = standing.orders.order_by("occurs_on").first()
    assert first is not None

    actions.pass_to_provider(first, provider=kitchen, by=LEAD, now=BEFORE_LUNCH)
    actions.take_order(first, by=KITCHEN, now=BEFORE_LUNCH)
    actions.make_due(now=BEFORE_LUNCH + DAY)

    assert days(standing, State.TAKEN) == [0, 1, 3, 4, 7, 8]
    assert days(standing, State.ORDERED) == [2]
    told = Delivery.objects.filter(person=kitchen.reference, cause__contains=str(first.pk))
    assert told.count() == 1


def test_who_only_brings_what_comes_again_has_a_link_that_holds_for_as_long() -> None:
    standing = lunch_every_weekday()
    first = standing.orders.earliest("occurs_on")
    kitchen = standing.service.service_offers.get().provider
    actions.pass_to_provider(first, provider=kitchen, by=LEAD, now=BEFORE_LUNCH)
    actions.take_order(first, by=Doer(kitchen.reference, kitchen.name), now=BEFORE_LUNCH)

    for night in range(1, 41):
        at = BEFORE_LUNCH + night * DAY
        actions.make_due(now=at)
        assert any(link.holds(at + DAY) for link in kitchen.links.all()), night

    texts = Delivery.objects.filter(person=kitchen.reference, template="order_link_for_provider")
    assert texts.count() == 3
    assert {timezone.localtime(each.due_at).hour for each in texts} == {8}


def test_the_same_at_the_same_hour_comes_again_once() -> None:
    standing = lunch_every_weekday()

    with pytest.raises(OrderedAlready):
        lunch_every_weekday(standing.resident, service=standing.service)


def test_not_everything_can_come_again() -> None:
    resident = a_resident()

    with pytest.raises(Invalid):
        lunch_every_weekday(resident, service=a_service(area=resident.area, repeats=False))


def test_ended_it_comes_no_more_and_the_days_ahead_are_cancelled() -> None:
    standing = lunch_every_weekday()

    actions.end_standing(standing, by=LEAD, now=BEFORE_LUNCH)
    actions.end_standing(standing, by=LEAD, now=BEFORE_LUNCH)

    assert days(standing, State.CANCELLED) == [0, 1, 2, 3, 4, 7]
    assert actions.make_due(now=BEFORE_LUNCH + 9 * DAY) == 0


def becomes(resident: Resident, state: str, *, now: Any) -> None:
    Resident.objects.filter(pk=resident.pk).update(life_state=state)
    event = JournalEvent(subject=f"resident:{resident.pk}", type="resident.life_state", at=now)
    reading.hear_life_state(event, now)


def test_in_hospital_nothing_is_brought_and_back_home_it_goes_on() -> None:
    standing = lunch_every_weekday()

    becomes(standing.resident, "hospital", now=BEFORE_LUNCH)
    actions.make_due(now=BEFORE_LUNCH + DAY)
    assert days(standing, *Order.OPEN) == []

    becomes(standing.resident, "home", now=BEFORE_LUNCH + 2 * DAY)
    assert days(standing, *Order.OPEN) == [2, 3, 4, 7, 8, 9]


def test_a_death_ends_everything() -> None:
    standing = lunch_every_weekday()

    becomes(standing.resident, "died", now=BEFORE_LUNCH)

    assert reloaded(standing).ended_at == BEFORE_LUNCH
    assert days(standing, *Order.OPEN) == []
    assert {each.cancel_reason for each in standing.orders.all()} <= {"asked", "died"}


def test_who_is_in_the_home_already_keeps_only_their_own_order_when_somebody_dies() -> None:
    resident = a_resident(phone=a_phone())
    standing = lunch_every_weekday(resident)
    underway = actions.pass_to_carer(
        an_order(resident=resident, wanted_at=LUNCH + timedelta(minutes=1)),
        by=LEAD,
        now=BEFORE_LUNCH,
    )
    assert underway.visit is not None
    Visit.objects.filter(pk=underway.visit.pk).update(state=Visit.State.IN_PROGRESS)

    becomes(resident, "died", now=BEFORE_LUNCH)

    assert reloaded(underway).state == State.PASSED_ON
    assert reloaded(standing).ended_at == BEFORE_LUNCH
    assert days(standing, *Order.OPEN) == []


def test_a_standing_order_that_cannot_be_made_holds_up_no_other() -> None:
    broken, sound = lunch_every_weekday(), lunch_every_weekday()
    StandingOrder.objects.filter(pk=broken.pk).update(rule="FREQ=NEVER")

    assert actions.make_due(now=BEFORE_LUNCH + DAY) == 1

    assert len(days(sound)) == 7


@pytest.mark.django_db(transaction=True)
def test_what_was_brought_at_the_moment_it_was_ended_stays_brought() -> None:
    standing = lunch_every_weekday()
    first = standing.orders.order_by("wanted_at")[0]
    Order.objects.filter(pk=first.pk).update(state=State.TAKEN)

    with ThreadPoolExecutor(1) as pool:
        with Held(lambda: actions.deliver(first, by=LEAD, now=BEFORE_LUNCH)):
            ending = pool.submit(
                on_own_connection,
                lambda: actions.end_standing(standing, by=LEAD, now=BEFORE_LUNCH),
            )
            with pytest.raises(TimeoutError):
                ending.result(timeout=0.5)
        ending.result(timeout=10)

    assert reloaded(first).state == State.DONE


@pytest.mark.parametrize("starts_on", [date(1, 1, 1), date(9999, 12, 31)])
def test_nothing_that_comes_again_begins_centuries_away(starts_on: date) -> None:
    with pytest.raises(Invalid):
        lunch_every_weekday(starts_on=starts_on)


def test_nothing_is_ordered_for_the_end_of_time() -> None:
    with pytest.raises(NotAtThatTime):
        an_order(wanted_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC), channel=Order.Channel.PHONE)
