"""Guessing slows the guesser down and never locks out whom the account belongs to."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.accounts import actions, limits
from backend.accounts.actions.codes import CODES_OF_PHONE, CODES_OF_PHONE_AND_SOURCE
from backend.accounts.actions.passwords import PASSWORDS_OF_ACCOUNT, password_pauses
from backend.accounts.errors import BadCode, BadCredentials, TooManyAttempts
from backend.accounts.known_browsers import NEW, KnownBrowser
from backend.accounts.limits import Pauses
from backend.accounts.models import User
from backend.core import clock
from notifications import codes
from notifications.inbound import Caller
from notifications.models import Channel
from tests.builders import NOON, PASSWORD, a_phone, a_resident_account, a_user
from tests.fakes.codes import Owed

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TWICE = Pauses("test", 2, MINUTE, 5 * MINUTE, timedelta(hours=1))


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it begins at noon."""
    with clock.set_to(NOON):
        yield


def test_pauses_grow_up_to_the_longest_and_are_forgotten_after_a_quiet_time() -> None:
    now = NOON
    waits = []
    for _ in range(6):
        try:
            limits.take_after_pause(TWICE, "anna", now=now)
            waits.append(0)
        except TooManyAttempts as error:
            wait_s = error.data["retry_after_s"]
            waits.append(wait_s)
            now += timedelta(seconds=wait_s)
            limits.take_after_pause(TWICE, "anna", now=now)

    assert waits == [0, 0, 60, 120, 240, 300]
    limits.take_after_pause(TWICE, "anna", now=now + timedelta(hours=1))
    limits.take_after_pause(TWICE, "anna", now=now + timedelta(hours=1))


def test_a_try_within_a_pause_makes_it_no_longer() -> None:
    for _ in range(2):
        limits.take_after_pause(TWICE, "anna", now=NOON)
    for second in range(1, 60, 10):
        with pytest.raises(TooManyAttempts):
            limits.take_after_pause(TWICE, "anna", now=NOON + second * SECOND)

    limits.take_after_pause(TWICE, "anna", now=NOON + MINUTE)


def enter(
    user: User, password: str, *, source: str = "10.0.0.1", browser: KnownBrowser = NEW
) -> User:
    """A password, entered somewhere."""
    return actions.check_password(
        username=user.username, password=password, source=source, browser=browser, now=NOON
    )


def guess_until_paused(user: User, *, source: str) -> None:
    """Guess as often as one may at once."""
    for _ in range(password_pauses().free):
        with pytest.raises(BadCredentials):
            enter(user, "a guess", source=source)
    with pytest.raises(TooManyAttempts):
        enter(user, PASSWORD, source=source)


def known_to(user: User, name: str = "b1") -> KnownBrowser:
    """A browser in which they signed in before."""
    return KnownBrowser(name, (user.pk,))


def test_behind_the_same_address_a_known_browser_is_not_kept_waiting() -> None:
    user = a_user(role="operator", password=PASSWORD)
    guess_until_paused(user, source="10.0.0.1")

    assert enter(user, PASSWORD, source="10.0.0.1", browser=known_to(user)) == user


def test_guessing_from_everywhere_does_not_reach_a_known_browser() -> None:
    user = a_user(role="operator", password=PASSWORD)
    for _ in range(PASSWORDS_OF_ACCOUNT.times):
        limits.take(PASSWORDS_OF_ACCOUNT, user.username, now=NOON)

    with pytest.raises(TooManyAttempts):
        enter(user, PASSWORD, source="10.9.9.9")
    assert enter(user, PASSWORD, browser=known_to(user)) == user


def test_a_known_browser_that_was_stolen_is_slowed_down_too() -> None:
    user = a_user(role="operator", password=PASSWORD)
    for _ in range(password_pauses().free):
        with pytest.raises(BadCredentials):
            enter(user, "a guess", browser=known_to(user))

    with pytest.raises(TooManyAttempts):
        enter(user, PASSWORD, browser=known_to(user))


def test_a_browser_known_to_somebody_else_counts_as_new() -> None:
    user = a_user(role="operator", password=PASSWORD)
    guess_until_paused(user, source="10.0.0.1")

    with pytest.raises(TooManyAttempts):
        enter(user, PASSWORD, browser=known_to(a_user(role="operator")))


