"""The page with the red button: signed in, with a telephone's SOS token, and as a stranger."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from backend.accounts.actions import issue_sos_token
from backend.accounts.models import Role
from backend.core import clock
from backend.core.models import JournalEvent
from services.emergencies.actions import Press, open_call, resolve_call
from services.emergencies.models import EmergencyCall
from tests.builders import (
    NOON,
    a_contact,
    a_family_account,
    a_resident,
    a_resident_account,
    a_ringing_call,
    a_user,
    reloaded,
    signed_in,
)

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json", "Accept-Language": "en"}


def now_of(client: Client, **asked: Any) -> dict[str, Any]:
    """What the page fetches for itself."""
    told: dict[str, Any] = client.get("/call/", asked, headers=JSON).json()
    return told


def a_strangers_call() -> EmergencyCall:
    press = Press(metric="sos", verified=False, sender_key="unverified address:192.0.2.1")
    with clock.set_to(NOON):
        return open_call(press=press, now=NOON).call


def test_a_resident_sees_the_red_and_the_green_button() -> None:
    page = signed_in(a_resident_account()).get("/", headers={"Accept-Language": "en"})

    assert b'id="help"' in page.content
    assert b'id="service"' in page.content
    assert b"Ms Chen" in page.content


def test_a_stranger_sees_the_red_button_a_number_and_the_way_to_sign_in() -> None:
    page = Client().get("/").content.decode()

    assert 'action="/ingest/v1/sos"' in page
    assert 'href="tel:' in page
    assert 'href="/sign-in/"' in page
    assert 'id="service"' not in page


@pytest.mark.parametrize(("role", "home"), [(Role.CAREGIVER, "/care/"), (Role.OPERATOR, "/desk/")])
def test_staff_go_on_to_their_own_page(role: Role, home: str) -> None:
    answer = signed_in(a_user(role=role)).get("/")

    assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.FOUND, home)


def test_a_family_account_sees_its_people() -> None:
    contact = a_contact(resident=a_resident(name="陈桂英"))

    page = signed_in(a_family_account(contact)).get("/", headers={"Accept-Language": "en"})

    shown = page.content.decode()
    assert "There is no bad news of Ms Chen today." in shown
    assert "No call for help." in shown


def test_a_press_by_session_opens_a_verified_call_at_home() -> None:
    user = a_resident_account()

    answer = signed_in(user).post("/call/help/", headers=JSON)

    call = EmergencyCall.objects.get(pk=answer.json()["call"])
    assert answer.status_code == HTTPStatus.ACCEPTED
    assert (call.resident, call.verified, call.kind) == (user.resident, True, "emergency")


def test_a_browser_without_scripts_comes_back_to_its_call() -> None:
    client = signed_in(a_resident_account())

    page = client.post("/call/help/", headers={"Accept": "text/html"}, follow=True)

    assert page.redirect_chain == [("/", HTTPStatus.FOUND)]
    assert b"call__headline" in page.content


def test_the_green_button_asks_for_a_call_back_and_leaves_the_red_one() -> None:
    user = a_resident_account()
    client = signed_in(user)

    client.post("/call/service/", headers=JSON)

    told = now_of(client)
    assert EmergencyCall.objects.get(resident=user.resident).kind == "service"
    assert 'id="help"' in told["html"]
    assert "An operator will ring you back." in told["html"]
    assert 'id="service"' not in told["html"]


def test_a_running_call_takes_the_place_of_the_buttons() -> None:
    user = a_resident_account()
    call = a_ringing_call(resident=user.resident)

    told = now_of(signed_in(user))

    assert (told["showing"], told["stage"]) == (str(call.pk), "heard")
    assert told["said"].startswith("We have your call.")
    assert 'id="help"' not in told["html"]


def test_a_call_that_ended_is_told_to_whoever_still_looks_and_not_on_a_fresh_page() -> None:
    user = a_resident_account()
    call = a_ringing_call(resident=user.resident)
    resolve_call(call, by="user:1", outcome="helped", now=NOON)
    client = signed_in(user)

    assert now_of(client, showing=call.pk)["stage"] == "over"
    assert now_of(client)["showing"] == ""


def test_a_telephone_with_its_token_sees_its_call_after_the_session_has_ended() -> None:
    user = a_resident_account()
    token = issue_sos_token(user, by=user.reference, now=NOON)
    call = a_ringing_call(resident=user.resident)

    told = now_of(Client(headers={"Authorization": f"Bearer {token}"}))

    assert told["showing"] == str(call.pk)


def test_nobody_sees_the_call_of_somebody_else() -> None:
    call = a_ringing_call()

    for client in (Client(), signed_in(a_resident_account())):
        assert now_of(client, showing=call.pk)["showing"] == ""


def test_a_stranger_follows_the_call_they_made_without_names() -> None:
    call = a_strangers_call()

    with clock.set_to(NOON):
        told = now_of(Client(), showing=call.pk)

    assert told["stage"] == "heard"


def test_a_strangers_call_is_not_shown_for_ever() -> None:
    call = a_strangers_call()

    with clock.set_to(NOON + timedelta(days=1)):
        assert now_of(Client(), showing=call.pk)["showing"] == ""


def test_a_stranger_says_afterwards_who_and_where_they_are() -> None:
    call = a_strangers_call()
    sent = {"name": "张伟", "phone": 13800000000, "position": {"lat": 31.5, "lon": 120.3}}

    with clock.set_to(NOON):
        answer = Client().post(f"/call/{call.pk}/caller/", sent, "application/json")

    call = reloaded(call)
    assert answer.status_code == HTTPStatus.OK
    assert (call.claimed_name, call.claimed_phone) == ("张伟", "13800000000")
    assert (call.place_lat, call.place_lon, call.place_source) == (31.5, 120.3, "claimed")


def test_what_a_stranger_leaves_empty_takes_nothing_back() -> None:
    call = a_strangers_call()
    path = f"/call/{call.pk}/caller/"

    with clock.set_to(NOON):
        Client().post(path, {"name": "张伟"}, "application/json")
        Client().post(path, b"rubbish", "application/json")

    assert reloaded(call).claimed_name == "张伟"


@pytest.mark.parametrize("position", [{"lat": "x"}, {"lat": 91, "lon": 0}, "here", None])
def test_a_position_that_is_none_is_left_out(position: object) -> None:
    call = a_strangers_call()

    with clock.set_to(NOON):
        sent = {"position": position, "place": "桥头"}
        Client().post(f"/call/{call.pk}/caller/", sent, "application/json")

    assert (reloaded(call).place_text, reloaded(call).place_lat) == ("桥头", None)


def test_nothing_can_be_added_to_a_residents_call_or_to_none() -> None:
    for call_id in (a_ringing_call().pk, uuid4()):
        answer = Client().post(f"/call/{call_id}/caller/", {"name": "x"}, "application/json")
        assert answer.status_code == HTTPStatus.NOT_FOUND


def test_who_pressed_on_a_call_that_was_open_hears_nothing_of_it_and_changes_nothing_in_it() -> (
    None
):
    call = a_strangers_call()
    press = Press(metric="sos", verified=False, sender_key=call.sender_key)
    with clock.set_to(NOON):
        receipt = open_call(press=press, now=NOON).answer(now=NOON)
        EmergencyCall.objects.filter(pk=call.pk).update(state="on_the_way", place_text="桥头")
        told = now_of(Client(), showing=receipt)
        said = {"name": "李四", "place": "别处"}
        answer = Client().post(f"/call/{receipt}/caller/", said, "application/json")

    assert (told["showing"], told["stage"]) == (str(receipt), "heard")
    assert str(call.pk) not in told["html"]
    assert answer.json() == {"call": str(receipt)}
    assert (reloaded(call).claimed_name, reloaded(call).place_text) == ("", "桥头")
    assert call.notes.get().text == "李四 · 别处"

    resolve_call(call, by="user:1", outcome="hospital", now=NOON)
    with clock.set_to(NOON):
        over = now_of(Client(), showing=receipt)
    assert (over["stage"], over["said"]) == ("over", "The care centre has seen to your call.")


def test_a_mistake_is_told_to_the_desk_and_closes_nothing() -> None:
    user = a_resident_account()
    call = a_ringing_call(resident=user.resident)
    client = signed_in(user)

    client.post("/call/mistake/", headers=JSON)

    assert JournalEvent.objects.filter(subject=call.reference, type="call.mistake_said").exists()
    assert reloaded(call).state == EmergencyCall.State.RINGING
    told = now_of(client)
    assert "You told us that it was a mistake." in told["html"]
    assert 'id="mistake"' not in told["html"]


def test_without_a_running_call_there_is_no_mistake() -> None:
    for client in (Client(), signed_in(a_resident_account())):
        assert client.post("/call/mistake/", headers=JSON).status_code == HTTPStatus.NOT_FOUND


def test_fetched_again_unchanged_the_page_is_the_same_to_the_letter() -> None:
    client = signed_in(a_resident_account())

    assert now_of(client)["html"] == now_of(client)["html"]
