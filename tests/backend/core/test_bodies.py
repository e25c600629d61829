"""Slow, huge and broken-off requests never reach the threads of the application."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from backend.asgi import application
from backend.core import bodies, room
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


def asked(behind: Behind, *parts: Message, path: str = "/") -> list[int]:
    """Send these and then nothing more; the statuses that were answered."""
    unsent, statuses = list(parts), []

    async def receive() -> Message:
        if not unsent:
            await asyncio.Event().wait()
        return unsent.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"path": path, "method": "POST"}
    doors = ReadFirst(behind, limit_bytes=10, within_s=0.05, larger={"/photos/": 20})
    asyncio.run(doors(scope, receive, send))
    return statuses


def test_a_request_that_came_in_parts_is_handed_on_whole() -> None:
    behind = Behind()
    assert asked(behind, a_part(b"to", more=True), a_part(b"gether")) == [200]
    assert behind.bodies == [b"together"]


def test_a_request_that_does_not_end_is_refused_and_takes_no_thread() -> None:
    behind = Behind()
    assert asked(behind, a_part(b"{", more=True)) == [408]
    assert behind.bodies == []


def test_a_door_for_photos_takes_more_and_only_it_does() -> None:
    behind = Behind()
    assert asked(behind, a_part(bytes(15)), path="/photos/") == [200]
    assert asked(behind, a_part(bytes(21)), path="/photos/") == [413]
    assert asked(behind, a_part(bytes(15)), path="/photos") == [413]


async def test_of_large_bodies_only_so_many_are_held_at_once() -> None:
    doors = ReadFirst(Behind(), limit_bytes=10, larger={"/photos/": 20})
    scope = {"path": "/photos/", "method": "POST"}
    answered: list[int] = []

    async def nothing_comes() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    held = [
        asyncio.create_task(doors(scope, nothing_comes, send)) for _ in range(bodies.LARGE_AT_ONCE)
    ]
    await asyncio.sleep(0)
    await doors(scope, nothing_comes, send)
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)

    assert answered == [503]
    assert doors._large == 0


async def test_bodies_on_their_way_take_so_much_memory_together_and_small_ones_always_find_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "SMALL_BYTES", 5)
    monkeypatch.setattr(room.ROOM, "most_bytes", 20)
    behind, statuses = Behind(), []
    doors = ReadFirst(behind, limit_bytes=100)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def ask(*parts: Message, then_wait: bool = False) -> None:
        unsent = list(parts)

        async def receive() -> Message:
            if not unsent and then_wait:
                await asyncio.Event().wait()
            return unsent.pop(0)

        await doors({"path": "/", "method": "POST"}, receive, send)

    slow = asyncio.create_task(ask(a_part(bytes(18), more=True), then_wait=True))
    await asyncio.sleep(0)
    await ask(a_part(bytes(10)))
    await ask(a_part(b"small"))
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    await ask(a_part(bytes(10)))

    assert statuses == [503, 200, 200]
    assert room.ROOM.taken_bytes == 0


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


def test_acts_that_wait_keep_no_question_about_our_health_waiting() -> None:
    behind = {path: application._door(path) for path in ("/healthz", "/readyz", "/api/v1/calls/")}
    assert behind["/healthz"] is behind["/readyz"] is application.health
    assert behind["/api/v1/calls/"] is application.urgent