def test_a_browser_is_known_after_a_full_sign_in_and_a_forged_cookie_is_not_believed() -> None:
    user, client = a_resident_account(), Client()
    client.post("/sign-in/", {"phone": user.phone})
    client.post("/sign-in/code/", {"code": Owed()[-1][1]})
    cookie = client.cookies["known_browser"]
    assert str(user.pk) not in cookie.value or cookie["httponly"]

    forged = Client()
    forged.cookies["known_browser"] = cookie.value[:-1] + "x"
    ask_until_paused(user.phone)

    assert client.post("/sign-in/", {"phone": user.phone}).status_code == 302
    assert forged.post("/sign-in/", {"phone": user.phone}).status_code == 200


def ask(phone: str, *, source: str = "127.0.0.1", now: datetime = NOON, again: UUID | None = None):  # type: ignore[no-untyped-def]
    """Ask for a code."""
    return actions.send_code(phone=phone, source=source, again=again, now=now)


def ask_until_paused(phone: str) -> None:
    """Ask from here as often as one may at once."""
    for _ in range(CODES_OF_PHONE_AND_SOURCE.free):
        with suppress(TooManyAttempts):
            ask(phone)


def test_a_telephone_is_not_bombed_from_many_sources() -> None:
    user, now = a_resident_account(), NOON
    for minute in range(0, 24 * 60, 15):
        now = NOON + minute * MINUTE
        try:
            ask(user.phone, source=f"10.0.{minute % 250}.1", now=now)
        except TooManyAttempts:
            continue

    assert len(Owed()) <= CODES_OF_PHONE.free + 5 + 24 < 24 * 4


def test_asking_again_sends_the_same_digits() -> None:
    user = a_resident_account()
    asked = ask(user.phone)
    again = ask(user.phone, again=asked, now=NOON + MINUTE)

    assert again == asked
    assert len({code for _, code, _ in Owed()}) == 1
    assert actions.redeem_code(asked, code=Owed()[0][1], now=NOON + MINUTE) == user


def test_a_code_that_was_used_or_is_too_old_is_not_sent_again() -> None:
    user = a_resident_account()
    used = ask(user.phone)
    actions.redeem_code(used, code=Owed()[0][1], now=NOON)

    assert ask(user.phone, again=used, now=NOON + MINUTE) != used
    old = ask(user.phone, source="10.0.0.7")
    assert ask(user.phone, source="10.0.0.8", again=old, now=NOON + 6 * MINUTE) != old


def test_who_presses_twice_is_told_that_it_is_on_its_way() -> None:
    user, client = a_resident_account(), Client()
    answers = [client.post("/sign-in/", {"phone": user.phone}) for _ in range(5)]

    assert {answer["Location"] for answer in answers} == {"/sign-in/code/"}
    assert len(Owed()) == CODES_OF_PHONE_AND_SOURCE.free


def test_numbers_of_nobody_and_of_somebody_cost_the_same_work_and_leave_no_trace() -> None:
    """What a clock could tell apart is work at the database; it is the same, in number and kind."""

    def work(phone: str) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ask(phone)
        return [
            query["sql"].split(" WHERE ")[0].split(" VALUES ")[0]
            for query in captured
            if "SAVEPOINT" not in query["sql"]
        ]

    known, unknown = work(a_resident_account().phone), work(a_phone())

    assert known == unknown
    assert len(Owed()) == 1


def not_me(phone: str) -> None:
    """The owner of a telephone writes that it was not them."""
    codes.refuse(Caller(phone, Channel.SMS, "SM1", "不是我"), NOON)


def test_not_me_ends_the_code_and_lets_no_new_browser_get_another_for_a_day() -> None:
    user = a_resident_account()
    asked = ask(user.phone, source="10.6.6.6")
    code = Owed()[0][1]

    not_me(user.phone)

    with pytest.raises(BadCode):
        actions.redeem_code(asked, code=code, now=NOON)
    ask(user.phone, source="10.7.7.7")
    assert len(Owed()) == 1
    actions.send_code(phone=user.phone, source="10.7.7.7", browser=known_to(user), now=NOON)
    assert len(Owed()) == 2
    ask(user.phone, source="10.8.8.8", now=NOON + timedelta(days=1))
    assert len(Owed()) == 3
