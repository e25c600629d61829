"""Who is let in at the sockets: our own pages, programs with a token, and nobody too often."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings as ours
from pytest_django import Settings

from backend.accounts.models import Role, User
from backend.accounts.second_factor import SESSION_MARK
from backend.web import consumers
from backend.web.consumers import POLICY_VIOLATION, TRY_AGAIN_LATER
from backend.web.live import Hub
from backend.web.sockets import application
from tests.builders import a_user, an_api_token, an_area, signed_in
from tests.threads import on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

OURS = "http://care.example"


@pytest.fixture(autouse=True)
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub without sockets."""
    fresh = Hub()
    fresh.executor = ThreadPoolExecutor(1)
    monkeypatch.setattr(consumers, "hub", fresh)
    yield fresh
    fresh.executor.submit(on_own_connection, list).result()
    fresh.executor.shutdown()


def an_operator() -> User:
    return a_user(role=Role.OPERATOR, area=an_area())


def a_line(**scope: Any) -> Any:
    """A browser's or a program's line to the board."""
    asked = {
        "type": "websocket",
        "path": "/ws/v1/board",
        "subprotocols": [],
        "headers": [],
        **scope,
    }
    return ApplicationCommunicator(application, asked)  # type: ignore[no-untyped-call]


async def answered(line: Any) -> int | None:
    """None where the line is taken, or by which code it is closed."""
    await line.send_input({"type": "websocket.connect"})
    first = await line.receive_output(5)
    return None if first["type"] == "websocket.accept" else first.get("code")


async def hang_up(line: Any) -> None:
    await line.send_input({"type": "websocket.disconnect", "code": 1000})
    await line.wait(5)


def from_page(origin: str | None, *, user: User | None = None, host: str = "care.example") -> Any:
    """What a socket is answered that a page of this origin opens with the cookie."""
    cookie = signed_in(user or an_operator()).cookies[ours.SESSION_COOKIE_NAME].OutputString()
    headers = [(b"host", host.encode()), (b"cookie", cookie.partition(";")[0].encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))

    async def play() -> int | None:
        line = a_line(headers=headers)
        code = await answered(line)
        await hang_up(line)
        return code

    return asyncio.run(play())


def test_a_page_of_our_own_is_let_in_by_its_cookie() -> None:
    assert from_page(OURS) is None


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "https://evil.example",
        "http://care.example.evil.example",
        "http://evil.example/care.example",
        "http://care.example:8443",
        "http://care.example@evil.example",
        "care.example",
        "file://",
    ],
)
def test_a_page_of_somebody_else_is_not_let_in_by_ones_cookie(origin: str | None) -> None:
    assert from_page(origin) == POLICY_VIOLATION


def test_where_we_are_reached_by_https_a_page_that_came_without_it_is_not_ours(
    settings: Settings,
) -> None:
    settings.SESSION_COOKIE_SECURE = True

    assert from_page("http://care.example") == POLICY_VIOLATION
    assert from_page("https://care.example") is None


def test_behind_a_proxy_the_public_address_is_ours(settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://care.example"]

    assert from_page("https://care.example", host="10.0.0.7:8000") is None


def test_with_one_factor_staff_hear_nothing() -> None:
    user = an_operator()
    browser = signed_in(user)
    session = browser.session
    del session[SESSION_MARK]
    session.save()
    cookie = f"{ours.SESSION_COOKIE_NAME}={session.session_key}".encode()
    headers = [(b"host", b"care.example"), (b"origin", OURS.encode()), (b"cookie", cookie)]

    assert asyncio.run(answered(a_line(headers=headers))) == POLICY_VIOLATION


@pytest.mark.parametrize(
    "offered", [[], ["yian.v1"], ["bearer.yian_api_x"], ["yian.v1", "bearer."]]
)
def test_who_shows_nothing_is_not_let_in(offered: list[str]) -> None:
    assert asyncio.run(answered(a_line(subprotocols=offered))) == POLICY_VIOLATION


def test_an_account_opens_so_many_sockets_and_no_more_until_one_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(consumers, "SOCKETS_OF_ACCOUNT", 2)
    offered = ["yian.v1", f"bearer.{an_api_token(an_operator())}"]
    others = ["yian.v1", f"bearer.{an_api_token(an_operator())}"]

    async def play() -> list[int | None]:
        lines = [a_line(subprotocols=offered) for _ in range(3)]
        codes = [await answered(line) for line in lines]
        codes.append(await answered(another := a_line(subprotocols=others)))
        await hang_up(lines[0])
        codes.append(await answered(again := a_line(subprotocols=offered)))
        for line in (lines[1], another, again):
            await hang_up(line)
        return codes

    assert asyncio.run(play()) == [None, None, TRY_AGAIN_LATER, None, None]
