"""From a press at home to the screen and the first ring, with a hundred consoles watching.

Beside it in the same run: the limit (a bare commit and its NOTIFY to a listener), and the naive
peer (a console that asks the list of calls every two seconds, as a page without a socket does).
"""

import argparse
import asyncio
import json
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from websockets.asyncio.client import ClientConnection, connect

from backend.runtime.story.stack import Run, started
from benchmarks.figures import Figures, milliseconds, percentile, run, say
from benchmarks.http_client import Connection

READINGS_PER_S = 200
READINGS_A_POST = 20
PRESS_EVERY_S = 0.25
NAIVE_POLL_S = 2.0
RACERS = 5
SETTLE_S = 5.0
LIMIT_ROUNDS = 200


@dataclass
class Observed:
    """What was seen of the presses."""

    sent_at: dict[str, float] = field(default_factory=dict)
    """Call id to the time of the press, on the monotonic clock."""
    clock_at: dict[str, float] = field(default_factory=dict)
    """Resident to the time of the press, on the wall clock."""
    shown_at: dict[str, float] = field(default_factory=dict)
    polled_at: dict[str, float] = field(default_factory=dict)
    failed: int = 0


class Load:
    """The presses and everything around them, on one event loop."""

    def __init__(self, run_file: Run, presses: int, consoles: int) -> None:
        """Pick the buttons and the people from the demo's district."""
        self.run = run_file
        address = urlsplit(run_file["http"])
        self.host, self.port = address.hostname or "127.0.0.1", address.port or 80
        buttons = [d for d in run_file["devices"] if d["kind"] == "sos_button" and d["resident"]]
        by_resident = {button["resident"]: button for button in buttons}
        self.buttons = list(by_resident.values())[:presses]
        self.sensors = [d for d in run_file["devices"] if d["kind"] == "motion"]
        self.consoles = consoles
        self.seen = Observed()
        self.operators = [u for u in run_file["users"] if u["role"] == "operator"]
        self.caregivers = [u for u in run_file["users"] if u["role"] == "caregiver"]

    async def measure(self, races: int) -> Figures:
        """Press, watch, race; the figures without limit and peer."""
        stop = asyncio.Event()
        sockets = await asyncio.gather(*[self._console(n) for n in range(self.consoles)])
        watchers = [asyncio.create_task(self._watch(sockets[0]))]
        watchers += [asyncio.create_task(self._drain(socket)) for socket in sockets[1:]]
        watchers += [
            asyncio.create_task(self._background(stop)),
            asyncio.create_task(self._poll(stop)),
        ]
        won_twice, raced = await self._press_and_race(races)
        await asyncio.sleep(SETTLE_S)
        stop.set()
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*[socket.close() for socket in sockets])
        return self._figures(raced, won_twice)

    async def _console(self, number: int) -> ClientConnection:
        operator = self.operators[number % len(self.operators)]
        return await connect(
            f"ws://{self.host}:{self.port}/ws/v1/board",
            subprotocols=["yian.v1", f"bearer.{operator['api_token']}"],  # type: ignore[list-item]
            max_queue=4096,
        )

    async def _watch(self, socket: ClientConnection) -> None:
        async for frame in socket:
            event = json.loads(frame)
            if event["type"] == "call.opened":
                self.seen.shown_at.setdefault(event["id"], time.monotonic())
            await self._prove(socket, event)

    async def _drain(self, socket: ClientConnection) -> None:
        async for frame in socket:
            if '"ping"' in str(frame):
                await self._prove(socket, {"type": "ping"})

    async def _prove(self, socket: ClientConnection, event: dict[str, Any]) -> None:
        if event["type"] == "ping":
            await socket.send('{"ack":0,"sound":true}')

    async def _background(self, stop: asyncio.Event) -> None:
        connection = Connection(self.host, self.port)
        every_s = READINGS_A_POST / READINGS_PER_S
        number = 0
        while not stop.is_set():
            began = time.monotonic()
            sensor = self.sensors[number % len(self.sensors)]
            readings = [
                {"device": sensor["id"], "metric": "motion", "value": True, "id": uuid.uuid4().hex}
                for _ in range(READINGS_A_POST)
            ]
            await connection.post(
                "/ingest/v1/observations", json.dumps(readings).encode(), token=sensor["token"]
            )
            number += 1
            await asyncio.sleep(max(0.0, began + every_s - time.monotonic()))

    async def _poll(self, stop: asyncio.Event) -> None:
        headers = {"Authorization": f"Bearer {self.operators[0]['api_token']}"}
        async with httpx.AsyncClient(
            base_url=self.run["http"], headers=headers, trust_env=False, timeout=10
        ) as client:
            while not stop.is_set():
                answer = await client.get("/api/v1/calls/?limit=200")
                for call in answer.json().get("results", []):
                    self.seen.polled_at.setdefault(call["id"], time.monotonic())
                await asyncio.sleep(NAIVE_POLL_S)

    async def _press_and_race(self, races: int) -> tuple[int, int]:
        won_twice = raced = 0
        tasks = []
        limits = httpx.Limits(max_connections=RACERS * 2)
        async with httpx.AsyncClient(
            base_url=self.run["http"], trust_env=False, timeout=20, limits=limits
        ) as client:
            for number, button in enumerate(self.buttons):
                began = time.monotonic()
                call = await self._press(button)
                if call and number < races:
                    tasks.append(asyncio.create_task(self._race(client, call, number)))
                await asyncio.sleep(max(0.0, began + PRESS_EVERY_S - time.monotonic()))
            for winners in await asyncio.gather(*tasks):
                raced += 1
                won_twice += winners != 1
        return won_twice, raced

    async def _press(self, button: dict[str, Any]) -> str:
        connection = Connection(self.host, self.port)
        press = {"device": button["id"], "metric": "sos", "value": True, "id": uuid.uuid4().hex}
        at, clock = time.monotonic(), time.time()
        answer = await connection.post(
            "/ingest/v1/observations", json.dumps(press).encode(), token=button["token"]
        )
        connection.close()
        calls = json.loads(answer.body).get("calls", []) if answer.status == 200 else []
        if not calls:
            self.seen.failed += 1
            return ""
        self.seen.sent_at[calls[0]] = at
        self.seen.clock_at[button["resident"]] = clock
        call: str = calls[0]
        return call

    async def _race(self, client: httpx.AsyncClient, call: str, number: int) -> int:
        await asyncio.sleep(0.5)
        racers = [self.caregivers[(number + n) % len(self.caregivers)] for n in range(RACERS)]

        async def accept(user: dict[str, Any]) -> int:
            answer = await client.post(
                f"/api/v1/calls/{call}/accept/",
                json={"minutes": 5},
                headers={"Authorization": f"Bearer {user['api_token']}"},
            )
            return answer.status_code

        codes = await asyncio.gather(*[accept(user) for user in racers])
        if set(codes) - {200, 409}:
            say(f"unexpected answers to accepts: {codes}")
        return codes.count(200)

    def _figures(self, raced: int, won_twice: int) -> Figures:
        lost = [call for call in self.seen.sent_at if call not in self.seen.shown_at]
        to_screen = [
            self.seen.shown_at[call] - at
            for call, at in self.seen.sent_at.items()
            if call in self.seen.shown_at
        ]
        polled = [
            self.seen.polled_at[call] - at
            for call, at in self.seen.sent_at.items()
            if call in self.seen.polled_at
        ]
        rings = first_rings(self.run, self.seen.clock_at)
        return {
            "presses": len(self.buttons),
            "lost": len(lost) + self.seen.failed,
            "press_to_screen_p50_ms": milliseconds(to_screen, 0.5),
            "press_to_screen_p95_ms": milliseconds(to_screen, 0.95),
            "press_to_first_ring_p50_ms": milliseconds(rings, 0.5),
            "press_to_first_ring_p95_ms": milliseconds(rings, 0.95),
            "rings": len(rings),
            "accept_races": raced,
            "double_accepts": won_twice,
            "naive_poll_to_screen_p95_ms": milliseconds(polled, 0.95),
            "consoles": self.consoles,
            "background_readings_per_s": READINGS_PER_S,
        }


