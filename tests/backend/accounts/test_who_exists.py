"""Nothing that a stranger is refused tells whether an account exists: no word, no work, no clock.

A clock tells what was done, so what is done is compared: how often a password is hashed, and what
the database is asked.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from backend.accounts import actions, tokens
from backend.accounts.models import AccessToken, Role, User
from backend.core import clock
from tests.builders import (
    NOON,
    PASSWORD,
    Answer,
    a_phone,
    a_resident_account,
    a_user,
    an_api_token,
    an_area,
    phone_index,
)

pytestmark = pytest.mark.django_db

STAFF, TOKEN = "/sign-in/staff/", "/api/v1/auth/token/"
CSRF = re.compile(r'"\w{64}"')


class CountedHasher(MD5PasswordHasher):
    """A quick hasher that writes down what it hashed."""

    hashed: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        """As MD5 does."""
        self.hashed.append(password)
        encoded: str = super().encode(password, salt)
        return encoded


@pytest.fixture(autouse=True)
def at_noon(settings: Settings) -> Iterator[None]:
    """All of it happens at noon, and hashes are counted."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    with clock.set_to(NOON):
        yield


def with_password() -> str:
    return a_user(role="operator", password=PASSWORD).username


def closed() -> str:
    user = a_user(role="operator", password=PASSWORD)
    actions.deactivate_account(user, by="user:1", now=NOON)
    return user.username


def without_password() -> str:
    area = an_area()
    user = actions.create_staff(
        username="wang", name="王敏", role=Role.OPERATOR, area=area, password=None, by="x", now=NOON
    )
    return user.username


def nobody() -> str:
    return "nobody"


NAMES: list[Callable[[], str]] = [with_password, closed, without_password, nobody]


def by_form(username: str) -> Answer:
    return Client(headers={"accept-language": "en"}).post(
        STAFF, {"username": username, "password": "not the right words"}
    )


def by_program(username: str) -> Answer:
    given = {"username": username, "password": "not the right words"}
    return Client().post(TOKEN, given, content_type="application/json")


def work_of(act: Callable[[], object]) -> list[str]:
    """What the database was asked, without of whom."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [re.split(r" WHERE | VALUES ", query["sql"])[0] for query in captured]


def told(answer: Answer, typed: str = "") -> tuple[int, list[tuple[str, str]], str]:
    """All that an answer says, but for what changes with each page and what was typed."""
    body = CSRF.sub("", answer.content.decode())
    passing = {"Content-Length", "Expires"}
    headers = sorted((k, v) for k, v in answer.headers.items() if k not in passing)
    return answer.status_code, headers, body.replace(typed, "") if typed else body


@pytest.mark.parametrize("door", [by_form, by_program])
def test_a_wrong_password_costs_one_hash_and_the_same_questions_whosever_name_it_is(
    door: Callable[[str], Answer],
) -> None:
    works, answers = [], []
    for name in [make() for make in NAMES]:
        CountedHasher.hashed.clear()
        captured: list[Answer] = []
        asked = work_of(lambda name=name, kept=captured: kept.append(door(name)))  # type: ignore[misc]
        works.append((len(CountedHasher.hashed), asked))
        answers.append(told(captured[0], name))

    assert works[0][0] == 1
    assert works == [works[0]] * len(NAMES)
    assert answers == [answers[0]] * len(NAMES)


def test_a_code_is_asked_for_with_one_answer_whosever_number_it_is() -> None:
    staff = a_phone()
    a_user(role="operator", phone=staff, phone_index=phone_index(staff))
    gone = a_resident_account()
    actions.deactivate_account(gone, by="user:1", now=NOON)
    works, answers = [], []
    for phone in [a_resident_account().phone, a_phone(), staff, gone.phone]:
        browser = Client()
        sent: list[Answer] = []
        asked = work_of(
            lambda b=browser, p=phone, kept=sent: kept.append(b.post("/sign-in/", {"phone": p}))  # type: ignore[misc]
        )
        works.append([each for each in asked if "SAVEPOINT" not in each])
        answers.append(told(sent[0]))

    assert works == [works[0]] * 4
    assert answers == [answers[0]] * 4


def test_a_wrong_code_is_answered_the_same_whether_anything_was_sent() -> None:
    answers = []
    for phone in (a_resident_account().phone, a_phone()):
        browser = Client()
        browser.post("/sign-in/", {"phone": phone})
        answer = browser.post("/sign-in/code/", {"code": "000000"})
        shown = told(answer)[2].replace(phone[-4:], "")
        answers.append((answer.status_code, shown))

    assert answers[0] == answers[1]


def revoked(user: User) -> str:
    token = an_api_token(user)
    AccessToken.objects.filter(hash=tokens.hashed(token)).update(revoked_at=NOON)
    return token


def too_old(user: User) -> str:
    token = an_api_token(user)
    AccessToken.objects.filter(hash=tokens.hashed(token)).update(expires_at=NOON)
    return token


def of_a_closed_account(user: User) -> str:
    token = an_api_token(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return token


def only_for_help(user: User) -> str:
    return actions.issue_sos_token(user, by=user.reference, now=NOON)


def test_a_token_that_opens_nothing_does_not_say_why() -> None:
    shown = [
        make(a_user(role="operator"))
        for make in (revoked, too_old, of_a_closed_account, only_for_help)
    ]
    works, answers = [], []
    for token in [*shown, tokens.new("api"), "yian_api_short", "of another form"]:
        program = Client(headers={"Authorization": f"Bearer {token}"})
        got: list[Answer] = []
        works.append(len(work_of(lambda p=program, kept=got: kept.append(p.get("/api/v1/me/")))))  # type: ignore[misc]
        answers.append(told(got[0]))

    assert set(works[:5]) == {1}
    assert answers == [answers[0]] * 7
    assert answers[0][0] == 401


def links_that_are_over() -> Iterator[str]:
    """Tokens of sign-in links: used, too old, and of a closed account."""
    used, old, of_closed = (a_resident_account() for _ in range(3))
    for user, begun in ((used, NOON), (old, NOON - timedelta(days=31)), (of_closed, NOON)):
        link = actions.issue_sign_in_link(user, now=begun).rpartition("/")[2]
        if user is used:
            actions.redeem_link(link, now=NOON)
        if user is of_closed:
            actions.deactivate_account(user, by="user:1", now=NOON)
        yield link


@pytest.mark.parametrize("door", ["/sign-in/link/", "/sign-in/start/", "/sign-in/recover/"])
def test_a_link_that_opens_nothing_does_not_say_why(door: str) -> None:
    kept = [*links_that_are_over(), "never-given"]

    answers = [told(Client().post(f"{door}{link}", {"password": PASSWORD}), link) for link in kept]

    assert answers[0][0] == 404
    assert answers == [answers[0]] * len(kept)
