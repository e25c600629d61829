"""A small real server in place of Yian's hooks, which remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

PATIENCE_S = 10.0
EMPTY_TWIML = "<Response/>"


@dataclass(frozen=True)
class Asked:
    """One request: where, with which form and signature, and how it was answered."""

    path: str
    form: dict[str, str]
    signature: str
    status: int


@dataclass
class HookServer:
    """Answers each path with the TwiML set for it; `refusals_left` come first, as 503."""

    answers: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    refusals_left: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        """Its address, as PUBLIC_URL would say it."""
        return f"http://127.0.0.1:{self.port}"

    def forms(self, path: str) -> list[dict[str, str]]:
        """The forms that were taken at a path, in order."""
        return [asked.form for asked in self.asked if asked.path == path and asked.status == 200]

    def wait_for(self, path: str, *, count: int = 1) -> list[dict[str, str]]:
        """The forms at a path as soon as there are so many."""
        deadline = time.monotonic() + PATIENCE_S
        while len(self.forms(path)) < count:
            assert time.monotonic() < deadline, f"{path}: {self.asked}"
            time.sleep(0.01)
        return self.forms(path)

    @contextmanager
    def running(self) -> Iterator[HookServer]:
        """Serve; started again, it has the same address."""
        server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def take(self, path: str, form: dict[str, str], signature: str) -> tuple[int, str]:
        """Remember a request and answer it."""
        status = 503 if self.refusals_left else 200
        self.refusals_left = max(0, self.refusals_left - 1)
        self.asked.append(Asked(path, form, signature, status))
        return status, self.answers.get(path, EMPTY_TWIML)


def _handler(hooks: HookServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(parse_qsl(body, keep_blank_values=True))
            status, answer = hooks.take(self.path, form, self.headers["X-Twilio-Signature"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
