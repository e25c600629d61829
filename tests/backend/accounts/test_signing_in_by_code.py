"""Residents and families sign in by six digits sent to their phone."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from backend.accounts import actions
from backend.accounts.actions.codes import CODES_OF_PHONE_AND_SOURCE, TRIES
from backend.accounts.errors import BadCode, TooManyAttempts
from backend.accounts.models import User
from backend.core import clock
from tests.builders import NOON, a_phone, a_resident_account, a_user, phone_index
from tests.fakes.codes import Owed
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts() -> Iterator[Owed]:
    """The texts that go out, at noon."""
    with clock.set_to(NOON):
        yield Owed()


def ask(phone: str, source: str = "10.0.0.1"):  # type: ignore[no-untyped-def]
    """Ask for a code at noon."""
    return actions.send_code(phone=phone, source=source, now=NOON)


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_digits_from_the_text_sign_in(texts: Owed) -> None:
    user, client = a_resident_account(), Client()

    asked = client.post("/sign-in/", {"phone": user.phone.removeprefix("+86")})
    assert asked["Location"] == "/sign-in/code/"
    (phone, code, language) = texts[0]
    assert (phone, language) == (user.phone, "zh-hans")
    page = client.get("/sign-in/code/")
    assert user.phone.encode() not in page.content, "the number is shown masked"
    done = client.post("/sign-in/code/", {"code": code})

    assert done["Location"] == "/"
    assert client.get("/api/v1/me/").json()["username"] == user.username


def test_a_number_nobody_has_and_one_of_staff_are_answered_the_same_and_get_nothing(
    texts: Owed,
) -> None:
    staff_phone = a_phone()
    a_user(role="operator", phone=staff_phone, phone_index=phone_index(staff_phone))
    known = a_resident_account().phone

    answers = [
        Client().post("/sign-in/", {"phone": phone}) for phone in (known, staff_phone, a_phone())
    ]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/sign-in/code/")
    }
    assert [phone for phone, _, _ in texts] == [known]


def test_a_code_works_once(texts: Owed) -> None:
    user = a_resident_account()
    asked = ask(user.phone)

    assert actions.redeem_code(asked, code=texts[0][1], now=NOON) == user
    with pytest.raises(BadCode):
        actions.redeem_code(asked, code=texts[0][1], now=NOON)


def test_a_code_works_for_five_minutes(texts: Owed) -> None:
    early, late = ask(a_resident_account().phone), ask(a_resident_account().phone)
    four, five = NOON + timedelta(minutes=4, seconds=59), NOON + timedelta(minutes=5)

    assert actions.redeem_code(early, code=texts[0][1], now=four)
    with pytest.raises(BadCode):
        actions.redeem_code(late, code=texts[1][1], now=five)


def test_a_code_can_be_tried_five_times(texts: Owed) -> None:
    asked, code = ask(a_resident_account().phone), texts[0][1]
    for _ in range(TRIES):
        with pytest.raises(BadCode):
            actions.redeem_code(asked, code=another(code), now=NOON)

    with pytest.raises(BadCode):
        actions.redeem_code(asked, code=code, now=NOON)


def test_a_code_opens_only_where_it_was_asked_for(texts: Owed) -> None:
    user = a_resident_account()
    ask(user.phone)
    elsewhere = Client()
    elsewhere.post("/sign-in/", {"phone": a_phone()})

    page = elsewhere.post("/sign-in/code/", {"code": texts[0][1]})

    assert page.status_code == 200
    with pytest.raises(BadCode):
        actions.redeem_code(uuid4(), code=texts[0][1], now=NOON)


def test_without_having_asked_there_is_no_code_to_enter() -> None:
    assert Client().get("/sign-in/code/")["Location"] == "/sign-in/"


def test_somebody_elses_phone_cannot_be_made_to_ring_all_night(
    texts: Owed,
) -> None:
    user = a_resident_account()
    for _ in range(CODES_OF_PHONE_AND_SOURCE.free):
        ask(user.phone, source="10.6.6.6")
    with pytest.raises(TooManyAttempts):
        ask(user.phone, source="10.6.6.6")

    asked = ask(user.phone, source="10.0.0.1")

    assert actions.redeem_code(asked, code=texts[-1][1], now=NOON) == user


def test_an_account_closed_meanwhile_does_not_open(texts: Owed) -> None:
    user = a_resident_account()
    asked = ask(user.phone)
    actions.deactivate_account(user, by="user:1", now=NOON)

    with pytest.raises(BadCode):
        actions.redeem_code(asked, code=texts[0][1], now=NOON)


def test_what_is_not_a_number_is_said_so_and_keeps_what_was_typed() -> None:
    page = Client().post("/sign-in/", {"phone": "12"})

    assert page.status_code == 200
    assert page.context["form"].errors["phone"]
    assert b'value="12"' in page.content


def test_the_digits_do_not_stand_in_the_database(texts: Owed) -> None:
    ask(a_resident_account().phone)

    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM accounts_signincode")
        assert texts[0][1] not in cursor.fetchone()[0][:6]


def test_a_session_of_an_old_person_lasts_half_a_year(texts: Owed) -> None:
    user, client = a_resident_account(), Client()
    client.post("/sign-in/", {"phone": user.phone})
    client.post("/sign-in/code/", {"code": texts[0][1]})

    assert client.session.get_expiry_age() > timedelta(days=170).total_seconds()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_a_code_at_the_same_time_one_is_signed_in(
    texts: Owed,
) -> None:
    asked = ask(a_resident_account().phone)

    def enter() -> User | None:
        try:
            return actions.redeem_code(asked, code=texts[0][1], now=NOON)
        except BadCode:
            return None

    assert at_once(enter, enter).count(None) == 1
