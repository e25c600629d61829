"""A server that answers `/search` as Nominatim does. Source: nominatim.org, API, search."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PLACE = {"display_name": "学前街, 无锡市, 中国", "lat": "31.5702", "lon": "120.3004", "place_id": 1}


class Handler(BaseHTTPRequestHandler):
    """Knows one street; `status` other than 200 is answered to everything."""

    status = 200
    asked: list[dict[str, list[str]]] = []

    def do_GET(self) -> None:
        """Answer a search."""
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        type(self).asked.append(query)
        known = url.path == "/search" and "学前街" in query.get("q", [""])[0]
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps([PLACE] if known else []).encode())

    def log_message(self, *_arguments: object) -> None:
        """Be quiet."""


@contextmanager
def nominatim(*, status: int = 200) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """The address of a running server, and the queries it got."""
    asked: list[dict[str, list[str]]] = []
    handler = type("OwnHandler", (Handler,), {"status": status, "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()
