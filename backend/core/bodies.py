"""Requests read whole before a thread is given to them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from backend.core import problems
from backend.core.errors import DomainError, TooLarge, TooSlow

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LIMIT_BYTES = 1024 * 1024
WITHIN_S = 10.0


class Gone(Exception):
    """The client left before it had said everything."""


class ReadFirst:
    """Hands a request on once its body is here, so that slow clients keep no thread waiting."""

    def __init__(
        self, app: App, *, limit_bytes: int = LIMIT_BYTES, within_s: float = WITHIN_S
    ) -> None:
        """Stand before an application that reads its requests in threads."""
        self._app = app
        self._limit_bytes = limit_bytes
        self._within_s = within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, then serve; what is too slow or too large is refused here."""
        try:
            async with asyncio.timeout(self._within_s):
                body = await self._whole(receive)
        except TimeoutError:
            await _refuse(send, TooSlow())
        except TooLarge as error:
            await _refuse(send, error)
        except Gone:
            return
        else:
            await self._app(scope, _once(body, receive), send)

    async def _whole(self, receive: Receive) -> bytes:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body += message.get("body", b"")
            if len(body) > self._limit_bytes:
                raise TooLarge
            if not message.get("more_body", False):
                return bytes(body)


def _once(body: bytes, receive: Receive) -> Receive:
    """What was read as one message, then whatever else comes."""
    unread: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body}]

    async def next_message() -> MutableMapping[str, Any]:
        return unread.pop() if unread else await receive()

    return next_message


async def _refuse(send: Send, error: DomainError) -> None:
    body = json.dumps(problems.of_domain_error(error)).encode()
    headers = [
        (b"content-type", problems.CONTENT_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": int(error.status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
