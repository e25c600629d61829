"""Requests read whole before a thread is given to them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from backend.core import problems
from backend.core.errors import DomainError, TooLarge, TooSlow, Unavailable
from backend.core.room import ROOM, Place

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]
Refusal = Callable[[Scope, DomainError], tuple[list[Header], bytes]]
"""How a refusal is said to whoever asked: headers and a body."""

LIMIT_BYTES = 1024 * 1024
WITHIN_S = 10.0
LARGE_WITHIN_S = 60.0
"""A photo of 8 MB over a slow mobile network."""
LARGE_AT_ONCE = 8
"""So many large bodies are held at the same time; the next is told to come again."""


class Gone(Exception):
    """The client left before it had said everything."""


def as_problem(_scope: Scope, error: DomainError) -> tuple[list[Header], bytes]:
    """A refusal as RFC 9457 says, for programs."""
    body = json.dumps(problems.of_domain_error(error)).encode()
    return [(b"content-type", problems.CONTENT_TYPE.encode())], body


class ReadFirst:
    """Hands a request on once its body is here, so that slow clients keep no thread waiting."""

    def __init__(
        self,
        app: App,
        *,
        limit_bytes: int = LIMIT_BYTES,
        within_s: float = WITHIN_S,
        larger: Mapping[str, int] | None = None,
        refusal: Refusal = as_problem,
    ) -> None:
        """Stand before an application that reads its requests in threads.

        `larger`: paths that take more, and how much. `refusal`: how what is not read is answered.
        """
        self._app = app
        self._limit_bytes = limit_bytes
        self._within_s = within_s
        self._larger = larger or {}
        self._refusal = refusal
        self._large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, then serve; what is too slow or too large is refused here."""
        limit = self._larger.get(scope.get("path", ""), self._limit_bytes)
        if limit > self._limit_bytes and scope["method"] == "POST":
            await self._serve_large(scope, receive, send, limit)
        else:
            await self._serve(scope, receive, send, limit=limit, within_s=self._within_s)

    async def _serve_large(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        if self._large >= LARGE_AT_ONCE:
            await self._refuse(scope, send, Unavailable())
            return
        self._large += 1
        try:
            await self._serve(scope, receive, send, limit=limit, within_s=LARGE_WITHIN_S)
        finally:
            self._large -= 1

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, *, limit: int, within_s: float
    ) -> None:
        try:
            with ROOM.place() as place:
                async with asyncio.timeout(within_s):
                    body = await _whole(receive, limit, place)
        except TimeoutError:
            await self._refuse(scope, send, TooSlow())
        except (TooLarge, Unavailable) as error:
            await self._refuse(scope, send, error)
        except Gone:
            return
        else:
            await self._app(scope, _once(body, receive), send)

    async def _refuse(self, scope: Scope, send: Send, error: DomainError) -> None:
        headers, body = self._refusal(scope, error)
        headers += [(b"content-length", str(len(body)).encode()), (b"connection", b"close")]
        start = {"type": "http.response.start", "status": int(error.status), "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body})


async def _whole(receive: Receive, limit: int, place: Place) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > limit:
            raise TooLarge(megabytes=max(1, limit // LIMIT_BYTES))
        if not place.takes(len(part)):
            raise Unavailable
        if not message.get("more_body", False):
            return bytes(body)


def _once(body: bytes, receive: Receive) -> Receive:
    """What was read as one message, then whatever else comes."""
    unread: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body}]

    async def next_message() -> MutableMapping[str, Any]:
        return unread.pop() if unread else await receive()

    return next_message
