"""The API describes itself, with the doors that are not Django's."""

import json
import re

import pytest
from django.test import Client

from backend.web.api.extra_paths import extra_paths

pytestmark = pytest.mark.django_db


def test_the_description_is_openapi_3_1_and_names_each_door_with_how_it_is_opened() -> None:
    answer = Client().get("/api/v1/schema/", {"format": "json"})
    described = json.loads(answer.content)

    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/calls/{id}/accept/", "/api/v1/journal/", "/api/v1/auth/token/"} <= set(
        described["paths"]
    )
    assert {"token": []} in described["paths"]["/api/v1/me/"]["get"]["security"]


def test_a_door_that_another_server_opens_is_described_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = {"202": {"description": "kept"}}
    door = {"post": {"operationId": "sos", "summary": "Call help", "responses": kept}}
    monkeypatch.setitem(extra_paths, "/ingest/v1/test", door)

    described = json.loads(Client().get("/api/v1/schema/", {"format": "json"}).content)

    assert described["paths"]["/ingest/v1/test"] == door


def test_the_description_is_a_page_of_our_own_without_anything_from_elsewhere() -> None:
    page = Client().get("/api/v1/docs/").content.decode()

    assert "POST /api/v1/auth/token/" in page
    assert "https://" not in page


def test_on_the_page_each_form_that_is_named_stands_with_its_fields() -> None:
    page = Client().get("/api/v1/docs/").content.decode()

    named = set(re.findall(r'href="#(form-[^"]+)"', page))
    assert named <= set(re.findall(r'id="(form-[^"]+)"', page))
    accept = page[page.index('id="form-AcceptRequest"') :].partition("</article>")[0]
    assert "<code>responder</code>" in accept
    assert "integer" in accept
    call = page[page.index('id="form-Call"') :].partition("</article>")[0]
    assert "ringing | accepted | on_the_way | arrived | resolved" in call


def test_it_is_written_in_one_language_whoever_asks() -> None:
    told = Client().get("/api/v1/schema/", {"format": "json"}, headers={"Accept-Language": "zh"})
    assert set(re.findall("[\u4e00-\u9fff]+", told.content.decode())) == {"颐安"}


def test_what_some_readers_do_not_see_is_promised_to_none() -> None:
    answer = Client().get("/api/v1/schema/", {"format": "json"})
    told = json.loads(answer.content)["components"]["schemas"]
    assert told["ContactBrief"]["required"] == ["id"]
    assert "phone" in told["ContactBrief"]["properties"]
