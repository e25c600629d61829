"""The demo's LoRaWAN homes and watches: read by our own decoders, they say what was meant."""

import itertools
import json
import random
import socket
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from devices.adapters import chirpstack
from devices.demo_lorawan import SETS
from devices.ingest.meaning import meaning_of
from devices.ingest.profiles import Profile
from devices.simulator import lorawan
from devices.simulator.days import ZONE, Life
from devices.simulator.homes import Home, Message, homes_in
from devices.simulator.sensors import SENSORS
from devices.simulator.watches import WatchSender, frame_of
from devices.watch.reading import read

MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)
OF_A_DAY = sorted({(kind.value, model) for sort in SETS for kind, model, _ in sort})


def said_by(kind: str, model: str = "", count: int = 400) -> list[Message]:
    said = SENSORS[kind](Life("a"), random.Random(1), MONDAY)  # noqa: S311 - repeatable
    home = Home("n", "t", adapter="chirpstack", key="h")
    return [
        Message(at, home, "24e124000000000a", state, kind, model)
        for at, state in itertools.islice(said, count)
    ]


@pytest.mark.parametrize(("kind", "model"), OF_A_DAY)
def test_a_sensors_day_is_understood_and_calls_nobody(kind: str, model: str) -> None:
    metrics = set()
    for message in said_by(kind, model):
        event = lorawan.event_of(message)
        if event is None:
            continue
        envelope = chirpstack.open_envelope(json.dumps(event).encode(), event="up")
        assert envelope is not None
        parsed = chirpstack.read(
            envelope, Profile(kind, model=model), name="x", received_at=message.at.astimezone(UTC)
        )
        assert parsed.rejected == []
        assert [one for one in parsed.observations if meaning_of(one)] == []
        metrics |= {one.metric for one in parsed.observations}
    assert len(metrics) > 1


def test_a_watchs_day_is_understood_and_calls_nobody() -> None:
    metrics = set()
    for message in said_by("watch", count=2_000):
        parsed = read(frame_of(message), device="w", received_at=message.at.astimezone(UTC))
        assert [one for one in parsed.observations if meaning_of(one)] == []
        metrics |= {one.metric for one in parsed.observations}
    assert metrics == {"steps", "battery_percent", "heart_rate_bpm", "position"}


def test_homes_of_one_network_are_apart_and_a_watch_lives_with_its_home() -> None:
    def device(id: str, kind: str, **fields: Any) -> dict[str, Any]:  # noqa: A002 - as in run.json
        told = {"token": f"t {id}", "gateway": None, "external_id": id, "adapter": "", "home": None}
        return {"id": id, "kind": kind, **told, **fields}

    run = {
        "devices": [
            device("net", "gateway", adapter="chirpstack", home="a"),
            device("s1", "motion", gateway="net", adapter="chirpstack", home="a", model="WS202"),
            device("s2", "motion", gateway="net", adapter="chirpstack", home="b", model="WS202"),
            device("w", "watch", adapter="watch", home="a"),
        ]
    }
    found = {(home.adapter, home.key): home for home in homes_in(run)}

    assert set(found) == {("chirpstack", "a"), ("chirpstack", "b"), ("watch", "a")}
    assert found["chirpstack", "b"].token == "t net"
    assert found["watch", "a"].sensors[0].name == "w"


def test_a_watch_says_its_frames_on_a_line_and_finds_another_when_it_ends() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        for _ in range(2):
            line, _ = server.accept()
            heard.append(line.recv(1_000))
            line.close()

    thread = threading.Thread(target=serve)
    thread.start()
    sender = WatchSender({"host": "127.0.0.1", "port": server.getsockname()[1]})
    message = said_by("watch", count=1)[0]
    for _ in range(20):
        sender.send([message])
        thread.join(0.05)
        if not thread.is_alive():
            break
    sender.close()
    thread.join(5)
    server.close()

    assert heard == [frame_of(message).encoded()] * 2


def test_where_no_door_is_nothing_breaks() -> None:
    WatchSender({"host": "127.0.0.1", "port": 9}).send(said_by("watch", count=1))
