"""Ports on which to listen: the usual one, or the next free one."""

import socket
from collections.abc import Collection

from backend.runtime.errors import PortTaken

TRIED_AFTER_PREFERRED = 50


def is_free(port: int, *, host: str) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: what a stopped one left in TIME_WAIT is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def any_free(*, host: str = "127.0.0.1") -> int:
    """A free port of the system's choice."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port


def choose(preferred: int, *, host: str = "127.0.0.1", besides: Collection[int] = ()) -> int:
    """The preferred port, or the next free one after it that is not among `besides`."""
    for port in range(preferred, preferred + TRIED_AFTER_PREFERRED):
        if port not in besides and is_free(port, host=host):
            return port
    return any_free(host=host)


def demand(variable: str, value: str, *, host: str = "127.0.0.1") -> int:
    """The port that somebody asked for by name.

    Raises:
        PortTaken: it is in use or not a port.
    """
    if not value.isascii() or not value.isdecimal() or not 0 < int(value) < 65536:
        raise PortTaken(variable=variable, value=value)
    if not is_free(int(value), host=host):
        raise PortTaken(variable=variable, value=value)
    return int(value)
