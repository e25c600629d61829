"""The drill's own instruments: what it kills, what it sends, what it counts."""

from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from benchmarks import alarms, kills, mqtt_client, reckoning
from benchmarks.kills import Kill
from benchmarks.reckoning import Duplicates
from devices.mqtt.decoding import Decoder
from devices.mqtt.packets import Connect, Publish


def test_a_plan_is_the_same_for_the_same_seed_and_spares_nobody() -> None:
    victims = ["web", "tick", "postgres"]
    planned = kills.plan(victims, kills=7, seed=3)

    assert planned == kills.plan(victims, kills=7, seed=3)
    assert planned != kills.plan(victims, kills=7, seed=4)
    assert sorted(Counter(victim for _, victim in planned).values()) == [2, 2, 3]
    assert all(0 <= moment < 1 for moment, _ in planned)


def test_each_alarm_is_a_message_of_its_own_and_some_come_over_mqtt() -> None:
    sent = alarms.presses([{"id": str(n), "resident": str(n)} for n in range(10)])

    assert len({alarm.message for alarm in sent}) == 10
    assert sum(alarm.by_mqtt for alarm in sent) == 2


def test_the_small_mqtt_client_says_what_the_door_reads() -> None:
    decoder = Decoder(max_packet_bytes=10_000)
    payload = b"x" * 300
    decoder.feed(mqtt_client.connect("lamp", "secret"))
    decoder.feed(mqtt_client.publish(b"yian/lamp/up", 9, payload, again=True))
    connect, publish = decoder.next(), decoder.next()

    assert isinstance(connect, Connect)
    assert (connect.user, connect.password, connect.client_id) == ("lamp", "secret", "lamp")
    assert isinstance(publish, Publish)
    assert (publish.topic, publish.packet_id, publish.qos) == ("yian/lamp/up", 9, 1)
    assert publish.dup
    assert publish.payload == payload


BEGAN = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def an_attempt(number: int, **fields: str) -> SimpleNamespace:
    told = {"state": "ringing", "provider_id": f"CA{number}", "error_code": "", **fields}
    return SimpleNamespace(delivery_id="d", number=number, started_at=BEGAN, **told)


@pytest.mark.parametrize(
    ("first", "killed", "found"),
    [
        ({"error_code": "lost"}, [("tick", 2)], Duplicates(2, explained=1)),
        ({"error_code": "lost"}, [("tick", 60)], Duplicates(2, explained=0, unexplained=1)),
        ({"error_code": "lost"}, [("web", 2)], Duplicates(2, explained=0, unexplained=1)),
        ({"error_code": "unknown"}, [("web", 2)], Duplicates(2, explained=0, unanswered=1)),
        ({"state": "no_answer"}, [], Duplicates(2, explained=0)),
        ({}, [("tick", 2)], Duplicates(2, explained=0, unexplained=1)),
    ],
)
def test_a_second_request_is_explained_by_what_the_first_attempt_says_of_itself(
    first: dict[str, str], killed: list[tuple[str, float]], found: Duplicates
) -> None:
    attempts = [an_attempt(1, **first), an_attempt(2)]
    kills_done = [Kill(victim, BEGAN.timestamp() + after_s) for victim, after_s in killed]

    assert reckoning.judged(["CA1", "CA2"], attempts, kills_done) == found


def test_a_request_that_is_no_attempt_of_ours_is_unexplained() -> None:
    assert reckoning.judged(["CA1", "CA9"], [an_attempt(1)], []).unexplained == 1
