"""The people and things of a story, each at its own door, as they would really use it."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from backend.runtime.story.stack import Run

TIMEOUT_S = 10.0
LONG_POLL_S = 5

Event = dict[str, Any]


class DidNotHappen(AssertionError):
    """A step of the story did not happen in time."""


class Person:
    """Somebody with an account, at the API and on a socket."""

    def __init__(self, run: Run, user: dict[str, Any], socket: str = "") -> None:
        """Open the API, and the socket if one is named ("board", "me")."""
        self.user = user
        self.api = httpx.Client(
            base_url=run["http"],
            headers={"Authorization": f"Bearer {user['api_token']}"},
            timeout=TIMEOUT_S,
            trust_env=False,
        )
        self.events: list[tuple[float, Event]] = []
        self._news = threading.Condition()
        self._socket: ClientConnection | None = None
        if socket:
            self._listen(run, socket)

    def _listen(self, run: Run, socket: str) -> None:
        address = run["http"].replace("http", "ws", 1) + f"/ws/v1/{socket}"
        protocols = ["yian.v1", f"bearer.{self.user['api_token']}"]
        self._socket = connect(address, subprotocols=protocols, open_timeout=TIMEOUT_S)  # type: ignore[arg-type]
        threading.Thread(target=self._read, args=(self._socket,), daemon=True).start()

    def _read(self, socket: ClientConnection) -> None:
        try:
            for frame in socket:
                event = json.loads(frame)
                if event.get("type") == "ping":
                    socket.send(json.dumps({"ack": 0, "sound": True}))
                with self._news:
                    self.events.append((time.monotonic(), event))
                    self._news.notify_all()
        except ConnectionClosed:
            return

    def sees(self, wanted: Callable[[Event], bool], *, what: str, within_s: float) -> float:
        """Wait for an event on the socket; returns when it came (monotonic seconds).

        Raises:
            DidNotHappen: it did not come.
        """
        give_up_at = time.monotonic() + within_s
        with self._news:
            while True:
                for at, event in self.events:
                    if wanted(event):
                        return at
                left = give_up_at - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    raise DidNotHappen(what)

    def get(self, path: str) -> Any:
        """The JSON of an address.

        Raises:
            DidNotHappen: the answer is an error.
        """
        answer = self.api.get(path)
        if answer.is_error:
            raise DidNotHappen(f"GET {path}: {answer.status_code} {answer.text[:200]}")
        return answer.json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Post JSON; the answer, whatever it is."""
        return self.api.post(path, json=body or {})

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self.api.close()


class Telephone:
    """One of the demo's phones, in somebody's hand."""

    def __init__(self, run: Run, number: str) -> None:
        """Pick it up; what it showed before is not looked at."""
        self.number = number
        self._path = f"/demo/v1/phones/{number}"
        self._http = httpx.Client(base_url=run["http"], timeout=TIMEOUT_S, trust_env=False)
        self._since = 0
        self.events: list[Event] = []
        self._poll(wait_s=0)
        self.events.clear()

    def _poll(self, *, wait_s: int) -> None:
        answer = self._http.get(
            f"{self._path}/events", params={"since": self._since, "wait": wait_s}
        )
        for event in answer.raise_for_status().json()["events"]:
            self._since = event["seq"]
            self.events.append(event)

    def shows(self, kind: str, *, containing: str = "", within_s: float) -> tuple[float, Event]:
        """Wait until the phone rings, speaks or shows a text; takes what it returns.

        Raises:
            DidNotHappen: it did not.
        """
        give_up_at = time.monotonic() + within_s
        while True:
            for index, event in enumerate(self.events):
                if event["type"] == kind and containing in (event["text"] or ""):
                    del self.events[: index + 1]
                    return time.monotonic(), event
            left = give_up_at - time.monotonic()
            if left <= 0:
                raise DidNotHappen(f"{self.number}: {kind} {containing}")
            self._poll(wait_s=max(1, min(LONG_POLL_S, int(left))))

    def press(self, digits: str) -> None:
        """Answer if it rings, and press keys when they are asked for."""
        self._http.post(f"{self._path}/keys", json={"digits": digits}).raise_for_status()

    def answers(self, containing: str, *, digits: str, within_s: float) -> None:
        """Take every call, and press keys in the one that says this.

        Raises:
            DidNotHappen: none said it.
        """
        give_up_at = time.monotonic() + within_s
        while (left := give_up_at - time.monotonic()) > 0:
            if not self.events:
                self._poll(wait_s=max(1, min(LONG_POLL_S, int(left))))
                continue
            event = self.events.pop(0)
            if event["type"] == "call.ringing":
                self.answer()
            elif event["type"] == "call.said" and containing in (event["text"] or ""):
                self.press(digits)
                return
        raise DidNotHappen(f"{self.number}: a call that says {containing}")

    def dial(self, digits: str) -> None:
        """Ring the care centre and press keys in its menu."""
        body = {"dial": True, "digits": digits}
        self._http.post(f"{self._path}/keys", json=body).raise_for_status()

    def answer(self) -> None:
        """Answer without pressing anything."""
        self._http.post(f"{self._path}/answer", json={}).raise_for_status()

    def close(self) -> None:
        """Put it away."""
        self._http.close()


def publish(run: Run, *, user: str, password: str, topic: str, payload: dict[str, Any]) -> float:
    """Send one message over MQTT, QoS 1; returns the seconds until it was acknowledged.

    Raises:
        DidNotHappen: no acknowledgement within 10 s.
    """
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"{user}-story")
    client.username_pw_set(user, password)
    client.connect(run["mqtt"]["host"], run["mqtt"]["port"])
    client.loop_start()
    try:
        began = time.monotonic()
        sent = client.publish(topic, json.dumps(payload), qos=1)
        sent.wait_for_publish(TIMEOUT_S)
        if not sent.is_published():
            raise DidNotHappen("the MQTT door did not acknowledge the press")
        return time.monotonic() - began
    finally:
        client.disconnect()
        client.loop_stop()
