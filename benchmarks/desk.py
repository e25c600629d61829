"""An operator who sits before the board while everything dies around them."""

import json
import threading
import time
import uuid
from contextlib import suppress
from typing import Any

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from benchmarks.stack import Stack

LOOK_EVERY_S = 1.0
AGAIN_AFTER_S = 0.5


class Desk:
    """A board that is watched, and calls that are taken, and closed some time after.

    Taking a call stops the duty phones and leaves the ladder running.
    """

    def __init__(self, stack: Stack, *, closed_after_s: float) -> None:
        """Nobody sits there before `open`."""
        self._closed_after_s = closed_after_s
        self._token = stack.users("operator")[0]["api_token"]
        self._board = stack.run["http"].replace("http", "ws", 1) + "/ws/v1/board"
        self._stop_asked = threading.Event()
        self._client = httpx.Client(
            base_url=stack.run["http"],
            headers={"Authorization": f"Bearer {self._token}"},
            trust_env=False,
            timeout=10,
        )
        self._seen: dict[str, float] = {}
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._watch, self._handle)
        ]

    def open(self) -> None:
        """Sit down."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Go home."""
        self._stop_asked.set()
        for thread in self._threads:
            thread.join()
        self._client.close()

    def _watch(self) -> None:
        while not self._stop_asked.is_set():
            with suppress(OSError, TimeoutError, WebSocketException):
                self._prove_presence()
            self._stop_asked.wait(AGAIN_AFTER_S)

    def _prove_presence(self) -> None:
        protocols: list[Any] = ["yian.v1", f"bearer.{self._token}"]
        with connect(self._board, subprotocols=protocols, open_timeout=5) as socket:
            while not self._stop_asked.is_set():
                with suppress(TimeoutError):
                    event = json.loads(socket.recv(timeout=LOOK_EVERY_S))
                    if event["type"] == "ping":
                        socket.send('{"ack":0,"sound":true}')

    def _handle(self) -> None:
        while not self._stop_asked.wait(LOOK_EVERY_S):
            with suppress(httpx.TransportError):
                self._look_at_calls()

    def _look_at_calls(self) -> None:
        page: str | None = "/api/v1/calls/?state=open"
        while page:
            answer = self._client.get(page)
            if answer.is_error:
                return
            for call in answer.json()["results"]:
                self._handle_call(call["id"])
            page = answer.json()["next"]

    def _handle_call(self, call: str) -> None:
        now = time.monotonic()
        if call not in self._seen:
            if self._post(call, "accept", {}):
                self._seen[call] = now
        elif now - self._seen[call] > self._closed_after_s:
            self._post(call, "resolve", {"outcome": "drill"})

    def _post(self, call: str, what: str, body: dict[str, str]) -> bool:
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        path = f"/api/v1/calls/{call}/{what}/"
        return self._client.post(path, json=body, headers=headers).is_success