def first_rings(run_file: Run, pressed_at: dict[str, float]) -> list[float]:
    """Seconds from each press to the first ring at the resident's own phone."""
    numbers = run_file["phone_of_resident"]
    waits = []
    with httpx.Client(base_url=run_file["http"], trust_env=False, timeout=10) as client:
        for resident, pressed in pressed_at.items():
            number = numbers.get(resident)
            if number is None:
                continue
            events = client.get(f"/demo/v1/phones/{number}/events").json()["events"]
            rung = [
                datetime.fromisoformat(event["at"]).timestamp()
                for event in events
                if event["type"] == "call.ringing"
            ]
            after = [at - pressed for at in rung if at >= pressed]
            if after:
                waits.append(min(after))
    return waits


def notify_limit_ms(database_url: str) -> float:
    """The floor: a one-row commit with NOTIFY, until a listener in the same process has it."""
    waits = []
    with (
        psycopg.connect(database_url, autocommit=True) as listener,
        psycopg.connect(database_url) as writer,
    ):
        listener.execute("LISTEN benchmark_limit")
        writer.execute("CREATE TABLE IF NOT EXISTS benchmark_limit (id uuid, at timestamptz)")
        writer.commit()
        for _ in range(LIMIT_ROUNDS):
            began = time.monotonic()
            writer.execute("INSERT INTO benchmark_limit VALUES (%s, now())", [uuid.uuid4()])
            writer.execute("NOTIFY benchmark_limit")
            writer.commit()
            for _ in listener.notifies(timeout=5, stop_after=1):
                waits.append(time.monotonic() - began)
        writer.execute("DROP TABLE benchmark_limit")
        writer.commit()
    return round(percentile(waits, 0.95) * 1000, 2)


def measure(arguments: argparse.Namespace) -> Figures:
    """Start a stack, press, and measure."""
    with (
        tempfile.TemporaryDirectory(prefix="yian-bench-") as folder,
        started(Path(folder)) as run_file,
    ):
        say("a stack is up; pressing")
        load = Load(run_file, arguments.presses, arguments.consoles)
        figures = asyncio.run(load.measure(arguments.races))
        figures["limit_commit_notify_p95_ms"] = notify_limit_ms(run_file["database_url"])
    return figures


if __name__ == "__main__":
    run("lifeline", measure, presses=240, consoles=100, races=120)
