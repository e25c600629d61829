"""The service worker on a bad line and on a full telephone: what comes is shown."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import backend.web
from tests.browser.browsers import a_browser

pytestmark = pytest.mark.prove

WORKER = Path(backend.web.__file__).with_name("static") / "web" / "sw.js"
PATIENCE_MS = 500
LINE_S = 1.5
"""So long the line needs for the rest of a page that has begun."""
SHELL = {
    "cache": "yian-care-1",
    "prefix": "yian-care-",
    "scope": "/",
    "others": [],
    "files": [],
    "later": [],
    "offline": {"en": "/offline"},
    "works": True,
    "patience_ms": PATIENCE_MS,
}
BEGIN = b"<!doctype html><title>slow</title><p>The page"
REST = b" has come</p><script>navigator.serviceWorker.register('/sw.js')</script>"
FULL = "Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));"


class Line(BaseHTTPRequestHandler):
    """A server behind a slow line: a page begins at once and takes its time."""

    worker = ""

    def do_GET(self) -> None:
        """The worker, the page kept for when there is no network, or the slow page."""
        if self.path == "/sw.js":
            self._answer("text/javascript", self.worker.encode())
        elif self.path == "/offline":
            self._answer("text/html", b"<p>No network</p>")
        else:
            self._answer("text/html", BEGIN, REST)

    def _answer(self, kind: str, *parts: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Language", "en")
        self.send_header("Content-Length", str(sum(map(len, parts))))
        self.end_headers()
        for number, part in enumerate(parts):
            time.sleep(LINE_S if number else 0)
            self.wfile.write(part)
            self.wfile.flush()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def a_page(worker: str) -> Iterator[Page]:
    """A page that this worker answers for."""
    line = type("Line", (Line,), {"worker": worker})
    with ThreadingHTTPServer(("127.0.0.1", 0), line) as server, a_browser() as browser:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.evaluate("() => navigator.serviceWorker.ready")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        try:
            yield page
        finally:
            server.shutdown()


def the_worker(before: str = "") -> str:
    return f"{before}\nconst SHELL = {json.dumps(SHELL)};\n{WORKER.read_text('utf-8')}"


def test_a_page_that_has_begun_is_not_cut_where_the_line_is_slow() -> None:
    with a_page(the_worker()) as page:
        page.reload()

        expect(page.get_by_text("The page has come")).to_be_visible()


def test_on_a_full_telephone_the_page_of_the_server_is_shown() -> None:
    with a_page(the_worker(FULL)) as page:
        page.reload()

        expect(page.get_by_text("The page has come")).to_be_visible()
