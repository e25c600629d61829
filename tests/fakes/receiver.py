"""Another system that is told of events: it keeps what it gets and answers as it is told to."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """What came, and how it is answered."""

    url: str = ""
    status: int = 200
    location: str = ""
    holds_back_s: float = 0.0
    """Between the letters of its answer."""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A running one."""
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            if told.holds_back_s:
                self._slowly()
                return
            self.send_response(told.status)
            if told.location:
                self.send_header("Location", told.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _slowly(self) -> None:
            try:
                for letter in b"HTTP/1.1 200 OK":
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
                    time.sleep(told.holds_back_s)
            except OSError:
                self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        told.url = f"http://127.0.0.1:{server.server_address[1]}/events"
        yield told
        server.shutdown()
