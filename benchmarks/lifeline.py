"""From a press at home to the screen and the first ring, with a hundred consoles watching.

Beside it in the same run: the limit (a bare commit and its NOTIFY to a listener), and the naive
peer (a console that asks the list of calls every two seconds, as a page without a socket does).
"""

import argparse
import asyncio
import json
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import psycopg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.figures import Figures, milliseconds, percentile, run, say
from benchmarks.http_client import Connection
from benchmarks.stack import Device, Stack, User, own_stack

READINGS_PER_S = 200
READINGS_A_POST = 20
PRESS_EVERY_S = 0.25
NAIVE_POLL_S = 2.0
RACERS = 5
RACE_AFTER_S = 0.5
RESOLVE_AFTER_S = 4.0
"""The first ring has come by then; ladders of hundreds of calls are the drill's subject."""
SETTLE_S = 3.0
LIMIT_ROUNDS = 200


@dataclass
class Observed:
    """What was seen of the presses; times are of the monotonic clock."""

    sent_at: dict[str, float] = field(default_factory=dict)
    """By call."""
    answered_at: dict[str, float] = field(default_factory=dict)
    clock_at: dict[str, float] = field(default_factory=dict)
    """By resident, on the wall clock."""
    shown_at: dict[str, float] = field(default_factory=dict)
    polled_at: dict[str, float] = field(default_factory=dict)
    refused: int = 0

    def waits(self, until: dict[str, float]) -> list[float]:
        """Seconds from each press to what happened to its call."""
        return [until[call] - at for call, at in self.sent_at.items() if call in until]


@dataclass
class Races:
    """What became of calls that several wanted to accept at once."""

    held: int = 0
    double: int = 0
    """More or fewer than one was told to go, or the call's own record says so."""


