"""Staff sign in with a password and a second factor, and reach nothing with the first alone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from backend.accounts import actions, totp
from backend.accounts.actions.passwords import SECOND_FACTORS, password_pauses
from backend.accounts.errors import BadCredentials, TooManyAttempts
from backend.accounts.models import User
from backend.accounts.second_factor import SESSION_MARK
from backend.audit.models import AuditRow
from backend.core import clock
from tests.builders import NOON, PASSWORD, Answer, a_user

pytestmark = pytest.mark.django_db

STAFF, SECOND = "/sign-in/staff/", "/sign-in/second-factor/"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it happens at noon."""
    with clock.set_to(NOON):
        yield


def an_operator(*, secret: str = "") -> User:
    """An operator with a password, and an authenticator app if a secret is given."""
    user = a_user(role="operator", password=PASSWORD)
    if secret:
        totp.enrol(user, secret=secret, now=NOON)
    return user


def enter_password(client: Client, user: User, password: str = PASSWORD) -> Answer:
    """Send the first form."""
    return client.post(STAFF, {"username": user.username, "password": password, "next": "/desk/"})


def test_password_and_code_lead_to_the_page_that_was_asked_for() -> None:
    secret, client = totp.new_secret(), Client()
    user = an_operator(secret=secret)

    first = enter_password(client, user)
    assert first["Location"] == f"{SECOND}?next=%2Fdesk%2F"
    assert SESSION_MARK not in client.session
    second = client.post(SECOND, {"code": totp.code_at(secret, NOON), "next": "/desk/"})

    assert second["Location"] == "/desk/"
    assert client.session[SESSION_MARK]


def test_with_the_password_alone_no_data_is_reached() -> None:
    client = Client()
    enter_password(client, an_operator(secret=totp.new_secret()))

    assert client.get("/api/v1/me/").json()["code"] == "second_factor_missing"
    assert client.get("/account/")["Location"] == SECOND


def test_the_first_time_the_app_is_set_up_by_its_picture() -> None:
    client, user = Client(), an_operator()
    enter_password(client, user)

    page = client.get(SECOND)
    secret = page.context["secret"]
    assert b"<svg" in page.content
    assert client.get(SECOND).context["secret"] == secret, "opened again, the same secret"
    done = client.post(SECOND, {"code": totp.code_at(secret, NOON)})

    assert done["Location"] == "/desk/"
    assert totp.is_enrolled(user)


def test_a_wrong_code_sets_up_nothing() -> None:
    client, user = Client(), an_operator()
    enter_password(client, user)
    client.get(SECOND)

    assert client.post(SECOND, {"code": "000000"}).status_code == 200
    assert not totp.is_enrolled(user)
    assert SESSION_MARK not in client.session


def test_who_has_only_the_password_cannot_set_up_another_app() -> None:
    secret = totp.new_secret()
    user = an_operator(secret=secret)
    client = Client()
    enter_password(client, user)
    other = totp.new_secret()

    with pytest.raises(BadCredentials):
        actions.confirm_second_factor(user, secret=other, code=totp.code_at(other, NOON), now=NOON)
    page = client.get(SECOND)

    assert "secret" not in page.context
    assert totp.use_code(user, totp.code_at(secret, NOON), now=NOON)


@pytest.mark.parametrize("name", ["right name", "unknown"])
def test_a_wrong_password_and_an_unknown_name_are_answered_the_same(name: str) -> None:
    user = an_operator()
    if name == "unknown":
        user = User(username="nobody")

    page = enter_password(Client(), user, "something else")

    assert page.status_code == 200
    assert [str(e) for e in page.context["form"].non_field_errors()] == [str(BadCredentials())]
    assert AuditRow.objects.filter(action="refused").count() == 1


def test_a_closed_account_is_answered_like_a_wrong_password() -> None:
    user = an_operator()
    actions.deactivate_account(user, by="user:1", now=NOON)

    with pytest.raises(BadCredentials):
        actions.check_password(
            username=user.username, password=PASSWORD, source="10.0.0.1", now=NOON
        )


def test_guessing_from_elsewhere_does_not_lock_out_whose_account_it_is() -> None:
    user = an_operator()

    def enter(password: str, source: str) -> User:
        return actions.check_password(
            username=user.username, password=password, source=source, now=NOON
        )

    for _ in range(password_pauses().free):
        with pytest.raises(BadCredentials):
            enter("a guess", "10.6.6.6")
    with pytest.raises(TooManyAttempts):
        enter(PASSWORD, "10.6.6.6")

    assert enter(PASSWORD, "10.0.0.1") == user


def test_codes_cannot_be_guessed_on_and_on() -> None:
    secret = totp.new_secret()
    user = an_operator(secret=secret)
    for _ in range(SECOND_FACTORS.times):
        with pytest.raises(BadCredentials):
            actions.check_second_factor(user, code="000000", now=NOON)

    with pytest.raises(TooManyAttempts):
        actions.check_second_factor(user, code=totp.code_at(secret, NOON), now=NOON)
    later = NOON + SECOND_FACTORS.per
    actions.check_second_factor(user, code=totp.code_at(secret, later), now=later)


def test_leaving_ends_the_session_on_the_server() -> None:
    secret, client = totp.new_secret(), Client()
    enter_password(client, an_operator(secret=secret))
    client.post(SECOND, {"code": totp.code_at(secret, NOON)})
    key = client.session.session_key
    assert client.get("/account/").status_code == 200

    client.post("/sign-out/")
    client.cookies["sessionid"] = str(key)

    assert client.get("/account/").status_code == 302


def test_a_link_by_get_leaves_nobody_signed_out() -> None:
    assert Client().get("/sign-out/").status_code == 405


def test_a_staff_session_ends_with_the_shift() -> None:
    client = Client()
    enter_password(client, an_operator())

    assert client.session.get_expiry_date() - NOON < timedelta(days=400)
    assert client.session.get_expiry_age() <= timedelta(hours=12).total_seconds()


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_one_is_led_to_our_own_pages_only(back: str) -> None:
    secret, client = totp.new_secret(), Client()
    user = an_operator(secret=secret)
    client.post(STAFF, {"username": user.username, "password": PASSWORD, "next": back})

    done = client.post(SECOND, {"code": totp.code_at(secret, NOON), "next": back})

    assert done["Location"] == "/desk/"


def test_staff_pages_lead_to_the_staffs_sign_in() -> None:
    assert Client().get("/sign-in/?next=/desk/")["Location"] == f"{STAFF}?next=%2Fdesk%2F"
