"""Two at the same moment: a provider is not asked beyond what it can, an order goes one way."""

import pytest

from services.community import actions
from services.community.actions.passing_on import State
from services.community.errors import NoCapacity, NotNow
from services.community.models import Order
from services.community.offering import on_day
from tests.builders import a_resident, reloaded
from tests.services.community.builders import BEFORE_LUNCH, LEAD, a_provider, a_service, an_order
from tests.threads import Held, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def two_orders(capacity: int) -> tuple[Order, Order]:
    resident = a_resident()
    service = a_service(area=resident.area)
    a_provider(service, capacity=capacity)
    neighbour = a_resident(household=resident.household)
    return an_order(resident=resident, service=service), an_order(
        resident=neighbour, service=service
    )


def pass_on(order: Order) -> bool:
    kitchen = order.service.service_offers.get().provider
    try:
        actions.pass_to_provider(order, provider=kitchen, by=LEAD, now=BEFORE_LUNCH)
    except (NoCapacity, NotNow):
        return False
    return True


def test_counting_alone_would_let_both_in() -> None:
    """What the lock is for: who counts beside an open transaction does not see its order."""
    first, second = two_orders(capacity=1)

    with Held(lambda: pass_on(first)):
        assert on_day(second).filter(provider__isnull=False).count() == 0


def test_of_two_dispatchers_one_has_the_last_place() -> None:
    first, second = two_orders(capacity=1)

    passed = at_once(lambda: pass_on(first), lambda: pass_on(second))

    assert sorted(passed) == [False, True]
    assert Order.objects.filter(state=State.PASSED_ON).count() == 1


def test_a_cancel_and_a_passing_on_at_once_leave_it_cancelled_or_refused() -> None:
    order, _other = two_orders(capacity=9)

    def cancel() -> bool:
        actions.cancel_order(order, reason="asked", is_staff=True, by=LEAD, now=BEFORE_LUNCH)
        return True

    at_once(cancel, lambda: pass_on(order))

    assert reloaded(order).state == State.CANCELLED


def test_the_kitchen_takes_it_once_however_often_it_presses() -> None:
    order, _other = two_orders(capacity=9)
    pass_on(order)

    at_once(*[lambda: bool(actions.take_order(order, by=LEAD, now=BEFORE_LUNCH))] * 3)

    assert order.events.filter(event="taken").count() == 1
