"""A visit is asked for, or another time; a dispatcher answers, and whoever asked is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from backend.accounts.actors import actor_of
from backend.accounts.models import Role, User
from backend.core import clock
from backend.core.errors import Invalid
from backend.core.models import JournalEvent
from backend.people.actions import set_life_state
from backend.people.models import Consent, Contact, Resident
from notifications.models import Delivery
from services.alerts.worklists import Waiting, worklists
from services.visits.actions import agree_to_request, ask_for_visit, decline_request
from services.visits.errors import RequestAnswered
from services.visits.models import Visit, VisitRequest
from services.visits.reading import hear_life_state
from tests.builders import (
    NOON,
    a_contact,
    a_family_account,
    a_resident,
    a_resident_account,
    a_user,
    api_of,
    reloaded,
    signed_in,
)
from tests.services.visits.builders import a_visit

pytestmark = pytest.mark.django_db

BY = "user:lead"
TOMORROW = NOON + timedelta(days=1)
THE_END = datetime.max.replace(tzinfo=UTC)


def shares_visits(resident: Resident) -> Consent:
    return Consent.objects.create(
        resident=resident,
        item=Consent.Item.VISITS,
        purpose="visits",
        given_by=f"resident:{resident.pk}",
        given_at=NOON,
        recorded_by=BY,
    )


def asked_by_daughter(**words: str) -> tuple[VisitRequest, Contact, User]:
    contact = a_contact(language="en")
    shares_visits(contact.resident)
    user = a_family_account(contact)
    request = ask_for_visit(
        contact.resident,
        **{"service": "cleaning", "wish": "Friday morning", **words},
        by=user.reference,
        name=contact.name,
        contact=contact,
        now=NOON,
    )
    return request, contact, user


def waiting_for(user: User) -> Waiting:
    worklist = next(each for each in worklists() if each.name == "visit-requests")
    return worklist.ask(actor_of(user), NOON, 10)


def told() -> list[tuple[str, str]]:
    owed = Delivery.objects.filter(cause__startswith="visit-request:").order_by("created_at")
    return list(owed.values_list("template", "person"))


def test_what_is_asked_for_waits_on_the_board_until_it_is_answered() -> None:
    request, contact, _user = asked_by_daughter()
    lead = a_user(role=Role.LEAD, area=contact.resident.area)

    [item] = waiting_for(lead).items
    assert (item.reference, item.who) == (request.reference, contact.resident.name)
    agree_to_request(request, starts_at=TOMORROW, duration_min=60, by=BY, now=NOON)

    assert waiting_for(lead).total == 0


def test_an_agreed_visit_is_made_once_and_whoever_asked_is_told_once() -> None:
    request, contact, _user = asked_by_daughter()

    for _ in range(2):
        agree_to_request(request, starts_at=TOMORROW, duration_min=45, by=BY, now=NOON)

    visit = Visit.objects.get()
    assert (visit.service, visit.duration_min, visit.cause) == ("cleaning", 45, request.reference)
    assert visit.window_starts_at == TOMORROW
    assert reloaded(request).visit == visit
    assert told() == [("visit_request_agreed", f"contact:{contact.pk}")]


def test_the_hour_is_said_as_people_say_it() -> None:
    request, _contact, _user = asked_by_daughter()

    agree_to_request(request, starts_at=TOMORROW, duration_min=45, by=BY, now=NOON)

    assert Delivery.objects.get().context["when"] == "on Tuesday, 24 November at 12:00"


def test_a_refusal_says_why_and_cannot_become_an_agreement() -> None:
    request, contact, _user = asked_by_daughter()

    for _ in range(2):
        decline_request(request, answer="nobody is free", by=BY, now=NOON)
    with pytest.raises(RequestAnswered), transaction.atomic():
        agree_to_request(request, starts_at=TOMORROW, duration_min=60, by=BY, now=NOON)

    assert told() == [("visit_request_declined", f"contact:{contact.pk}")]
    assert not Visit.objects.exists()


@pytest.mark.parametrize("starts_at", [NOON, NOON.replace(year=2062), THE_END])
def test_nothing_is_agreed_for_a_time_that_is_past_or_nobody_plans(starts_at: datetime) -> None:
    request, _contact, _user = asked_by_daughter()

    with pytest.raises(Invalid):
        agree_to_request(request, starts_at=starts_at, duration_min=60, by=BY, now=NOON)


def test_asked_again_the_newer_words_count_and_one_request_is_open() -> None:
    first, contact, user = asked_by_daughter()

    again = ask_for_visit(
        contact.resident,
        service="cleaning",
        wish="better on Monday",
        by=user.reference,
        name=contact.name,
        contact=contact,
        now=NOON,
    )

    assert again == first
    assert VisitRequest.objects.get().wish == "better on Monday"


def test_what_two_ask_for_is_answered_to_both_in_their_own_words() -> None:
    first, daughter, _user = asked_by_daughter()
    son = a_contact(resident=daughter.resident)

    second = ask_for_visit(
        son.resident,
        service="cleaning",
        wish="Monday",
        by="user:son",
        name=son.name,
        contact=son,
        now=NOON,
    )
    agree_to_request(first, starts_at=TOMORROW, duration_min=60, by=BY, now=NOON)
    decline_request(second, answer="on Friday already", by=BY, now=NOON)

    assert (reloaded(first).wish, reloaded(second).wish) == ("Friday morning", "Monday")
    assert set(told()) == {
        ("visit_request_agreed", f"contact:{daughter.pk}"),
        ("visit_request_declined", f"contact:{son.pk}"),
    }


@pytest.mark.parametrize("state", [Resident.LifeState.DIED, Resident.LifeState.MOVED])
def test_for_whoever_died_or_moved_nothing_waits_for_an_answer(state: Resident.LifeState) -> None:
    request, contact, _user = asked_by_daughter()
    set_life_state(contact.resident, state=state, since=NOON.date(), by=BY, now=NOON)
    event = JournalEvent.objects.filter(type="resident.life_state").order_by("-pk")[0]

    hear_life_state(event, NOON)

    assert reloaded(request).state == "withdrawn"
    assert told() == []


def test_while_visits_are_not_shared_it_is_the_resident_who_hears_the_answer() -> None:
    request, contact, _user = asked_by_daughter()
    Consent.objects.update(withdrawn_at=NOON, withdrawn_by=BY)

    agree_to_request(request, starts_at=TOMORROW, duration_min=60, by=BY, now=NOON)

    assert told() == [("visit_request_agreed", f"resident:{contact.resident_id}")]


def test_the_family_asks_on_its_page_and_the_desk_answers_on_its_own() -> None:
    contact = a_contact()
    shares_visits(contact.resident)
    daughter = signed_in(a_family_account(contact))
    desk = signed_in(a_user(role=Role.LEAD, area=contact.resident.area))

    with clock.set_to(NOON):
        address = f"/residents/{contact.resident_id}/ask-visit/"
        assert daughter.get(address).status_code == 200
        daughter.post(address, {"service": "bathing", "wish": "周五上午"})
        assert "周五上午" in desk.get("/desk/visit-requests/").content.decode()
        request = VisitRequest.objects.get()
        panel = daughter.get(f"/family/{contact.resident_id}/visits/").content.decode()
        assert "周五上午" in panel
        answer = {"starts_at": "2026-11-27T09:00", "duration_min": "60"}
        desk.post(f"/desk/visit-requests/{request.pk}/agree/", answer)

    assert (request.contact, request.asked_by_name) == (contact, str(daughter_of(contact)))
    assert reloaded(request).state == "agreed"


def daughter_of(contact: Contact) -> User:
    return User.objects.get(contacts=contact)


def test_another_time_is_asked_for_on_a_page() -> None:
    contact = a_contact()
    shares_visits(contact.resident)
    visit = a_visit(to=contact.resident, starts_at=TOMORROW)
    daughter = signed_in(a_family_account(contact))

    with clock.set_to(NOON):
        assert daughter.get(f"/visits/{visit.pk}/wish/").status_code == 200
        daughter.post(f"/visits/{visit.pk}/wish/", {"wish": "lieber am Abend"})

    assert reloaded(visit).wish == "lieber am Abend"


def test_nobody_asks_for_somebody_elses_visits() -> None:
    elsewhere = a_resident()
    daughter = signed_in(a_family_account(a_contact()))

    answer = daughter.get(f"/residents/{elsewhere.pk}/ask-visit/")

    assert answer.status_code == 404


def test_the_same_at_the_api() -> None:
    resident = a_resident()
    elder = api_of(a_resident_account(resident))
    lead = api_of(a_user(role=Role.LEAD, area=resident.area))
    body = {"resident": str(resident.pk), "service": "company", "wish": "Sunday"}

    with clock.set_to(NOON):
        made = elder.post("/api/v1/visit-requests/", body, format="json")
        path = f"/api/v1/visit-requests/{made.json()['id']}/"
        refused = elder.post(f"{path}agree/", {"starts_at": TOMORROW.isoformat()}, format="json")
        agreed = lead.post(f"{path}agree/", {"starts_at": TOMORROW.isoformat()}, format="json")

    assert (made.status_code, refused.status_code) == (201, 403)
    assert (agreed.json()["state"], agreed.json()["visit"]) == (
        "agreed",
        str(Visit.objects.get().pk),
    )


def test_who_asked_may_take_it_back() -> None:
    request, _contact, user = asked_by_daughter()

    signed_in(user).post(f"/visit-requests/{request.pk}/withdraw/")

    assert reloaded(request).state == "withdrawn"
