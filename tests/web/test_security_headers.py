"""The policy that no page may loosen, and templates that need no loosening."""

import re
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import Client

from backend.asgi import application
from backend.core.bodies import LIMIT_BYTES
from backend.web.csp import SecurityHeadersMiddleware, content_security_policy
from tests.doors import doors

NOBODY = "00000000-0000-0000-0000-000000000000"
ROOT = Path(settings.BASE_DIR)
TEMPLATES = [
    path
    for package in ("backend", "services", "notifications", "devices")
    for path in sorted((ROOT / package).rglob("templates/**/*.html"))
]
INLINE = re.compile(
    r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*(?:src=|application/json))|javascript:", re.I
)


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split("; "))}


def test_scripts_and_styles_come_from_us_only() -> None:
    policy = directives(content_security_policy(""))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["img-src"] == ["'self'", "data:"]


def test_map_tiles_are_allowed_from_their_own_origin_only() -> None:
    policy = directives(content_security_policy("https://{s}.tiles.example/{z}/{x}/{y}.png"))
    assert policy["img-src"] == ["'self'", "data:", "https://*.tiles.example"]


def test_every_answer_carries_the_headers(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in answer.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_no_page_or_door_loosens_the_policy_whoever_asks(client: Client) -> None:
    addresses = {
        door.address(lambda name: 1 if name.endswith("pk") else NOBODY)
        for door in doors()
        if door.verb == "get"
    }
    ours = content_security_policy(settings.ENV.map_tiles_url)
    for address in sorted(addresses | {"/static/nothing.js", "/../x", "/nothing"}):
        headers = client.get(address, follow=False).headers
        assert headers["Content-Security-Policy"] in {ours, "default-src 'none'; sandbox"}, address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["X-Frame-Options"] == "DENY", address


async def test_what_django_does_not_answer_is_hardened_too() -> None:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as program:
        refused = await program.post("/api/v1/calls/", content=bytes(LIMIT_BYTES + 1))
        closed = await program.post("/ingest/v1/observations", content=b"{}")
    assert (refused.status_code, closed.status_code) == (413, 503)
    for answer in (refused, closed):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_view_may_be_stricter_than_the_middleware() -> None:
    own = "default-src 'none'"
    middleware = SecurityHeadersMiddleware(
        lambda _request: HttpResponse(headers={"Content-Security-Policy": own})
    )
    assert middleware(HttpRequest()).headers["Content-Security-Policy"] == own


def test_pages_about_people_are_kept_by_no_shared_cache(client: Client) -> None:
    assert "private" in client.get("/nothing-here").headers["Cache-Control"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_inline_style_or_script(path: Path) -> None:
    assert not INLINE.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_can_be_read(path: Path) -> None:
    get_template(str(path).partition("templates/")[2])
