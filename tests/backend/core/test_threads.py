"""A WSGI application in threads: whole answers go out in one go, long ones piece by piece."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Any

import pytest

from backend.core import threads
from backend.core.precedence import Precedence
from backend.core.threads import InThreads

Message = MutableMapping[str, Any]
Start = Callable[[str, list[tuple[str, str]]], object]
SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "path": "/calls/",
    "query_string": b"state=open",
    "headers": [(b"content-type", b"text/plain")],
}


class Sent(list[Message]):
    """What was sent, by the event loop's own thread."""

    async def __call__(self, message: Message) -> None:
        assert threading.current_thread() is threading.main_thread()
        self.append(message)

    @property
    def bodies(self) -> list[bytes]:
        return [message["body"] for message in self if message["type"] == "http.response.body"]


async def ask(wsgi: Callable[..., Iterable[bytes]], body: bytes = b"") -> Sent:
    """One request with a body."""
    sent = Sent()

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    await InThreads(wsgi, workers=1)(SCOPE, receive, sent)
    return sent


async def test_an_answer_has_its_status_its_headers_and_its_body() -> None:
    def wsgi(environ: dict[str, Any], start: Start) -> list[bytes]:
        start("201 Created", [("Content-Type", "text/plain "), ("X-Asked", environ["PATH_INFO"])])
        return [environ["QUERY_STRING"].encode() + b" " + environ["wsgi.input"].read()]

    sent = await ask(wsgi, b"together")

    assert sent[0]["status"] == 201
    assert sent[0]["headers"] == [(b"content-type", b"text/plain"), (b"x-asked", b"/calls/")]
    assert sent.bodies == [b"state=open together", b""]
    assert [message.get("more_body", False) for message in sent[1:]] == [True, False]


async def test_a_whole_answer_is_sent_when_its_thread_is_free_again() -> None:
    closed: list[int] = []
    sent = Sent()

    class Answer(list[bytes]):
        def close(self) -> None:
            closed.append(len(sent))

    def wsgi(_environ: dict[str, Any], start: Start) -> Answer:
        start("200 OK", [])
        return Answer([b"ok"])

    async def receive() -> Message:
        return {"type": "http.request"}

    await InThreads(wsgi, workers=1)(SCOPE, receive, sent)

    assert closed == [0]
    assert sent.bodies == [b"ok", b""]


async def test_of_a_long_answer_a_piece_is_sent_before_the_next_but_one_is_made() -> None:
    sent, when_made = Sent(), []

    def wsgi(_environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        for number in range(4):
            when_made.append(len(sent.bodies))
            yield bytes([number])

    async def receive() -> Message:
        return {"type": "http.request"}

    await InThreads(wsgi, workers=1)(SCOPE, receive, sent)

    assert when_made == [0, 0, 1, 2]
    assert sent.bodies == [b"\x00", b"\x01", b"\x02", b"\x03", b""]


async def test_an_answer_without_a_body_is_an_answer() -> None:
    def wsgi(_environ: dict[str, Any], start: Start) -> list[bytes]:
        start("204 No Content", [])
        return []

    sent = await ask(wsgi)

    assert [sent[0]["status"], *sent.bodies] == [204, b""]


async def test_an_application_that_breaks_down_has_said_nothing_yet() -> None:
    def wsgi(environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        yield b"half"
        raise ZeroDivisionError(environ["PATH_INFO"])

    door = InThreads(wsgi, workers=1)

    async def receive() -> Message:
        return {"type": "http.request"}

    for _ in range(2):
        sent = Sent()
        with pytest.raises(ZeroDivisionError):
            await door(SCOPE, receive, sent)
        assert sent == [], "the server can still say that it failed"


async def test_a_request_begins_when_the_alarm_that_came_before_it_is_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alarms, order = Precedence(), []
    monkeypatch.setattr(threads, "ALARMS", alarms)

    def wsgi(_environ: dict[str, Any], start: Start) -> list[bytes]:
        order.append("request")
        start("200 OK", [])
        return []

    with alarms.goes_first():
        asked = asyncio.create_task(ask(wsgi))
        await asyncio.sleep(0.01)
        order.append("alarm")
    await asked

    assert order == ["alarm", "request"]
