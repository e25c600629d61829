"""Where an installation listens."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from backend.runtime import ports

HTTP_PORT, MQTT_PORT, WATCH_PORT, PHONES_PORT = 8000, 1883, 8841, 8850
ANSWER_WITHIN_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Where this installation listens."""

    host: str
    http: int
    mqtt: int
    watch: int
    phones: int

    @property
    def url(self) -> str:
        """Where a browser on this machine finds us."""
        return f"http://{self.host}:{self.http}"


def open_doors(environ: Mapping[str, str]) -> Doors:
    """The ports asked for by name, and free ones for the rest.

    Raises:
        PortTaken: a port asked for is not free.
    """
    host = environ.get("BIND_HOST") or "127.0.0.1"
    wanted = {"PORT": HTTP_PORT, "MQTT_PORT": MQTT_PORT, "WATCH_PORT": WATCH_PORT}
    chosen = {
        name: ports.demand(name, environ[name], host=host) for name in wanted if environ.get(name)
    }
    for name, preferred in {**wanted, "phones": PHONES_PORT}.items():
        if name not in chosen:
            chosen[name] = ports.choose(preferred, host=host, besides=chosen.values())
    return Doors(
        host=host,
        http=chosen["PORT"],
        mqtt=chosen["MQTT_PORT"],
        watch=chosen["WATCH_PORT"],
        phones=chosen["phones"],
    )


def answers_ok(host: str, port: int, path: str) -> bool:
    """Whether a GET is answered by 200; spoken by hand, as an HTTP client is 5 MB of memory."""
    request = f"GET {path} HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode("ascii")
    try:
        with socket.create_connection((host, port), ANSWER_WITHIN_S) as connection:
            connection.sendall(request)
            status = connection.makefile("rb").readline(256).split()
    except OSError:
        return False
    return status[1:2] == [b"200"]
