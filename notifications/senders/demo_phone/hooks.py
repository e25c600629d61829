"""Signed requests to Yian's hooks, repeated while Yian is away.

Twilio itself repeats only when asked to; a demo phone always does, so that a web
process killed in the middle of a call costs a moment of silence and not the call.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx
from twilio.request_validator import RequestValidator

from notifications.senders.demo_phone.exchange import Trouble

ANSWER_TIMEOUT_S = 15.0
"""Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides, read time-out."""
CALL_PATIENCE_S = 30.0
CALLBACK_PATIENCE_S = 120.0
AT_ONCE = 20
"""Requests on their way; the client's own queue takes time that grows with its square."""
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 2.0

_log = logging.getLogger(__name__)


class Hooks:
    """The way to Yian's hooks."""

    def __init__(self, *, auth_token: str, client: httpx.AsyncClient) -> None:
        self._validator = RequestValidator(auth_token)
        self._client = client
        self._lines = asyncio.Semaphore(AT_ONCE)

    async def ask(
        self, url: str, params: Mapping[str, str], *, method: str = "POST", patience_s: float
    ) -> str | None:
        """The body of the answer; None when refused, or nobody answered in the time."""
        deadline = time.monotonic() + patience_s
        wait_s = FIRST_WAIT_S
        token = secrets.token_hex(16)
        while True:
            response = await self._ask_once(url, params, method=method, token=token)
            if response is not None:
                return response.text if response.is_success else None
            if time.monotonic() + wait_s > deadline:
                _log.warning("no answer from %s", urlsplit(url).path)
                return None
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    async def _ask_once(
        self, url: str, params: Mapping[str, str], *, method: str, token: str
    ) -> httpx.Response | None:
        """One request; None when it is worth another."""
        if method == "GET":
            url, params = _with_query(url, params), {}
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(url, dict(params)),
            "I-Twilio-Idempotency-Token": token,
        }
        try:
            async with self._lines:
                response = await self._client.request(
                    method, url, data=params if method == "POST" else None, headers=headers
                )
        except httpx.TransportError:
            return None
        if response.status_code >= 500:
            return None
        if response.is_error:
            _log.warning("%s answered %d", urlsplit(url).path, response.status_code)
        return response


@dataclass(frozen=True, slots=True)
class Callback:
    """One status callback to make."""

    url: str
    params: Mapping[str, str]


class CallbackLine:
    """The status callbacks of one call or text, made one after the other.

    They run beside the call, which does not wait for them. Trouble asked for may
    hold them until the end and reverse them, or make each of them twice.
    """

    def __init__(self, hooks: Hooks, trouble: Trouble) -> None:
        self._hooks = hooks
        self._repeats = 2 if trouble.duplicate_callbacks else 1
        self._reversed = trouble.reverse_callbacks
        self._queue: asyncio.Queue[Callback | None] = asyncio.Queue()

    def add(self, callback: Callback) -> None:
        """Make this callback after those before it."""
        self._queue.put_nowait(callback)

    def close(self) -> None:
        """There will be no more."""
        self._queue.put_nowait(None)

    async def run(self) -> None:
        """Make the callbacks until closed."""
        held: list[Callback] = []
        while (callback := await self._queue.get()) is not None:
            if self._reversed:
                held.append(callback)
            else:
                await self._make(callback)
        for callback in reversed(held):
            await self._make(callback)

    async def _make(self, callback: Callback) -> None:
        for _ in range(self._repeats):
            await self._hooks.ask(callback.url, callback.params, patience_s=CALLBACK_PATIENCE_S)


def _with_query(url: str, params: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *params.items()])
    return urlunsplit(parts._replace(query=query))
