"""Passkeys: made, shown, named and removed; for staff both factors at once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from backend.accounts import actions, totp
from backend.accounts.models import AccessToken, Passkey, User
from backend.accounts.second_factor import SESSION_MARK
from backend.core import clock
from tests.builders import (
    NOON,
    PASSWORD,
    Answer,
    a_passkey,
    a_resident_account,
    a_user,
    reloaded,
    signed_in,
)
from tests.fakes.authenticator import Authenticator

pytestmark = pytest.mark.django_db

ADD, SHOW = "/account/passkeys/", "/sign-in/passkey/"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it happens at noon."""
    with clock.set_to(NOON):
        yield


def post(client: Client, address: str, body: Any = None) -> Answer:
    """Send JSON."""
    return client.post(address, body or {}, content_type="application/json")


def add(client: Client, device: Authenticator) -> Answer:
    """Make a passkey for who is signed in."""
    return post(client, ADD, device.make(post(client, f"{ADD}begin/").json()))


def show(client: Client, device: Authenticator) -> Answer:
    """Sign in by it."""
    return post(client, SHOW, device.show(post(client, f"{SHOW}begin/").json()))


def with_passkey(user: User, **device: Any) -> Authenticator:
    """A device that this account has added."""
    made = Authenticator(**device)
    assert add(signed_in(user), made).status_code == 200
    return made


def test_a_resident_signs_in_by_the_passkey_they_added() -> None:
    user, client = a_resident_account(), Client()
    device = with_passkey(user, verifies=False)

    answer = show(client, device)

    assert answer.json() == {"location": "/"}
    assert client.get("/api/v1/me/").json()["username"] == user.username
    assert reloaded(Passkey.objects.get()).last_used_at == NOON


def test_staff_are_in_with_both_factors_at_once() -> None:
    user, client = a_user(role="operator"), Client()
    device = with_passkey(user)

    assert show(client, device).json() == {"location": "/desk/"}
    assert client.get("/api/v1/me/").status_code == 200


def test_staff_who_only_touched_their_key_are_refused() -> None:
    user, client = a_user(role="operator"), Client()
    device = with_passkey(user)
    device.verifies = False

    assert show(client, device).json()["code"] == "bad_passkey"
    assert client.get("/api/v1/me/").status_code == 401


def test_staff_cannot_add_a_key_that_asks_for_nothing() -> None:
    client = signed_in(a_user(role="operator"))

    assert add(client, Authenticator(verifies=False)).json()["code"] == "bad_passkey"


@pytest.mark.parametrize("fault", ["origin", "challenge", "key", "account closed", "replayed"])
def test_what_is_not_as_it_should_be_signs_nobody_in(fault: str) -> None:
    user, client = a_resident_account(), Client()
    device = with_passkey(user)
    options = post(client, f"{SHOW}begin/").json()
    if fault == "origin":
        device.origin = "https://evil.example"
    elif fault == "challenge":
        options["publicKey"]["challenge"] = "AAAA"
    elif fault == "key":
        device.key = Authenticator().key
    elif fault == "account closed":
        actions.deactivate_account(user, by="user:1", now=NOON)
    answer = device.show(options)
    if fault == "replayed":
        assert post(client, SHOW, answer).status_code == 200
        client = Client()

    assert post(client, SHOW, answer).json()["code"] == "bad_passkey"
    assert client.get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"id": 1}', b'{"rawId": "AA", "response": {}}'])
def test_nonsense_is_refused_and_breaks_nothing(body: bytes) -> None:
    client = Client()
    post(client, f"{SHOW}begin/")

    answer = client.post(SHOW, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_passkey")


def test_a_challenge_is_worth_something_for_five_minutes() -> None:
    device, client = with_passkey(a_resident_account()), Client()
    options = post(client, f"{SHOW}begin/").json()

    with clock.set_to(NOON + timedelta(minutes=5)):
        assert post(client, SHOW, device.show(options)).status_code == 422


def test_a_key_whose_counter_does_not_grow_may_be_a_copy() -> None:
    device = with_passkey(a_resident_account(), counts=True)
    assert show(Client(), device).status_code == 200
    device.count -= 1

    assert show(Client(), device).json()["code"] == "bad_passkey"


def test_the_first_second_factor_may_be_a_passkey_and_then_the_password_adds_no_other() -> None:
    user, client = a_user(role="operator", password=PASSWORD), Client()
    client.post("/sign-in/staff/", {"username": user.username, "password": PASSWORD})
    assert add(client, Authenticator()).status_code == 200
    assert client.session[SESSION_MARK]

    other = Client()
    other.post("/sign-in/staff/", {"username": user.username, "password": PASSWORD})
    refused = add_begin(other)

    assert refused.json()["code"] == "step_up_required"
    assert b"authenticator app and enter" not in other.get("/sign-in/second-factor/").content


def add_begin(client: Client) -> Answer:
    """Begin to make a passkey."""
    return post(client, f"{ADD}begin/")


def test_after_the_password_a_passkey_is_the_second_step() -> None:
    user, client = a_user(role="operator", password=PASSWORD), Client()
    device = with_passkey(user)
    client.post("/sign-in/staff/", {"username": user.username, "password": PASSWORD})

    assert show(client, device).status_code == 200
    assert client.get("/account/").status_code == 200


def test_somebody_elses_passkey_is_no_second_step() -> None:
    user, client = a_user(role="operator", password=PASSWORD), Client()
    totp.enrol(user, secret=totp.new_secret(), now=NOON)
    device = with_passkey(a_user(role="operator"))
    client.post("/sign-in/staff/", {"username": user.username, "password": PASSWORD})

    assert show(client, device).json()["code"] == "bad_passkey"
    assert SESSION_MARK not in client.session


def test_to_add_one_a_fresh_factor_is_shown() -> None:
    user = a_user(role="operator")
    a_passkey(user)
    client = signed_in(user)

    with clock.set_to(NOON + timedelta(minutes=11)):
        assert add_begin(client).json()["code"] == "step_up_required"


def test_a_passkey_is_named_and_removed_by_its_owner_alone() -> None:
    user = a_resident_account()
    passkey, foreign = a_passkey(user), a_passkey(a_resident_account())
    client = signed_in(user)

    client.post(f"{ADD}{passkey.pk}/name/", {"name": "客厅的平板"})
    assert reloaded(passkey).name == "客厅的平板"
    assert client.post(f"{ADD}{foreign.pk}/remove/").status_code == 404
    client.post(f"{ADD}{passkey.pk}/remove/")

    assert list(Passkey.objects.all()) == [foreign]


def test_staff_keep_their_last_second_factor() -> None:
    user = a_user(role="operator")
    passkey = a_passkey(user)

    signed_in(user).post(f"{ADD}{passkey.pk}/remove/")

    assert Passkey.objects.filter(pk=passkey.pk).exists()


def test_a_passkey_gives_no_token_to_a_program() -> None:
    user = a_user(role="operator", password=PASSWORD)
    a_passkey(user)

    answer = post(
        Client(), "/api/v1/auth/token/", {"username": user.username, "password": PASSWORD}
    )

    assert answer.json()["code"] == "second_factor_missing"
    assert not AccessToken.objects.exists()
