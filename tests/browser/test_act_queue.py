"""What a caregiver does is sent although the telephone cannot keep it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import backend.web
import services.visits
from tests.browser.browsers import a_browser

pytestmark = pytest.mark.prove

STATIC = [Path(each.__path__[0]) / "static" for each in (backend.web, services.visits)]
TAKEN_AWAY = """() => {
  const full = () => { throw new DOMException("full", "QuotaExceededError"); };
  IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = full;
}"""
NOTE = """async () => {
  const { ActQueue } = await import("/visits/care/queue.js");
  const { openStore } = await import("/visits/care/store.js");
  const store = await openStore();
  let isSaid = false;
  await new Promise((resolve) => {
    const queue = new ActQueue(store, {
      user: "u", onChange() {}, onSent: resolve, onUnkept() { isSaid = true; },
    });
    const note = { kind: "note", path: "/note/", body: { text: "well" }, about: {} };
    queue.start().then(() => queue.add(note)).catch(resolve);
  });
  return isSaid;
}"""


class Door(BaseHTTPRequestHandler):
    """The modules as they are, and a door that keeps what it is sent."""

    sent: list[dict[str, Any]]

    def do_GET(self) -> None:
        """A module, or an empty page."""
        found = next(filter(Path.is_file, (root / self.path[1:] for root in STATIC)), None)
        kind = "text/javascript" if found else "text/html"
        self._answer(kind, found.read_bytes() if found else b"<!doctype html><html lang=en>")

    def do_POST(self) -> None:
        """An act."""
        self.sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer("application/json", b"{}")

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def a_page(sent: list[dict[str, Any]]) -> Iterator[Page]:
    """A page that has the modules of the caregiver's app."""
    door = type("Door", (Door,), {"sent": sent})
    with ThreadingHTTPServer(("127.0.0.1", 0), door) as server, a_browser() as browser:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.set_default_timeout(5_000)
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        try:
            yield page
        finally:
            server.shutdown()


@pytest.mark.parametrize("is_full", [False, True])
def test_what_is_done_is_sent_once_and_said_where_it_cannot_be_kept(is_full: bool) -> None:
    sent: list[dict[str, Any]] = []
    with a_page(sent) as page:
        if is_full:
            page.evaluate(TAKEN_AWAY)

        is_said = page.evaluate(NOTE)

    assert [each["text"] for each in sent] == ["well"]
    assert is_said == is_full