class Load:
    """The presses and everything around them, on one event loop."""

    def __init__(self, stack: Stack, *, presses: int, consoles: int, races: int) -> None:
        """Pick the buttons and the people from the demo's district."""
        self.stack = stack
        self.operators = stack.users("operator")
        self.desk = [*self.operators, *stack.users("lead")]
        self.phone_of: dict[str, str] = {}
        self.buttons = self._with_phone(stack.buttons())[:presses]
        self.caregivers = [f"caregiver:{key}" for key in self._caregivers()]
        self.consoles = consoles
        self.races_wanted = races
        self.seen = Observed()
        self.races = Races()

    def _with_phone(self, buttons: Sequence[Device]) -> list[Device]:
        """Buttons of residents with a telephone of their own."""
        with self._api(self.operators[0]) as client:
            for button in buttons:
                found = client.get(f"/api/v1/residents/{button['resident']}/").json()
                self.phone_of[button["resident"]] = found["phone"]
        numbers = list(self.phone_of.values())
        return [
            button
            for button in buttons
            if (number := self.phone_of[button["resident"]]) and numbers.count(number) == 1
        ]

    def _caregivers(self) -> list[str]:
        with self._api(self.operators[0]) as client:
            found = client.get("/api/v1/caregivers/").json()["results"]
        return [caregiver["id"] for caregiver in found]

    def _api(self, user: User) -> httpx.Client:
        return httpx.Client(
            base_url=self.stack.run["http"],
            headers={"Authorization": f"Bearer {user['api_token']}"},
            trust_env=False,
            timeout=10,
        )

    async def measure(self) -> Figures:
        """Press, watch, race; the figures without the limit."""
        stop = asyncio.Event()
        sockets = await asyncio.gather(*[self._console(n) for n in range(self.consoles)])
        watching = [asyncio.create_task(self._watch(sockets[0]))]
        watching += [asyncio.create_task(self._drain(socket)) for socket in sockets[1:]]
        around = [
            asyncio.create_task(self._background(stop)),
            asyncio.create_task(self._poll(stop)),
        ]
        await self._press_all()
        await asyncio.sleep(SETTLE_S)
        stop.set()
        await asyncio.gather(*around)
        for task in watching:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*watching)
        await asyncio.gather(*[socket.close() for socket in sockets])
        return self._figures()

    async def _console(self, number: int) -> ClientConnection:
        operator = self.operators[number % len(self.operators)]
        host, port = self.stack.address
        return await connect(
            f"ws://{host}:{port}/ws/v1/board",
            subprotocols=["yian.v1", f"bearer.{operator['api_token']}"],  # type: ignore[list-item]
            max_queue=4096,
            open_timeout=30,
        )

    async def _watch(self, socket: ClientConnection) -> None:
        async for frame in socket:
            event = json.loads(frame)
            if event["type"] == "call.opened":
                self.seen.shown_at.setdefault(event["id"], time.monotonic())
            elif event["type"] == "ping":
                await prove(socket)

    async def _drain(self, socket: ClientConnection) -> None:
        async for frame in socket:
            if '"ping"' in str(frame):
                await prove(socket)

    async def _background(self, stop: asyncio.Event) -> None:
        sensors = self.stack.devices("motion")
        connection = Connection(*self.stack.address)
        every_s = READINGS_A_POST / READINGS_PER_S
        number = 0
        while not stop.is_set():
            began = time.monotonic()
            sensor = sensors[number % len(sensors)]
            readings = [
                {"device": sensor["id"], "metric": "motion", "value": True, "id": uuid.uuid4().hex}
                for _ in range(READINGS_A_POST)
            ]
            await connection.post(
                "/ingest/v1/observations", json.dumps(readings).encode(), token=sensor["token"]
            )
            number += 1
            await asyncio.sleep(max(0.0, began + every_s - time.monotonic()))
        connection.close()

    async def _poll(self, stop: asyncio.Event) -> None:
        headers = {"Authorization": f"Bearer {self.operators[0]['api_token']}"}
        async with httpx.AsyncClient(
            base_url=self.stack.run["http"], headers=headers, trust_env=False, timeout=10
        ) as client:
            while not stop.is_set():
                answer = await client.get("/api/v1/calls/?state=open")
                for call in answer.json()["results"]:
                    self.seen.polled_at.setdefault(call["id"], time.monotonic())
                await asyncio.sleep(NAIVE_POLL_S)

    async def _press_all(self) -> None:
        tasks = []
        limits = httpx.Limits(max_connections=RACERS * 2)
        async with httpx.AsyncClient(
            base_url=self.stack.run["http"], trust_env=False, timeout=20, limits=limits
        ) as client:
            for number, button in enumerate(self.buttons):
                began = time.monotonic()
                call = await self._press(button)
                if call:
                    is_raced = number < self.races_wanted
                    tasks.append(asyncio.create_task(self._after(client, call, is_raced)))
                await asyncio.sleep(max(0.0, began + PRESS_EVERY_S - time.monotonic()))
            await asyncio.gather(*tasks)

    async def _press(self, button: Device) -> str:
        connection = Connection(*self.stack.address)
        press = {"device": button["id"], "metric": "sos", "value": True, "id": uuid.uuid4().hex}
        at, clock = time.monotonic(), time.time()
        answer = await connection.post(
            "/ingest/v1/observations", json.dumps(press).encode(), token=button["token"]
        )
        connection.close()
        calls = json.loads(answer.body).get("calls", []) if answer.status == 200 else []
        if not calls:
            self.seen.refused += 1
            return ""
        call: str = calls[0]
        self.seen.sent_at[call] = at
        self.seen.answered_at[call] = time.monotonic()
        self.seen.clock_at[button["resident"]] = clock
        return call

    async def _after(self, client: httpx.AsyncClient, call: str, is_raced: bool) -> None:
        pressed_at = self.seen.sent_at[call]
        if is_raced:
            await asyncio.sleep(RACE_AFTER_S)
            await self._race(client, call)
        await asyncio.sleep(max(0.0, pressed_at + RESOLVE_AFTER_S - time.monotonic()))
        path = f"/api/v1/calls/{call}/resolve/"
        answer = await self._post(client, self.operators[0], path, {"outcome": "drill"})
        answer.raise_for_status()

    async def _race(self, client: httpx.AsyncClient, call: str) -> None:
        """Everybody at the desk has a caregiver on the line who says to be going."""
        first = self.races.held * RACERS
        count = len(self.caregivers)
        racers = [self.caregivers[(first + n) % count] for n in range(RACERS)]
        path = f"/api/v1/calls/{call}/accept/"
        answers = await asyncio.gather(
            *[
                self._post(client, self.desk[n % len(self.desk)], path, {"responder": racer})
                for n, racer in enumerate(racers)
            ]
        )
        codes = [answer.status_code for answer in answers]
        if set(codes) - {200, 409}:
            say(f"unexpected answers to accepts: {codes}")
        timeline = await client.get(
            f"/api/v1/calls/{call}/timeline/",
            headers={"Authorization": f"Bearer {self.operators[0]['api_token']}"},
        )
        accepted = [event for event in timeline.json() if event["type"] == "call.accepted"]
        self.races.held += 1
        self.races.double += codes.count(200) != 1 or len(accepted) != 1

    async def _post(
        self, client: httpx.AsyncClient, user: User, path: str, body: dict[str, Any]
    ) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {user['api_token']}",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        return await client.post(path, json=body, headers=headers)

    def _figures(self) -> Figures:
        seen = self.seen
        unseen = [call for call in seen.sent_at if call not in seen.shown_at]
        to_screen = seen.waits(seen.shown_at)
        rings = first_rings(self.stack, self.phone_of, seen.clock_at)
        return {
            "presses": len(self.buttons),
            "lost": len(unseen) + seen.refused,
            "press_to_answer_p50_ms": milliseconds(seen.waits(seen.answered_at), 0.5),
            "press_to_answer_p95_ms": milliseconds(seen.waits(seen.answered_at), 0.95),
            "press_to_screen_p50_ms": milliseconds(to_screen, 0.5),
            "press_to_screen_p95_ms": milliseconds(to_screen, 0.95),
            "press_to_first_ring_p50_ms": milliseconds(rings, 0.5),
            "press_to_first_ring_p95_ms": milliseconds(rings, 0.95),
            "rings": len(rings),
            "accept_races": self.races.held,
            "double_accepts": self.races.double,
            "naive_poll_to_screen_p95_ms": milliseconds(seen.waits(seen.polled_at), 0.95),
            "consoles": self.consoles,
            "background_readings_per_s": READINGS_PER_S,
        }


