"""A whole stack in a temporary folder, as `make up` starts it, for a benchmark to load."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from backend.runtime.state import State
from backend.runtime.story.stack import Run, started

ITS_OWN = dict.fromkeys(
    (
        *("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "MQTT_URL"),
        *("SECRET_KEY", "FIELD_KEYS", "AUDIT_KEYS", "AUDIT_CHECKPOINTS"),
        *("PORT", "MQTT_PORT", "WATCH_PORT", "PUBLIC_URL", "ALLOWED_HOSTS"),
    ),
    "",
)
"""What a stack must not inherit from whoever starts it."""

User = dict[str, Any]
Device = dict[str, Any]


@dataclass(frozen=True)
class Stack:
    """What a benchmark needs to know of a stack that is ready."""

    run: Run
    state: State
    environ: Mapping[str, str]
    """What its processes were started with."""

    @property
    def database_url(self) -> str:
        """Its database, as the owner of the tables."""
        return self.environ["MIGRATE_DATABASE_URL"]

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the web process."""
        parts = urlsplit(self.run["http"])
        return parts.hostname or "", parts.port or 80

    def processes(self) -> dict[str, int]:
        """Each process by its name."""
        pids: dict[str, int] = json.loads(self.state.processes_file.read_text("utf-8"))
        return pids

    def users(self, role: str) -> list[User]:
        """The accounts of a role."""
        return [user for user in self.run["users"] if user["role"] == role]

    def devices(self, *kinds: str) -> list[Device]:
        """The devices of some kinds."""
        return [device for device in self.run["devices"] if device["kind"] in kinds]

    def buttons(self) -> list[Device]:
        """The help buttons, one a resident."""
        worn = [button for button in self.devices("sos_button") if button["resident"]]
        return list({button["resident"]: button for button in worn}.values())


@contextmanager
def own_stack(environ: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """Start a stack; it is stopped and forgotten when the block ends.

    Raises:
        NotStarted: it did not become ready in two minutes.
    """
    with tempfile.TemporaryDirectory(prefix="yian-bench-") as folder:
        path = Path(folder)
        with started(path, environ={**ITS_OWN, **(environ or {})}) as run:
            state = State(path)
            yield Stack(run, state, state.environment())
