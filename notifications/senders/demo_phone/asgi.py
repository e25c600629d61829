"""HTTP over plain ASGI: one request read whole, one reply sent whole."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]

BODY_LIMIT_BYTES = 64 * 1024


class BodyTooLarge(Exception):
    """The body is over the limit; reading stopped."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, its body read; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def form(self) -> dict[str, list[str]]:
        """The body as an URL-encoded form."""
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; a document goes out as JSON, and None as an empty body."""

    status: int
    document: Mapping[str, object] | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """The bytes to send."""
        if self.document is None:
            return b""
        return json.dumps(self.document, ensure_ascii=False).encode()


def problem(status: int, code: str, title: str) -> Reply:
    """A refusal as RFC 9457 problem details, with a stable code."""
    document = {"type": "about:blank", "title": title, "status": status, "code": code}
    return Reply(status, document, content_type="application/problem+json")


async def read_body(receive: Receive) -> bytes:
    """The whole body.

    Raises:
        BodyTooLarge: it is over the limit.
    """
    body = bytearray()
    more = True
    while more:
        event = await receive()
        body += event.get("body", b"")
        if len(body) > BODY_LIMIT_BYTES:
            raise BodyTooLarge
        more = event.get("more_body", False)
    return bytes(body)


async def read_request(scope: Scope, receive: Receive) -> Request:
    """Read one request whole; raises BodyTooLarge as `read_body` does."""
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True),
        headers={
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        },
        body=await read_body(receive),
    )


async def send_reply(send: Send, reply: Reply) -> None:
    """Send the reply."""
    await send_bytes(
        send, reply.status, reply.body(), {"content-type": reply.content_type, **reply.headers}
    )


async def send_bytes(send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    """Send a status, headers and one body."""
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    lines.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})