async def prove(socket: ClientConnection) -> None:
    """Say that somebody is there and hears."""
    await socket.send('{"ack":0,"sound":true}')


def first_rings(
    stack: Stack, phone_of: dict[str, str], pressed_at: dict[str, float]
) -> list[float]:
    """Seconds from each press to the first ring at the resident's own phone."""
    waits = []
    with httpx.Client(base_url=stack.run["http"], trust_env=False, timeout=10) as client:
        for resident, pressed in pressed_at.items():
            path = f"/demo/v1/phones/{phone_of[resident]}/events"
            rung = [
                datetime.fromisoformat(event["at"]).timestamp() - pressed
                for event in client.get(path).json()["events"]
                if event["type"] == "call.ringing"
            ]
            waits += sorted(wait for wait in rung if wait >= 0)[:1]
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
            heard = listener.notifies(timeout=5, stop_after=1)
            waits += [time.monotonic() - began for _ in heard]
        writer.execute("DROP TABLE benchmark_limit")
        writer.commit()
    return round(percentile(waits, 0.95) * 1000, 2)


def measure(arguments: argparse.Namespace) -> Figures:
    """Start a stack, press, and measure."""
    with own_stack() as stack:
        say("a stack is up; pressing")
        load = Load(
            stack,
            presses=arguments.presses,
            consoles=arguments.consoles,
            races=arguments.races,
        )
        figures = asyncio.run(load.measure())
        figures["limit_commit_notify_p95_ms"] = notify_limit_ms(stack.database_url)
    return figures


if __name__ == "__main__":
    run("lifeline", measure, presses=240, consoles=100, races=120)
