"""Signing in by a digital identity, at a real identity provider (Canaille) with real browsers."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from django.conf import settings as read_settings
from django.test import Client
from pytest_django import Settings

from backend.accounts.models import Identity, User
from backend.env import Env
from backend.runtime.program import ROOT
from tests.builders import Answer, a_resident_account, phone_index, signed_in

pytestmark = pytest.mark.django_db

OURS = "http://testserver"
CLIENT_ID, CLIENT_SECRET = "yian", "what-only-the-two-know"
CLIENT = {
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "client_name": "颐安",
    "redirect_uris": [f"{OURS}/sign-in/identity/back/"],
}
NAME, PASSWORD, PHONE = "wang", "what-wang-remembers", "+8613812345678"
PERSON = {
    "user_name": NAME,
    "password": PASSWORD,
    "family_name": "Wang",
    "formatted_name": "Wang Guilan",
    "emails": ["wang@example.org"],
    "phone_numbers": [PHONE],
}
LONGEST_WAY = 8


@contextmanager
def a_provider() -> Iterator[str]:
    """The address of an identity provider that runs, and has seen nobody yet."""
    setting = json.dumps({"client": CLIENT, "people": [PERSON]})
    with subprocess.Popen(
        (sys.executable, "-m", "tests.identity_server", setting),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            assert address, "the provider did not start"
            yield address
        finally:
            server.terminate()


def trusting(provider: str, *, secret: str = CLIENT_SECRET) -> Env:
    return msgspec.structs.replace(
        read_settings.ENV,
        public_url=OURS,
        oidc_issuer=provider,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=secret,
    )


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with a_provider() as running:
        yield running


@pytest.fixture(autouse=True)
def _we_trust_it(provider: str, settings: Settings) -> None:
    settings.ENV = trusting(provider)


def at_the_provider(start: str, *, answer: str = "accept") -> str:
    """What a person does there in a browser; returns where it sends the browser in the end."""
    with httpx.Client(timeout=10) as browser:
        page = browser.get(start)
        for _ in range(LONGEST_WAY):
            if page.is_redirect:
                there = httpx.URL(page.url).join(page.headers["Location"])
                if str(there).startswith(OURS):
                    return str(there).removeprefix(OURS)
                page = browser.get(there)
            else:
                page = browser.post(page.url, data=filled_in(page.text, answer))
    raise AssertionError(f"never came back: {page.status_code} {page.url}")


def filled_in(page: str, answer: str) -> dict[str, str]:
    """What the person enters on a page: the name, the password, or whether they agree."""
    names = set(re.findall(r'name="(\w+)"', page))
    known = {"login": NAME, "password": PASSWORD, "answer": answer}
    return {name: value for name, value in known.items() if name in names}


def begun(client: Client, start: str = "/sign-in/identity/") -> str:
    return client.get(start)["Location"]


def come_back(client: Client, start: str = "/sign-in/identity/") -> Answer:
    """The whole way: to the provider, through its pages, back to ours."""
    return client.get(at_the_provider(begun(client, start)))


def who(client: Client) -> str:
    return str(client.get("/api/v1/me/").json().get("username", ""))


def test_who_has_linked_their_account_signs_in_by_it_from_any_browser() -> None:
    user = a_resident_account()

    come_back(signed_in(user), "/account/identity/link/")
    another = Client()
    assert come_back(another)["Location"] == "/"

    assert who(another) == user.username
    assert Identity.objects.get().subject == NAME


def test_nobody_is_found_by_a_number_that_the_provider_has_not_verified() -> None:
    User.objects.filter(pk=a_resident_account().pk).update(
        phone=PHONE, phone_index=phone_index(PHONE)
    )
    client = Client()

    assert come_back(client).status_code == 422

    assert who(client) == ""
    assert not Identity.objects.exists()


def test_who_does_not_agree_there_is_not_signed_in(settings: Settings) -> None:
    client = Client()
    with a_provider() as never_asked:
        settings.ENV = trusting(never_asked)
        back = at_the_provider(begun(client), answer="deny")

    assert parse_qs(urlsplit(back).query)["error"] == ["access_denied"]
    assert client.get(back).status_code == 422
    assert who(client) == ""


def test_an_answer_is_good_once_and_only_in_the_browser_that_asked() -> None:
    come_back(signed_in(a_resident_account()), "/account/identity/link/")
    asked, stolen = Client(), Client()
    back = at_the_provider(begun(asked))

    begun(stolen)
    assert stolen.get(back).status_code == 422
    assert asked.get(back)["Location"] == "/"
    asked.logout()
    assert asked.get(back).status_code == 422


@pytest.mark.parametrize("wrong", ["verifier", "secret"])
def test_the_provider_gives_its_token_to_nobody_else(settings: Settings, wrong: str) -> None:
    come_back(signed_in(a_resident_account()), "/account/identity/link/")
    client = Client()
    back = at_the_provider(begun(client))
    if wrong == "secret":
        settings.ENV = trusting(read_settings.ENV.oidc_issuer, secret="guessed")
    else:
        session = client.session
        session["identity_asked"] = {**session["identity_asked"], "verifier": "v" * 64}
        session.save()

    assert client.get(back).status_code == 422
    assert who(client) == ""
