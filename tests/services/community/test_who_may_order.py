"""For oneself, for a relative by consent, by telephone; and who hears what from below."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from backend.accounts.actors import actor_of
from backend.accounts.models import Role, User
from backend.core import clock
from backend.core.models import JournalEvent
from backend.people.models import Consent, Contact, Resident
from notifications import inbound
from notifications.inbound import Caller
from notifications.models import Channel, Delivery
from notifications.replies import Spoken
from services.community import actions, reading
from services.community.models import Complaint, Order, StandingOrder
from services.community.queries import complaints_visible_to, orders_visible_to
from services.emergencies.actions import resolve_call, take_call
from services.emergencies.models import EmergencyCall
from services.visits import actions as visits
from services.visits.models import Visit
from tests.builders import (
    NOON,
    a_caregiver,
    a_contact,
    a_family_account,
    a_guardian,
    a_phone,
    a_resident,
    a_resident_account,
    a_user,
    api_of,
    reloaded,
    signed_in,
)
from tests.services.community.builders import (
    BEFORE_LUNCH,
    LEAD,
    LUNCH,
    a_complaint,
    a_provider,
    a_service,
    an_order,
)
from tests.services.visits.builders import BY_HAND, an_act

pytestmark = pytest.mark.django_db

State = Order.State


def shares(resident: Resident) -> Consent:
    return Consent.objects.create(
        resident=resident,
        item=Consent.Item.VISITS,
        purpose="visits",
        given_by=f"resident:{resident.pk}",
        given_at=NOON,
        recorded_by="user:1",
    )


def a_daughter(resident: Resident, **fields: Any) -> User:
    contact: Contact = a_contact(resident=resident, **fields)
    return a_family_account(contact)


def test_a_daughter_orders_lunch_while_it_is_shared_and_the_mother_hears_of_it() -> None:
    mother = a_resident(phone=a_phone())
    service = a_service(area=mother.area)
    a_provider(service)
    browser = signed_in(a_daughter(mother))
    address = f"/family/{mother.pk}/services/{service.pk}/"
    lunch = {"when": f"at {LUNCH.isoformat()}"}

    with clock.set_to(BEFORE_LUNCH):
        assert browser.post(address, lunch).status_code == 422
        shares(mother)
        assert browser.post(address, lunch).status_code == 302

    assert Order.objects.get().channel == "family"
    told = Delivery.objects.get(person=f"resident:{mother.pk}")
    assert told.template == "order_by_family"


def test_a_guardian_orders_without_asking() -> None:
    mother = a_resident(phone=a_phone())
    service = a_service(area=mother.area)
    a_provider(service)
    browser = signed_in(a_family_account(a_guardian(resident=mother)))

    with clock.set_to(BEFORE_LUNCH):
        address = f"/family/{mother.pk}/services/{service.pk}/"
        answer = browser.post(address, {"when": "weekdays 11:30"}, follow=True)

    assert answer.status_code == 200
    assert StandingOrder.objects.get().orders.count() == 6


def test_orders_are_not_shown_any_more_once_the_consent_is_withdrawn() -> None:
    order = an_order()
    daughter = actor_of(a_daughter(order.resident))
    consent = shares(order.resident)
    assert orders_visible_to(daughter).get() == order

    consent.withdrawn_at = NOON
    consent.save()

    assert not orders_visible_to(daughter).exists()


def test_a_resident_sees_complaints_about_themselves_and_a_family_its_own() -> None:
    mother = a_resident(phone=a_phone())
    daughter = a_daughter(mother)
    shares(mother)
    hers = a_complaint(resident=mother)

    assert not complaints_visible_to(actor_of(daughter)).exists()
    assert complaints_visible_to(actor_of(a_resident_account(mother))).get() == hers


def test_the_elder_complains_after_a_low_rating_in_their_own_words() -> None:
    order = an_order()
    elder = signed_in(a_resident_account(order.resident))
    offer = order.service.service_offers.get()
    actions.pass_to_provider(order, provider=offer.provider, by=LEAD, now=BEFORE_LUNCH)
    actions.deliver(order, by=LEAD, now=LUNCH)

    with clock.set_to(NOON):
        page = elder.post(f"/orders/{order.pk}/rate/", {"rating": "1"}, follow=True)
        assert f"/complaints/new/?order={order.pk}" in page.content.decode()
        elder.post(
            f"/complaints/new/?order={order.pk}", {"category": "quality", "words": "饭是冷的"}
        )

    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.words) == (Complaint.State.OPEN, "饭是冷的")
    assert complaint.provider == offer.provider


def test_the_desk_orders_by_telephone_what_comes_again() -> None:
    resident = a_resident(phone=a_phone())
    service = a_service(area=resident.area)
    a_provider(service)
    desk = signed_in(a_user(role=Role.OPERATOR, area=resident.area))
    form = {
        "resident": str(resident.pk),
        "service": str(service.pk),
        "wanted_at": "2026-11-24T11:30",
        "repeats": "weekdays",
        "note": "软一点",
    }

    with clock.set_to(BEFORE_LUNCH):
        assert desk.post("/desk/orders/new/", form).status_code == 302

    standing = StandingOrder.objects.get()
    assert (standing.starts_on, standing.channel) == (date(2026, 11, 24), "phone")
    assert standing.orders.count() == 5


def test_key_2_of_the_telephone_asks_to_be_rung_back_about_a_service() -> None:
    phone = a_phone()
    resident = a_resident(phone=phone)

    spoken = inbound.answer(Caller(phone, Channel.VOICE, "CA1"), "2", NOON)
    inbound.answer(Caller("", Channel.VOICE, "CA2"), "2", NOON)

    assert isinstance(spoken, Spoken)
    assert spoken.template == "order_back_soon"
    known = EmergencyCall.objects.get(resident=resident)
    assert (known.kind, known.verified) == ("service", True)
    unknown = EmergencyCall.objects.get(resident=None)
    assert (unknown.kind, unknown.verified) == ("service", False)


def hear(subject: str, kind: str, by: str = "user:1") -> None:
    event = JournalEvent(subject=subject, type=kind, by=by, at=NOON)
    handle = reading.hear_visit if kind.startswith("visit.") else reading.hear_call
    handle(event, NOON)


def test_an_order_that_became_a_visit_goes_with_it() -> None:
    order = actions.pass_to_carer(an_order(), by=LEAD, now=BEFORE_LUNCH)
    visit, carer = order.visit, a_caregiver(area=order.area)
    assert visit is not None
    act = an_act(carer)
    acts: list[tuple[str, Callable[[], object]]] = [
        (
            "assigned",
            lambda: visits.assign_visit(visit, caregivers=[carer], by="user:1", now=NOON),
        ),
        ("checked_in", lambda: visits.check_in(visit, act=act, proof=BY_HAND, now=NOON)),
        (
            "checked_out",
            lambda: visits.check_out(visit, act=an_act(carer), proof=BY_HAND, now=NOON),
        ),
    ]
    states = []
    for event, do in acts:
        do()
        hear(visit.reference, f"visit.{event}")
        states.append(reloaded(order).state)

    assert states == [State.TAKEN, State.ON_THE_WAY, State.DONE]
    assert order.events.get(event="done").by_name == carer.name


@pytest.mark.parametrize(
    ("reason", "state"), [("asked", State.CANCELLED), ("staff", State.ORDERED)]
)
def test_a_cancelled_visit_ends_the_order_or_gives_it_back(reason: str, state: str) -> None:
    order = actions.pass_to_carer(an_order(), by=LEAD, now=BEFORE_LUNCH)
    assert order.visit is not None
    visits.cancel_visit(order.visit, reason=reason, by="user:1", now=BEFORE_LUNCH)

    hear(order.visit.reference, "visit.cancelled")

    assert reloaded(order).state == state


def test_a_cancelled_order_cancels_its_visit() -> None:
    order = actions.pass_to_carer(an_order(), by=LEAD, now=BEFORE_LUNCH)
    assert order.visit is not None

    actions.cancel_order(order, reason="asked", is_staff=True, by=LEAD, now=BEFORE_LUNCH)

    assert reloaded(order.visit).state == Visit.State.CANCELLED


def test_a_call_back_is_taken_and_done_with_its_call() -> None:
    order = actions.call_back(an_order(), by=LEAD, now=BEFORE_LUNCH)
    call = order.call
    assert call is not None

    take_call(call, by="user:1", name="李娜", now=NOON)
    hear(call.reference, "call.handled")
    assert reloaded(order).state == State.TAKEN
    resolve_call(call, by="user:1", outcome="helped", now=NOON)
    hear(call.reference, "call.resolved")

    assert reloaded(order).state == State.DONE
    assert order.events.get(event="taken").by_name == "李娜"


def test_the_green_button_leads_to_the_services_and_still_calls_back_without_choosing() -> None:
    elder = signed_in(a_resident_account())

    home = elder.get("/").content.decode()
    what = elder.get("/services/").content.decode()

    assert 'id="service" href="/services/"' in home
    assert 'action="/call/service/"' in what


def test_orders_and_complaints_at_the_api() -> None:
    resident = a_resident(phone=a_phone())
    service = a_service(area=resident.area)
    kitchen = a_provider(service)
    elder = api_of(a_resident_account(resident))
    desk = api_of(a_user(role=Role.LEAD, area=resident.area))
    asked = {
        "resident": str(resident.pk),
        "service": str(service.pk),
        "wanted_at": LUNCH.isoformat(),
    }

    with clock.set_to(BEFORE_LUNCH):
        first, again = (
            elder.post("/api/v1/orders/", asked, headers={"Idempotency-Key": "k"}).json()
            for _ in range(2)
        )
        path = f"/api/v1/orders/{first['id']}/"
        assert desk.post(f"{path}pass-on/", {"to": str(kitchen.pk)}).json()["state"] == "passed_on"
        for act, state in (("take", "taken"), ("set-out", "on_the_way"), ("deliver", "done")):
            assert desk.post(f"{path}{act}/").json()["state"] == state
        rated = elder.post(f"{path}rate/", {"rating": 4}).json()
        refused = elder.post(f"{path}deliver/")
        complaint = elder.post(
            "/api/v1/complaints/",
            {"order": first["id"], "category": "late", "words": "晚了半小时"},
        ).json()
        answered = desk.post(
            f"/api/v1/complaints/{complaint['id']}/answer/", {"answer": "已提醒。"}
        ).json()
        checked = desk.post(
            f"/api/v1/complaints/{complaint['id']}/check/", {"is_right": True}
        ).json()

    assert first == again
    assert [each["event"] for each in rated["events"]][-1] == "rated"
    assert refused.status_code == 403
    assert (answered["state"], checked["state"]) == ("answered", "closed")


def test_the_catalogue_and_its_providers_at_the_api() -> None:
    lead = a_user(role=Role.LEAD)
    api = api_of(lead)
    assert lead.area_id
    service = api.post(
        "/api/v1/services/",
        {"category": "meals", "name": "早餐", "fulfilment": "provider", "hours": ["07:00"]},
    ).json()
    provider = {
        "name": "早餐店",
        "phone": "13900000001",
        "serves": [lead.area_id],
        "opening_hours": [{"weekday": 0, "opens": "06:00", "closes": "09:00"}],
        "service_offers": [{"service": service["id"], "price_fen": 900, "capacity_a_day": 20}],
    }

    made = api.post("/api/v1/providers/", provider).json()
    changed = api.put(
        f"/api/v1/providers/{made['id']}/", {**provider, "opening_hours": [], "active": False}
    ).json()
    twice = api.post("/api/v1/providers/", provider)

    assert made["phone"] == "+8613900000001"
    assert (changed["opening_hours"], changed["active"]) == ([], False)
    assert twice.status_code == 422
    assert (
        api.patch(f"/api/v1/services/{service['id']}/", {"price_fen": 800}).json()["name"] == "早餐"
    )


def test_the_desk_edits_the_catalogue_and_gives_a_provider_a_link() -> None:
    lead = a_user(role=Role.LEAD)
    desk = signed_in(lead)

    desk.post("/desk/services/usual/")
    desk.post("/desk/services/usual/")
    page = desk.get("/desk/services/").content.decode()
    assert "午餐" in page
    form = {"name": "社区食堂", "phone": "13900000001", "serves": [lead.area_id], "active": "on"}
    assert desk.post("/desk/services/providers/new/", {**form, "day0": "18-8"}).status_code == 422
    assert (
        desk.post("/desk/services/providers/new/", {**form, "day0": "08:00-18:00"}).status_code
        == 302
    )


def test_a_link_ends_after_a_fortnight_and_when_there_is_a_newer_one() -> None:
    service = a_service()
    provider = a_provider(service)
    old = actions.make_link(provider, by=LEAD, now=NOON)
    browser = signed_in(a_resident_account())

    with clock.set_to(NOON):
        assert browser.get(f"/p/{old}/").status_code == 200
        new = actions.make_link(provider, by=LEAD, now=NOON)
        assert browser.get(f"/p/{old}/").status_code == 410
    with clock.set_to(NOON + timedelta(days=15)):
        assert browser.get(f"/p/{new}/").status_code == 410
    assert browser.get("/p/guessed/").status_code == 410


def test_a_provider_acts_on_nobody_elses_order() -> None:
    order = an_order()
    other = a_provider(a_service())
    token = actions.make_link(other, by=LEAD, now=BEFORE_LUNCH)

    with clock.set_to(BEFORE_LUNCH):
        answer = signed_in(a_resident_account()).post(f"/p/{token}/{order.pk}/take/")

    assert answer.status_code == 404
