"""Residents and families sign in by a digital identity; what is not proven signs nobody in."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.conf import settings as read_settings
from django.test import Client
from pytest_django import Settings

from backend.accounts import oidc
from backend.accounts.models import Identity
from backend.core import clock
from tests.builders import NOON, Answer, a_phone, a_resident_account, a_user, phone_index, signed_in
from tests.fakes.issuer import CLIENT, KEY_ID, SECRET, Issuer, an_issuer

pytestmark = pytest.mark.django_db

OURS = "http://testserver"


@pytest.fixture
def issuer(settings: Settings) -> Iterator[Issuer]:
    """A digital identity that we trust, at noon."""
    with clock.set_to(NOON), an_issuer(NOON) as served:
        settings.ENV = msgspec.structs.replace(
            read_settings.ENV,
            oidc_issuer=served.url,
            oidc_client_id=CLIENT,
            oidc_client_secret=SECRET,
        )
        yield served


def sent_back(client: Client, start: str = "/sign-in/identity/") -> str:
    """Where the issuer sends the browser after the person agreed."""
    there = httpx.get(client.get(start)["Location"], timeout=5)
    return there.headers["Location"].removeprefix(OURS)


def sign_in(client: Client) -> Answer:
    """The whole way."""
    return client.get(sent_back(client))


def who(client: Client) -> str:
    """Who is signed in."""
    return str(client.get("/api/v1/me/").json().get("username", ""))


def test_a_number_that_the_issuer_verified_finds_the_account_and_links_it(issuer: Issuer) -> None:
    user, client = a_resident_account(), Client()
    issuer.claims |= {"phone_number": user.phone, "phone_number_verified": True}

    assert sign_in(client)["Location"] == "/"

    assert who(client) == user.username
    assert Identity.objects.get().user == user
    issuer.claims = {"sub": "somebody"}
    again = Client()
    sign_in(again)
    assert who(again) == user.username, "the link stays, whatever number is told later"


def test_the_number_may_stand_at_the_issuers_own_door(issuer: Issuer) -> None:
    user, client = a_resident_account(), Client()
    issuer.told = {"phone_number": user.phone, "phone_number_verified": True}

    sign_in(client)

    assert who(client) == user.username


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"phone_number_verified": False},
        {"phone_number_verified": "true"},
        {"phone_number": "12", "phone_number_verified": True},
    ],
)
def test_a_number_that_nobody_verified_finds_nobody(issuer: Issuer, told: dict[str, Any]) -> None:
    user, client = a_resident_account(), Client()
    issuer.claims |= {"phone_number": user.phone, **told}

    assert sign_in(client).status_code == 422
    assert who(client) == ""
    assert not Identity.objects.exists()


def test_staff_are_never_found_by_their_number(issuer: Issuer) -> None:
    phone = a_phone()
    a_user(role="operator", phone=phone, phone_index=phone_index(phone))
    issuer.claims |= {"phone_number": phone, "phone_number_verified": True}

    assert sign_in(Client()).status_code == 422


def test_staff_who_are_linked_all_the_same_reach_nothing_without_their_second_factor(
    issuer: Issuer,
) -> None:
    user, client = a_user(role="operator"), Client()
    Identity.objects.create(
        user=user, issuer=issuer.url, subject="somebody", linked_at=NOON, how="signed_in"
    )

    assert sign_in(client)["Location"] == "/sign-in/second-factor/"
    assert client.get("/api/v1/me/").json()["code"] == "second_factor_missing"


def test_who_is_signed_in_links_their_account_and_takes_it_back(issuer: Issuer) -> None:
    user = a_resident_account()
    client = signed_in(user)

    client.get(sent_back(client, "/account/identity/link/"))
    assert Identity.objects.get().user == user
    client.post("/account/identity/unlink/")

    assert not Identity.objects.exists()


def test_an_identity_of_somebody_else_is_not_linked(issuer: Issuer) -> None:
    owner = a_resident_account()
    Identity.objects.create(
        user=owner, issuer=issuer.url, subject="somebody", linked_at=NOON, how="phone"
    )
    client = signed_in(a_resident_account())

    assert client.get(sent_back(client, "/account/identity/link/")).status_code == 422
    assert Identity.objects.get().user == owner


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "issuer": {"iss": "https://evil.example"},
    "audience": {"aud": "another"},
    "party": {"aud": [CLIENT, "another"], "azp": "another"},
    "expired": {"exp": int((NOON - timedelta(minutes=2)).timestamp())},
    "no end": {"exp": None},
    "of the future": {"iat": int((NOON + timedelta(minutes=2)).timestamp())},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("wrong", WRONG_CLAIMS)
def test_a_token_that_is_not_for_us_now_is_refused(issuer: Issuer, wrong: str) -> None:
    user, client = a_resident_account(), Client()
    told = {"phone_number": user.phone, "phone_number_verified": True}
    issuer.claims |= told | WRONG_CLAIMS[wrong]

    assert sign_in(client).status_code == 422
    assert who(client) == ""


@pytest.mark.parametrize(
    "forged", ["none", "another key", "our secret", "unknown key id", "another kind"]
)
def test_a_token_that_the_issuer_did_not_sign_is_refused(issuer: Issuer, forged: str) -> None:
    user, client = a_resident_account(), Client()
    issuer.claims |= {"phone_number": user.phone, "phone_number_verified": True}
    other, kid = ec.generate_private_key(ec.SECP256R1()), {"kid": KEY_ID}
    of_another_kind = rsa.generate_private_key(65537, 2048)
    issuer.sign = {
        "none": lambda claims: jwt.encode(claims, "", algorithm="none", headers=kid),
        "another key": lambda claims: jwt.encode(claims, other, "ES256", headers=kid),
        "another kind": lambda claims: jwt.encode(claims, of_another_kind, "RS256", headers=kid),
        "our secret": lambda claims: jwt.encode(claims, 2 * SECRET, "HS256", headers=kid),
        "unknown key id": lambda claims: jwt.encode(
            claims, issuer.key, "ES256", headers={"kid": "k2"}
        ),
    }[forged]

    assert sign_in(client).status_code == 422
    assert who(client) == ""


def a_key_for(algorithm: str) -> Any:
    """A private key that signs by this algorithm."""
    curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
    if algorithm in curves:
        return ec.generate_private_key(curves[algorithm])
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize("algorithm", oidc.ALGORITHMS)
def test_each_usual_signature_is_taken_by_a_key_that_names_none(
    issuer: Issuer, algorithm: str
) -> None:
    user, client = a_resident_account(), Client()
    issuer.claims |= {"phone_number": user.phone, "phone_number_verified": True}
    issuer.algorithm, issuer.key, issuer.key_says = algorithm, a_key_for(algorithm), {}

    sign_in(client)

    assert who(client) == user.username


@pytest.mark.parametrize(
    ("says", "is_taken"),
    [({}, True), ({"use": "enc"}, False), ({"alg": "ES384"}, False), ({"alg": "RS256"}, False)],
)
def test_a_key_signs_only_by_what_it_says_of_itself(
    issuer: Issuer, says: dict[str, str], is_taken: bool
) -> None:
    user, client = a_resident_account(), Client()
    issuer.claims |= {"phone_number": user.phone, "phone_number_verified": True}
    issuer.key_says = says

    sign_in(client)

    assert (who(client) == user.username) == is_taken


@pytest.mark.parametrize("wrong", ["state", "browser", "verifier", "issuer", "late", "replayed"])
def test_an_answer_that_is_not_to_our_question_is_refused(issuer: Issuer, wrong: str) -> None:
    user, client = a_resident_account(), Client()
    issuer.claims |= {"phone_number": user.phone, "phone_number_verified": True}
    back, now = sent_back(client), NOON
    if wrong == "state":
        back = back.replace("state=", "state=x")
    elif wrong == "issuer":
        back = back.replace("iss=", "iss=x")
    elif wrong == "browser":
        client = Client()
    elif wrong == "late":
        now += timedelta(minutes=11)
    elif wrong == "replayed":
        client.get(back)
        client.logout()
    elif wrong == "verifier":
        session = client.session
        session["identity_asked"] = {**session["identity_asked"], "verifier": "another"}
        session.save()

    with clock.set_to(now):
        assert client.get(back).status_code == 422
        assert who(client) == ""


def test_an_issuer_that_calls_itself_something_else_is_not_asked(
    issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    issuer.discovered = {"issuer": "https://evil.example"}

    assert Client().get("/sign-in/identity/").status_code == 422
    assert "identity.refused discovery names another issuer, or no doors" in caplog.text


def test_without_an_issuer_there_is_no_button_and_no_way() -> None:
    assert Client().get("/sign-in/identity/").status_code == 422
    assert b"/sign-in/identity/" not in Client().get("/sign-in/").content
