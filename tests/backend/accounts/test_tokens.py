"""Tokens are got with all factors, shown once, and end at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from backend.accounts import actions, tokens, totp
from backend.accounts.authentication import user_of_token
from backend.accounts.models import AccessToken
from backend.core import clock, journal
from tests.builders import (
    NOON,
    PASSWORD,
    Answer,
    a_resident_account,
    a_user,
    an_area,
    reloaded,
    with_token,
)

pytestmark = pytest.mark.django_db

DOOR, SOS_DOOR = "/api/v1/auth/token/", "/api/v1/me/sos-tokens/"
JSON = "application/json"


def ask(**given: Any) -> Answer:
    """Ask for a token at noon."""
    with clock.set_to(NOON):
        return Client().post(DOOR, given, content_type=JSON)


def test_staff_get_a_token_with_password_and_code_and_it_opens_the_api() -> None:
    user, secret = a_user(role="operator", password=PASSWORD), totp.new_secret()
    totp.enrol(user, secret=secret, now=NOON)

    answer = ask(username=user.username, password=PASSWORD, totp=totp.code_at(secret, NOON))
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"token", "expires_at"}
    assert tokens.FORM.fullmatch(body["token"])
    with clock.set_to(NOON):
        me = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {body['token']}"})

    assert me.json()["username"] == user.username


@pytest.mark.parametrize("wrong", ["username", "password", "totp"])
def test_whatever_is_wrong_is_answered_the_same(wrong: str) -> None:
    user, secret = a_user(role="operator", password=PASSWORD), totp.new_secret()
    totp.enrol(user, secret=secret, now=NOON)
    given = {
        "username": user.username,
        "password": PASSWORD,
        "totp": totp.code_at(secret, NOON),
    }

    answer = ask(**{**given, wrong: "000000"})

    assert answer.status_code == 401
    assert answer.json()["code"] == "bad_credentials"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_staff_without_an_app_get_no_token() -> None:
    user = a_user(role="operator", password=PASSWORD)

    assert ask(username=user.username, password=PASSWORD).json()["code"] == "second_factor_missing"


def test_a_resident_with_a_password_needs_no_app() -> None:
    user = a_user(role="resident", password=PASSWORD)

    assert ask(username=user.username, password=PASSWORD).status_code == 200


@pytest.mark.parametrize("given", [{}, {"username": "anna"}, {"username": "a", "password": "\0"}])
def test_what_cannot_be_credentials_is_refused_by_field(given: dict[str, str]) -> None:
    answer = ask(**given)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_the_token_in_the_header_is_revoked_at_once() -> None:
    client = with_token(a_user(role="operator"))
    assert client.get("/api/v1/me/").status_code == 200

    assert client.delete(DOOR).status_code == 204

    assert client.get("/api/v1/me/").status_code == 401
    assert client.delete(DOOR).status_code == 401


def test_a_lost_phones_token_is_revoked_from_another() -> None:
    user = a_resident_account()
    lost, kept = with_token(user), with_token(user)
    oldest = AccessToken.objects.order_by("pk").first()
    assert oldest is not None

    assert len(kept.get("/api/v1/me/tokens/").json()) == 2
    assert kept.delete(f"/api/v1/me/tokens/{oldest.pk}/").status_code == 204

    assert lost.get("/api/v1/me/").status_code == 401
    assert kept.get("/api/v1/me/").status_code == 200


def test_nobody_revokes_anothers_token() -> None:
    with_token(a_resident_account())
    token = AccessToken.objects.get()

    answer = with_token(a_resident_account()).delete(f"/api/v1/me/tokens/{token.pk}/")

    assert answer.status_code == 404
    assert reloaded(token).revoked_at is None


def test_an_api_token_ends_with_the_shift() -> None:
    token, expires_at = actions.issue_api_token(a_user(role="operator"), by="user:1", now=NOON)

    with clock.set_to(expires_at - timedelta(seconds=1)):
        assert user_of_token(token) is not None
    with clock.set_to(expires_at):
        assert user_of_token(token) is None


def test_an_sos_token_outlives_everything_but_its_revocation() -> None:
    user = a_resident_account()
    token = actions.issue_sos_token(user, by="user:1", now=NOON)
    actions.deactivate_account(user, by="user:1", now=NOON)

    with clock.set_to(NOON + timedelta(days=3650)):
        assert user_of_token(token, kind=AccessToken.Kind.SOS) == user
    actions.revoke_token(AccessToken.objects.get(), by="user:1", now=NOON)
    assert user_of_token(token, kind=AccessToken.Kind.SOS) is None


def test_an_sos_token_opens_nothing_else_and_no_other_token_is_one() -> None:
    user = a_resident_account()
    sos = actions.issue_sos_token(user, by="user:1", now=NOON)
    api, _ = actions.issue_api_token(user, by="user:1", now=NOON)

    with clock.set_to(NOON):
        assert user_of_token(sos) is None
        assert user_of_token(api) == user
        assert user_of_token(api, kind=AccessToken.Kind.SOS) is None


def test_a_resident_gets_an_sos_token_for_the_phone_and_nobody_else_does() -> None:
    given = with_token(a_resident_account()).post(SOS_DOOR, {"label": "手机"}, JSON)
    refused = with_token(a_user(role="operator")).post(SOS_DOOR, {}, JSON)

    assert given.status_code == 201
    assert given.json()["token"].startswith("yian_sos_")
    assert refused.status_code == 403


def test_a_closed_accounts_api_tokens_end_at_once() -> None:
    user = a_user(role="operator")
    client = with_token(user)

    actions.deactivate_account(user, by="user:1", now=NOON)
    actions.activate_account(user, by="user:1", now=NOON)

    assert client.get("/api/v1/me/").status_code == 401


def test_issuing_and_revoking_stand_in_audit_and_journal_without_the_token() -> None:
    user = a_user(role="operator")
    token, _ = actions.issue_api_token(user, by="user:1", now=NOON)
    actions.revoke_token(AccessToken.objects.get(), by="user:2", now=NOON)

    events = list(journal.about(user.reference))

    assert [(e.type, e.by) for e in events] == [
        ("account.token_issued", "user:1"),
        ("account.token_revoked", "user:2"),
    ]
    assert token not in str([event.data for event in events])


def test_the_last_use_is_known_to_five_minutes() -> None:
    token, _ = actions.issue_api_token(a_user(role="operator"), by="user:1", now=NOON)

    for seconds, used_s in [(1, 1), (200, 1), (302, 302)]:
        with clock.set_to(NOON + timedelta(seconds=seconds)):
            user_of_token(token)
        assert AccessToken.objects.get().last_used_at == NOON + timedelta(seconds=used_s)


def test_the_account_of_a_token_knows_its_area_at_once_and_its_phone(
    django_assert_num_queries: Any,
) -> None:
    user = a_user(role="operator", phone="13812345678", area=an_area())
    token, _ = actions.issue_api_token(user, by="user:1", now=NOON)

    with clock.set_to(NOON):
        user_of_token(token)
        with django_assert_num_queries(1):
            found = user_of_token(token)
            assert found is not None
            assert found.area is not None
            assert user.area is not None
            assert (found.area.path, found.phone) == (user.area.path, "13812345678")
    assert found.area.name == user.area.name
    assert found.get_deferred_fields() == {"password", "last_login"}
