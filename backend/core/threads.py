"""Django in threads behind an ASGI server: a thread for each request, an answer in one go.

Each hand-over between the event loop and a thread waits its turn; here are two of them for a
request, one there and one back, where a2wsgi's own has five. The form of requests is a2wsgi's.
"""

import asyncio
import contextvars
import io
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from a2wsgi.wsgi import build_environ

from backend.core.precedence import ALARMS

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Tell = Callable[[list[Message]], None]
Wsgi = Callable[..., Iterable[bytes]]


class InThreads:
    """Answers each request with a WSGI application, in one of a few threads."""

    def __init__(self, wsgi: Wsgi, *, workers: int) -> None:
        """Start threads when they are needed, at most `workers`."""
        self._wsgi = wsgi
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="requests")
        # Who waits for a thread waits here: in the executor's queue they could not let alarms by.
        self._free = asyncio.Semaphore(workers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whose body is here whole: `bodies.ReadFirst` stands before."""
        loop = asyncio.get_running_loop()

        async def send_all(messages: list[Message]) -> None:
            for message in messages:
                await send(message)

        def tell(messages: list[Message]) -> None:
            asyncio.run_coroutine_threadsafe(send_all(messages), loop).result()

        message = await receive()
        asked: Any = scope, io.BytesIO(message.get("body", b""))
        environ: Any = build_environ(*asked)
        answer = partial(contextvars.copy_context().run, self._answer, environ, tell)
        async with self._free:
            await ALARMS.given()
            left = await loop.run_in_executor(self._executor, answer)
        await send_all(left)

    def _answer(self, environ: dict[str, Any], tell: Tell) -> list[Message]:
        """What is left to be sent; of several pieces, all but the last are told here.

        The application has closed its answer when the last of it is sent.
        """
        messages: list[Message] = []

        def start(status: str, headers: list[tuple[str, str]], *_error: object) -> None:
            messages[:] = [_start(status, headers)]

        pieces = self._wsgi(environ, start)
        try:
            for piece in pieces:
                if messages and messages[-1]["type"] == "http.response.body":
                    tell(messages)
                    messages.clear()
                messages.append({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            getattr(pieces, "close", lambda: None)()
        return [*messages, {"type": "http.response.body", "body": b""}]


def _start(status: str, headers: list[tuple[str, str]]) -> Message:
    return {
        "type": "http.response.start",
        "status": int(status.partition(" ")[0]),
        "headers": [
            (name.strip().lower().encode("latin-1"), value.strip().encode("latin-1"))
            for name, value in headers
        ],
    }
