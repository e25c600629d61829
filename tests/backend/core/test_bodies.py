"""Slow, huge and broken-off requests never reach the threads of the application."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from backend.asgi import application
from backend.core.bodies import ReadFirst, Receive, Scope, Send

Message = MutableMapping[str, Any]


class Behind:
    """The application behind: what reached it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def a_part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def asked(behind: Behind, *parts: Message) -> list[int]:
    """Send these and then nothing more; the statuses that were answered."""
    unsent, statuses = list(parts), []

    async def receive() -> Message:
        if not unsent:
            await asyncio.Event().wait()
        return unsent.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    asyncio.run(ReadFirst(behind, limit_bytes=10, within_s=0.05)({}, receive, send))
    return statuses


def test_a_request_that_came_in_parts_is_handed_on_whole() -> None:
    behind = Behind()
    assert asked(behind, a_part(b"to", more=True), a_part(b"gether")) == [200]
    assert behind.bodies == [b"together"]


def test_a_request_that_does_not_end_is_refused_and_takes_no_thread() -> None:
    behind = Behind()
    assert asked(behind, a_part(b"{", more=True)) == [408]
    assert behind.bodies == []


def test_a_request_that_is_too_large_is_refused_however_it_says_its_length() -> None:
    behind = Behind()
    assert asked(behind, a_part(b"123456", more=True), a_part(b"78901", more=True)) == [413]
    assert behind.bodies == []


def test_a_request_broken_off_is_not_acted_upon() -> None:
    behind = Behind()
    assert asked(behind, a_part(b"half", more=True), {"type": "http.disconnect"}) == []
    assert behind.bodies == []


def test_pages_and_urgent_doors_read_first() -> None:
    assert isinstance(application.pages, ReadFirst)
    assert isinstance(application.urgent, ReadFirst)
