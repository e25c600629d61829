"""Lunch from the green button to its stars: ordered, passed on, taken, on the way, done, rated."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from backend.accounts.models import Role
from backend.audit.models import AuditRow
from backend.core import clock
from backend.core.errors import Invalid
from backend.people.models import Resident
from notifications.models import Delivery
from notifications.templates import render_text
from services.alerts.models import Alert
from services.community import actions, watching
from services.community.doers import Doer
from services.community.errors import (
    DoesNotServe,
    NoCapacity,
    NotAtThatTime,
    NotLivingHere,
    NotNow,
    NotOffered,
    TooLateToCancel,
)
from services.community.models import Complaint, Order
from services.community.way import way_of
from services.emergencies.models import EmergencyCall
from tests.builders import (
    NOON,
    a_phone,
    a_resident,
    a_resident_account,
    a_ringing_call,
    a_user,
    an_area,
    reloaded,
    signed_in,
)
from tests.services.community.builders import (
    BEFORE_LUNCH,
    KITCHEN,
    LEAD,
    LUNCH,
    a_done_order,
    a_passed_order,
    a_provider,
    a_service,
    an_order,
)

pytestmark = pytest.mark.django_db

State = Order.State


def texts_to(person: str) -> list[str]:
    return list(
        Delivery.objects.filter(person=person)
        .order_by("created_at", "pk")
        .values_list("template", flat=True)
    )


def test_lunch_in_three_steps_is_brought_by_the_kitchen_and_rated() -> None:
    resident = a_resident(phone=a_phone())
    account, operator = a_resident_account(resident), a_user(role=Role.OPERATOR, area=resident.area)
    with clock.set_to(BEFORE_LUNCH):
        elder, desk = signed_in(account), signed_in(operator)
    service = a_service(area=resident.area)
    kitchen = a_provider(service)

    with clock.set_to(BEFORE_LUNCH):
        assert f"/services/{service.pk}/" in elder.get("/services/").content.decode()
        when = elder.get(f"/services/{service.pk}/").content.decode()
        chosen = re.findall(r'name="when" value="(at [^"]+)"', when)[1]
        done = elder.post(f"/services/{service.pk}/", {"when": chosen}, follow=True)
    order = Order.objects.get()
    assert "11:30" in done.content.decode()
    assert (order.state, order.wanted_at, order.channel) == (State.ORDERED, LUNCH, "resident")

    with clock.set_to(BEFORE_LUNCH):
        desk.post(f"/desk/orders/{order.pk}/pass-on/", {"to": str(kitchen.pk)})
    text = Delivery.objects.get(person=kitchen.reference)
    link = re.search(r"/p/[^/]+/", render_text(text))
    assert link is not None
    browser = signed_in(a_resident_account())  # any browser: the link is enough
    with clock.set_to(BEFORE_LUNCH):
        assert resident.household.address.text in browser.get(link[0]).content.decode()
        for act in ("take", "set-out", "deliver"):
            assert browser.post(f"{link[0]}{order.pk}/{act}/").status_code == 302
    order = reloaded(order)
    assert order.state == State.DONE
    assert [(each.event, each.by_name) for each in order.events.all()] == [
        ("ordered", str(account)),
        ("passed_on", str(operator)),
        ("taken", kitchen.name),
        ("on_the_way", kitchen.name),
        ("done", kitchen.name),
    ]
    assert texts_to(f"resident:{resident.pk}") == ["order_on_the_way"]

    with clock.set_to(NOON):
        elder.post(f"/orders/{order.pk}/rate/", {"rating": "5", "words": "很好"})
    assert reloaded(order).rating == 5
    assert not Complaint.objects.exists()


def test_the_same_press_twice_is_one_order() -> None:
    order = an_order()

    again = an_order(resident=order.resident, service=order.service)

    assert again.pk == order.pk
    assert order.events.count() == 1


def test_what_is_not_offered_where_somebody_lives_cannot_be_ordered() -> None:
    elsewhere = a_service(area=an_area())
    a_provider(elsewhere)

    with pytest.raises(NotOffered):
        an_order(service=elsewhere)


def test_nothing_is_ordered_for_somebody_who_moved() -> None:
    with pytest.raises(NotLivingHere):
        an_order(resident=a_resident(life_state="moved"))


@pytest.mark.parametrize(
    "wanted_at",
    [
        BEFORE_LUNCH + timedelta(minutes=60),
        LUNCH + timedelta(hours=8),
    ],
    ids=["too soon", "the kitchen is closed"],
)
def test_it_cannot_be_had_too_soon_or_while_nobody_brings_it(wanted_at: datetime) -> None:
    with pytest.raises(NotAtThatTime):
        an_order(wanted_at=wanted_at)


def test_only_hours_at_which_somebody_brings_it_can_be_chosen() -> None:
    resident = a_resident()
    service = a_service(area=resident.area)
    a_provider(service, days=range(1, 2))  # Tuesdays only; today is Monday
    elder = signed_in(a_resident_account(resident))

    with clock.set_to(BEFORE_LUNCH):
        page = elder.get(f"/services/{service.pk}/").content.decode()

    assert re.findall(r'value="at (\S+)T', page) == ["2026-11-24", "2026-11-24"]


def test_a_kitchen_brings_no_more_than_it_can() -> None:
    resident = a_resident()
    service = a_service(area=resident.area)
    kitchen = a_provider(service, capacity=1)
    first, second = (an_order(resident=r, service=service) for r in (resident, _beside(resident)))
    actions.pass_to_provider(first, provider=kitchen, by=LEAD, now=BEFORE_LUNCH)

    with pytest.raises(NoCapacity):
        actions.pass_to_provider(second, provider=kitchen, by=LEAD, now=BEFORE_LUNCH)

    assert reloaded(second).state == State.ORDERED
    actions.cancel_order(first, reason="asked", is_staff=True, by=LEAD, now=BEFORE_LUNCH)
    actions.pass_to_provider(second, provider=kitchen, by=LEAD, now=BEFORE_LUNCH)


def _beside(resident: Resident) -> Resident:
    return a_resident(household=resident.household)


def test_a_provider_that_does_not_bring_it_there_is_not_asked() -> None:
    order = an_order()
    other = a_provider(a_service(area=order.area))

    with pytest.raises(DoesNotServe):
        actions.pass_to_provider(order, provider=other, by=LEAD, now=BEFORE_LUNCH)


def test_a_kitchen_that_cannot_gives_it_back_to_the_dispatcher() -> None:
    order = a_passed_order()

    actions.give_back(order, reason="人手不够", by=KITCHEN, now=BEFORE_LUNCH)

    order = reloaded(order)
    assert (order.state, order.provider) == (State.ORDERED, None)
    assert [station.at is not None for station in way_of(order).stations] == [True] + [False] * 3


def test_it_may_be_cancelled_until_an_hour_before_and_the_kitchen_hears_of_it() -> None:
    order = a_passed_order()
    kitchen = order.provider
    assert kitchen is not None
    late = LUNCH - timedelta(minutes=59)

    with pytest.raises(TooLateToCancel):
        actions.cancel_order(order, reason="asked", by=LEAD, now=late)
    actions.cancel_order(order, reason="asked", by=LEAD, now=late - timedelta(minutes=1))

    assert reloaded(order).state == State.CANCELLED
    assert texts_to(kitchen.reference) == ["order_for_provider", "order_given_up"]


def test_nothing_follows_what_is_over() -> None:
    order = a_done_order()

    with pytest.raises(NotNow):
        actions.cancel_order(order, reason="asked", is_staff=True, by=LEAD, now=NOON)
    with pytest.raises(NotNow):
        actions.give_back(order, by=KITCHEN, now=NOON)
    assert actions.deliver(order, by=KITCHEN, now=NOON).done_at == LUNCH


def test_somebody_of_ours_goes_and_the_order_follows_the_visit() -> None:
    order = actions.pass_to_carer(an_order(note="软一点"), by=LEAD, now=BEFORE_LUNCH)

    assert order.visit is not None
    assert order.visit.notes.get().text == "软一点"
    assert (order.visit.cause, order.visit.service) == (order.reference, "meals")
    assert order.visit.window_starts_at == LUNCH


def test_what_an_operator_rings_back_about_is_a_call_on_the_board_at_once() -> None:
    resident = a_resident(phone=a_phone())
    service = a_service(area=resident.area, fulfilment="callback", hours=[], category="housing")

    order = an_order(resident=resident, service=service)

    call = EmergencyCall.objects.get(resident=resident)
    assert (call.kind, order.call, order.state) == ("service", call, State.PASSED_ON)


def test_asked_twice_about_the_same_an_operator_rings_back_once() -> None:
    resident = a_resident(phone=a_phone())
    service = a_service(area=resident.area, fulfilment="callback", hours=[], category="housing")
    first = an_order(resident=resident, service=service)

    again = an_order(resident=resident, service=service, now=BEFORE_LUNCH + timedelta(minutes=5))

    assert again.pk == first.pk


def test_a_service_is_no_further_press_on_a_call_for_help() -> None:
    resident = a_resident(phone=a_phone())
    call = a_ringing_call(resident=resident)
    service = a_service(area=resident.area, fulfilment="callback", hours=[], category="housing")

    order = an_order(resident=resident, service=service)

    assert reloaded(call).presses == 1
    assert (order.state, order.call) == (State.ORDERED, None)


def test_what_nobody_passes_on_in_time_is_an_alert_that_ends_with_it() -> None:
    order = an_order()
    due_at = order.due_at
    assert due_at is not None

    assert watching.run_due(now=due_at - timedelta(seconds=1)) == 0
    assert watching.run_due(now=due_at) == 1
    assert watching.run_due(now=due_at) == 0

    alert = Alert.objects.get(kind=Alert.Kind.ORDER_OVERDUE)
    assert reloaded(order).overdue_since == due_at
    actions.pass_to_provider(
        order, provider=order.service.service_offers.get().provider, by=LEAD, now=due_at
    )
    assert reloaded(alert).state == Alert.State.RESOLVED


@pytest.mark.parametrize("rating", [0, 6])
def test_there_are_one_to_five_stars(rating: int) -> None:
    with pytest.raises(Invalid):
        actions.rate_order(a_done_order(), rating=rating, by=LEAD, now=NOON)


def test_a_low_rating_suggests_a_complaint_and_is_none_yet() -> None:
    order = a_done_order()

    actions.rate_order(order, rating=1, words="饭是冷的", by=LEAD, now=NOON)
    actions.rate_order(order, rating=2, words="饭不热", by=LEAD, now=NOON)

    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.words) == (Complaint.State.SUGGESTED, "饭不热")
    assert complaint.ends_at is None


def test_a_provider_from_whom_the_desk_takes_it_back_hears_that_it_need_not_bring_it() -> None:
    order = a_passed_order()
    kitchen = order.provider
    assert kitchen is not None

    actions.give_back(order, reason="有别人送", by=LEAD, now=BEFORE_LUNCH)

    assert "order_given_up" in texts_to(kitchen.reference)


def test_who_gives_it_back_themselves_needs_no_news_of_it() -> None:
    order = a_passed_order()
    kitchen = order.provider
    assert kitchen is not None

    actions.give_back(order, by=Doer(kitchen.reference, kitchen.name), now=BEFORE_LUNCH)

    assert texts_to(kitchen.reference) == ["order_for_provider"]


def test_a_carer_who_is_there_is_not_said_to_be_on_the_way() -> None:
    order = actions.pass_to_carer(an_order(), by=LEAD, now=BEFORE_LUNCH)

    actions.set_out(order, by=LEAD, now=LUNCH)

    assert texts_to(f"resident:{order.resident_id}") == []


def test_what_a_provider_reads_stands_in_the_record_of_the_resident(client: Client) -> None:
    order = a_passed_order()
    assert order.provider is not None
    token = actions.make_link(order.provider, by=LEAD, now=BEFORE_LUNCH)

    with clock.set_to(BEFORE_LUNCH):
        assert order.resident.name in client.get(f"/p/{token}/").content.decode()

    shared = AuditRow.objects.filter(actor=order.provider.reference, action="share")
    assert [each.resident_id for each in shared] == [order.resident_id]
