"""What a phone installs: manifests, workers and the pages for when there is no network."""

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

STATIC_URL = "/static/"
APPS = [
    ("/", "/manifest.webmanifest", "/sw.js"),
    ("/care/", "/care/manifest.webmanifest", "/care/sw.js"),
]
OFFLINE = [
    f"{scope}offline/{language}/" for scope, *_ in APPS for language, _name in settings.LANGUAGES
]


def shell_of(client: Client, worker: str) -> dict[str, Any]:
    source = client.get(worker).content.decode()
    found = re.match(r"const SHELL = (\{.*?\n\});\n", source, re.S)
    assert found
    shell: dict[str, Any] = json.loads(found.group(1))
    return shell


@pytest.mark.parametrize(("scope", "manifest", "_worker"), APPS)
def test_each_app_installs_with_a_name_in_the_readers_language(
    client: Client, scope: str, manifest: str, _worker: str
) -> None:
    english = client.get(manifest, headers={"Accept-Language": "en"})
    chinese = client.get(manifest, headers={"Accept-Language": "zh-hans"})
    assert english.headers["Content-Type"] == "application/manifest+json"
    assert english.json()["scope"] == english.json()["start_url"] == scope
    assert english.json()["name"].startswith("Yian")
    assert chinese.json()["name"].startswith("颐安")


@pytest.mark.parametrize(("_scope", "manifest", "_worker"), APPS)
def test_every_icon_of_an_app_is_there(
    client: Client, _scope: str, manifest: str, _worker: str
) -> None:
    for icon in client.get(manifest).json()["icons"]:
        assert finders.find(icon["src"].removeprefix(STATIC_URL))


@pytest.mark.parametrize(("scope", "_manifest", "worker"), APPS)
def test_a_worker_keeps_the_shell_and_nothing_about_anybody(
    client: Client, scope: str, _manifest: str, worker: str
) -> None:
    shell = shell_of(client, worker)
    assert shell["scope"] == scope
    assert all(path.startswith(STATIC_URL) for path in shell["files"])
    assert list(shell["offline"]) == [language for language, _name in settings.LANGUAGES]
    assert client.get(worker).headers["Cache-Control"].startswith("max-age=0")


def test_the_elders_worker_leaves_the_other_apps_and_the_doors_alone(client: Client) -> None:
    assert {"/care/", "/desk/", "/api/"} <= set(shell_of(client, "/sw.js")["others"])


def test_the_care_apps_worker_serves_its_own_pages(client: Client) -> None:
    assert "/care/" not in shell_of(client, "/care/sw.js")["others"]


@pytest.mark.parametrize("path", OFFLINE)
def test_without_network_a_page_offers_numbers_to_call(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert f'href="tel:{settings.ENV.emergency_phone}"' in page
    assert 'href="tel:120"' in page


@pytest.mark.parametrize("path", OFFLINE)
def test_a_page_kept_on_the_phone_holds_no_token_and_no_form(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert "csrf" not in page
    assert "<form" not in page


def test_the_offline_page_says_that_no_call_was_sent(client: Client) -> None:
    assert "No call for help was sent." in client.get("/offline/en/").content.decode()


def test_an_offline_page_exists_in_our_languages_only(client: Client) -> None:
    assert client.get("/offline/tlh/").status_code == 404


def test_the_address_that_browsers_guess_leads_to_the_icon(client: Client) -> None:
    address = client.get("/favicon.ico").headers["Location"]
    assert finders.find(address.removeprefix(STATIC_URL))


def test_search_engines_are_sent_away(client: Client) -> None:
    assert "Disallow: /" in client.get("/robots.txt").content.decode()
