"""The HTTP server of a web process, which waits for nobody's headers for ever.

    python -m backend.runtime.serving <application> --host … --port …

uvicorn waits without an end for the head of a first request, and takes one of any length; a few
thousand such lines and nobody else is served. Bodies have their limits where they are read
(`core.bodies`, `devices.ingest.http`).
"""

import argparse
import asyncio
from typing import Any, ClassVar

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from backend.core import lasting

HEAD_WITHIN_S = 10.0
HEADS_AWAITED = 1_000
"""Lines on which no head has come yet; of more, the one that has said nothing for longest makes
room. Who calls for help says so in the moment the line is there."""
HEAD_BYTES = 64 * 1024
"""Cookies and tokens of ours need less than 4 KB."""
JOINED_BYTES = 64 * 1024
"""More is not kept for the end of the turn."""
SOCKET_BYTES = 64 * 1024
"""What a page says on its socket is a number or two."""


class Joined(asyncio.Transport):
    """A transport that sends what is written in one turn of the event loop in one piece.

    Each send wakes whoever listens at the other end, which costs more than all the rest of a
    short answer, or of the few events that a hundred consoles are told of at once.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Stand before a transport."""
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send soon; at once when there is much of it."""
        if not self._waiting:
            self._loop.call_soon(self.flush)
        self._waiting.append(bytes(data))
        self._size += len(data)
        if self._size > JOINED_BYTES:
            self.flush()

    def flush(self) -> None:
        """Send what waits."""
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        if data and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Send what waits, then close."""
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._waiting.clear()
        self._transport.abort()

    def is_closing(self) -> bool:
        """Whether it is closed or will be."""
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the line."""
        return self._transport.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Who hears from now on."""
        self._transport.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Who hears."""
        return self._transport.get_protocol()

    def pause_reading(self) -> None:
        """Hear nothing for now."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Hear again."""
        self._transport.resume_reading()


class SaysAllFirst(asyncio.Protocol):
    """A protocol whose last words are sent before uvloop closes a line that the client ended."""

    transport: asyncio.Transport

    def eof_received(self) -> None:
        """Send what was written in this turn of the event loop."""
        if isinstance(self.transport, Joined):
            self.transport.flush()


class GuardedSocket(SaysAllFirst, WebSocketsSansIOProtocol):
    """A WebSocket on such a line."""


class GuardedHttp(SaysAllFirst, HttpToolsProtocol):
    """A line on which the head of each request comes soon and is short, or which is closed."""

    _awaited: ClassVar[dict["GuardedHttp", None]] = {}
    """The lines on which a head is awaited, the oldest first."""
    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(Joined(transport, self.loop))
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Read on; what is no head after so long or so much is nobody's request."""
        if self._head_timer is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()
        super().data_received(data)
        if self._head_timer is not None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._close()

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing comes any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head_timer = self.loop.call_later(HEAD_WITHIN_S, self._close)
        self._awaited[self] = None
        if len(self._awaited) > HEADS_AWAITED:
            next(iter(self._awaited))._close()

    def _stop_waiting(self) -> None:
        self._awaited.pop(self, None)
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _close(self) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.abort()


def config(application: Any, **options: Any) -> uvicorn.Config:
    """How our applications are served.

    Compressing the same short event for every console costs more than all else of sending.
    """
    ours: dict[str, Any] = {
        "http": GuardedHttp,
        "ws": GuardedSocket,
        "ws_per_message_deflate": False,
        "ws_max_size": SOCKET_BYTES,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 1,
    }
    return uvicorn.Config(application, **{**ours, **options})


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("application")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--forwarded-allow-ips", help="whose X-Forwarded-For is believed")
    asked = vars(parser.parse_args())
    lasting.keep_to_core(lasting.FIRST_CORE)
    uvicorn.Server(config(asked.pop("application"), **asked)).run()


if __name__ == "__main__":
    main()
