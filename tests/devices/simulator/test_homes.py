"""The demo's homes: a plausible day, nothing that would call anybody, and no message lost."""

import itertools
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from devices.adapters import zigbee2mqtt
from devices.ingest.meaning import meaning_of
from devices.simulator.days import ZONE, Doing, Life
from devices.simulator.homes import Home, Message, homes_in, messages_of
from devices.simulator.senders import HttpSender, TokenRefused
from devices.simulator.sensors import SENSORS

MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)
RUN = {
    "devices": [
        {"id": "g1", "token": "t1", "kind": "gateway", "gateway": None, "external_id": ""},
        *(
            {"id": f"d{n}", "token": "", "kind": kind, "gateway": "g1", "external_id": f"0x{n}"}
            for n, kind in enumerate(("sos_button", "motion", "door", "bed", "other"))
        ),
        {"id": "lone", "token": "t2", "kind": "watch", "gateway": None, "external_id": ""},
    ]
}


def test_the_same_seed_lives_the_same_day_and_another_seed_another() -> None:
    moments = [MONDAY + timedelta(minutes=5 * n) for n in range(288)]

    def day(seed: str) -> list[Doing]:
        life = Life(seed)
        return [life.doing_at(moment) for moment in moments]

    assert day("a") == day("a")
    assert day("a") != day("b")


@pytest.mark.parametrize("seed", ["a", "b", "c", "d"])
def test_people_sleep_at_night_and_cook_at_noon(seed: str) -> None:
    life = Life(seed)
    for day in (MONDAY, MONDAY + timedelta(days=1)):
        assert life.doing_at(day + timedelta(hours=3)) in {Doing.ASLEEP, Doing.UP_AT_NIGHT}
        assert life.doing_at(day + timedelta(hours=11.8)) is Doing.KITCHEN


def test_what_is_done_ends_later_than_it_is_asked_for() -> None:
    life = Life("a")
    at = MONDAY
    while at < MONDAY + timedelta(days=2):
        assert life.until(at) > at
        at = life.until(at)


@pytest.mark.parametrize("kind", sorted(SENSORS.keys() - {"watch", "seat"}))
def test_no_sensor_ever_says_what_would_call_or_alert_anybody(kind: str) -> None:
    said = SENSORS[kind](Life("a"), random.Random(1), MONDAY)  # noqa: S311 - repeatable
    for at, state in itertools.islice(said, 1_000):
        payload = json.dumps(state).encode()
        parsed = zigbee2mqtt.read("zigbee2mqtt/one", payload, received_at=at.astimezone(UTC))
        assert parsed.observations
        assert [one for one in parsed.observations if meaning_of(one)] == []


def test_a_home_sends_about_600_messages_a_day_in_order() -> None:
    homes = homes_in(RUN)
    day = itertools.takewhile(
        lambda message: message.at < MONDAY + timedelta(days=1),
        messages_of(homes, seed="1", start=MONDAY),
    )
    times = [message.at for message in day]
    assert 400 < len(times) < 900
    assert times == sorted(times)


def test_homes_are_gateways_with_the_devices_behind_them() -> None:
    [home] = homes_in(RUN)
    assert (home.gateway, home.token) == ("g1", "t1")
    assert [sensor.kind for sensor in home.sensors] == ["sos_button", "motion", "door", "bed"]


class Door:
    """An HTTP door that answers as it is told, and keeps what it took."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.taken: list[list[dict[str, Any]]] = []
        self.url = ""


@contextmanager
def a_door() -> Iterator[Door]:
    door = Door()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = door.answers.pop(0) if door.answers else 200
            if status == 200:
                door.taken.append(body)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    door.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def a_message(**state: Any) -> Message:
    return Message(MONDAY, Home("g1", "t1"), "0x1", state or {"occupancy": True})


def test_a_home_posts_its_messages_as_one_array_of_observations() -> None:
    with a_door() as door:
        sender = HttpSender(door.url)
        sender.send([a_message(), a_message(contact=True)])
        sender.close()

    assert door.taken == [
        [
            {"device": "0x1", "metric": "motion", "value": True, "at": MONDAY.isoformat()},
            {"device": "0x1", "metric": "door", "value": "closed", "at": MONDAY.isoformat()},
        ]
    ]


def test_what_no_door_took_is_sent_again() -> None:
    with a_door() as door:
        sender = HttpSender(door.url)
        door.answers = [503]
        sender.send([a_message()])
        assert door.taken == []
        sender.send([])
        sender.close()

    assert len(door.taken) == 1


def test_nobody_answering_is_waited_for() -> None:
    sender = HttpSender("http://127.0.0.1:9")
    sender.send([a_message()])


def test_a_token_that_is_not_known_any_more_ends_the_simulation() -> None:
    with a_door() as door:
        sender = HttpSender(door.url)
        door.answers = [401]
        with pytest.raises(TokenRefused):
            sender.send([a_message()])
        sender.close()
