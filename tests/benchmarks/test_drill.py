"""The drill's own instruments: what it kills, what it sends, what it counts."""

from collections import Counter

from benchmarks import alarms, kills, mqtt_client
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
