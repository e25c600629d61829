"""The demo telephones' doors, passed on from the web process to theirs."""

from __future__ import annotations

import httpx

from notifications.senders.demo_phone.asgi import (
    BodyTooLarge,
    Receive,
    Scope,
    Send,
    problem,
    read_body,
    send_bytes,
    send_reply,
)

TIMEOUT = httpx.Timeout(30.0, connect=3.0)
"""Longer than the 25 s that the events door may wait."""

CONNECTIONS = httpx.Limits(max_connections=200, max_keepalive_connections=20)
PASSED_HEADERS = ("content-type", "cache-control")


class DemoPhoneProxy:
    """ASGI application for /demo/v1/*; `upstream_url` None means there is no demo: 404."""

    def __init__(self, upstream_url: str | None) -> None:
        self._upstream_url = upstream_url.rstrip("/") if upstream_url else None
        self._client: httpx.AsyncClient | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and its answer back."""
        if self._upstream_url is None:
            await send_reply(send, problem(404, "not_found", "There are no demo phones here."))
            return
        try:
            response = await self._pass_on(scope, await read_body(receive))
        except BodyTooLarge:
            await send_reply(send, problem(413, "body_too_large", "The body is too large."))
        except httpx.TransportError:
            await send_reply(send, problem(502, "demo_phones_down", "The demo phones are down."))
        else:
            headers = {n: v for n, v in response.headers.items() if n in PASSED_HEADERS}
            await send_bytes(send, response.status_code, response.content, headers)

    async def aclose(self) -> None:
        """Close its connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _pass_on(self, scope: Scope, body: bytes) -> httpx.Response:
        raw_path = scope.get("raw_path") or scope["path"].encode()
        target = raw_path.split(b"?")[0] + b"?" + scope["query_string"]
        url = httpx.URL(str(self._upstream_url)).copy_with(raw_path=target)
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=TIMEOUT, limits=CONNECTIONS, trust_env=False)
        return await self._client.request(scope["method"], url, content=body)
