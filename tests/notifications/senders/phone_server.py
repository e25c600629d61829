"""The demo's telephones, run for tests by the server that runs them everywhere."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from notifications.senders.demo_phone.server import DemoPhones
from notifications.senders.demo_phone.settings import Settings
from notifications.senders.twilio.client import make_client
from notifications.senders.twilio.sender import ANYWHERE, TwilioSender

ACCOUNT_SID = "AC" + 32 * "0"
AUTH_TOKEN = "token-of-the-tests"
FROM_NUMBER = "+8651000000000"
PATIENCE_S = 10.0

http = httpx.Client(
    verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    limits=httpx.Limits(max_keepalive_connections=0),
    trust_env=False,
)
"""Loopback needs no certificates; reading them anew for each request takes longer than it does."""


@dataclass(frozen=True)
class Telephones:
    """The telephones at hand of a test."""

    url: str

    def events(self, number: str, *, since: int = 0, wait_s: float = 0) -> list[dict[str, Any]]:
        """What happened at a telephone."""
        query = {"since": str(since), "wait": str(wait_s)}
        answer = http.get(
            f"{self.url}/demo/v1/phones/{number}/events", params=query, timeout=PATIENCE_S + wait_s
        )
        events: list[dict[str, Any]] = answer.raise_for_status().json()["events"]
        return events

    def wait_for(self, number: str, event_type: str, *, since: int = 0) -> dict[str, Any]:
        """The first event of a type."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for event in self.events(number, since=since, wait_s=0.2):
                if event["type"] == event_type:
                    return event
        raise AssertionError(f"no {event_type} at {number}: {self.events(number)}")

    def act(self, number: str, door: str, **body: object) -> httpx.Response:
        """Use a door of a telephone."""
        return http.post(f"{self.url}/demo/v1/phones/{number}/{door}", json=body)

    def behave(self, number: str, behaviour: str) -> None:
        """Set what happens when it is rung."""
        url = f"{self.url}/demo/v1/phones/{number}/behaviour"
        http.put(url, json={"behaviour": behaviour}).raise_for_status()

    def trouble(self, **wanted: object) -> None:
        """Ask for failures."""
        http.put(f"{self.url}/demo/v1/trouble", json=wanted).raise_for_status()


@contextmanager
def running_telephones(
    *, public_url: str | None = None, labels: Path | None = None
) -> Iterator[Telephones]:
    """Telephones that take no time to speak, on a free port of loopback."""
    settings = Settings(
        account_sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        public_url=public_url,
        from_number=FROM_NUMBER if public_url else None,
        labels=labels,
        pace=0,
    )
    config = uvicorn.Config(
        DemoPhones(lambda: settings),
        log_config=None,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Telephones(f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()


def a_sender(
    telephones: Telephones,
    *,
    public_url: str,
    auth_token: str = AUTH_TOKEN,
    timeout_s: float = PATIENCE_S,
) -> TwilioSender:
    """The production sender, its Twilio being the telephones."""
    client = make_client(
        account_sid=ACCOUNT_SID,
        auth_token=auth_token,
        api_base=telephones.url,
        timeout_s=timeout_s,
    )
    return TwilioSender(
        client=client, from_number=FROM_NUMBER, public_url=public_url, capabilities=ANYWHERE
    )
