"""Bytes of clients: whole packets in any pieces, and nothing but Malformed for rubbish."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.mqtt import encoding
from devices.mqtt.decoding import Decoder
from devices.mqtt.packets import Ack, Connect, Kind, Malformed, Packet, Publish, Reason, Subscribe
from tests.devices.mqtt.clients import a_connect, a_publish

topics = st.text(st.characters(exclude_characters="#+\0", codec="utf-8"), min_size=1, max_size=40)


def packets_in(
    data: bytes, *, pieces: int = 1 << 20, max_packet_bytes: int = 1 << 20
) -> list[Packet]:
    decoder = Decoder(max_packet_bytes=max_packet_bytes)
    found = []
    for start in range(0, len(data), pieces):
        decoder.feed(data[start : start + pieces])
        while (packet := decoder.next()) is not None:
            found.append(packet)
    return found


@given(topic=topics, payload=st.binary(max_size=300), packet_id=st.integers(0, 0xFFFF))
def test_a_message_is_read_as_it_was_written(topic: str, payload: bytes, packet_id: int) -> None:
    data = encoding.publish(4, topic, payload, packet_id=packet_id)

    qos = 1 if packet_id else 0
    assert packets_in(data) == [Publish(topic, payload, qos, packet_id, dup=False, retain=False)]


@given(payloads=st.lists(st.binary(max_size=200), max_size=5), pieces=st.integers(1, 50))
def test_packets_are_the_same_in_any_pieces(payloads: list[bytes], pieces: int) -> None:
    data = a_connect() + b"".join(a_publish(payload) for payload in payloads)

    assert packets_in(data, pieces=pieces) == packets_in(data)
    assert [one.payload for one in packets_in(data) if isinstance(one, Publish)] == payloads


@pytest.mark.parametrize("level", [4, 5])
def test_a_client_introduces_itself(level: int) -> None:
    assert packets_in(a_connect(level=level)) == [
        Connect(level, "c", clean=True, keep_alive_s=60, user="d1", password="right")
    ]


def test_names_that_are_no_text_do_not_keep_a_client_out() -> None:
    (connect,) = packets_in(a_connect(user=b"\xff", client_id=b"\xfe"))

    assert isinstance(connect, Connect)
    assert (connect.user, connect.client_id) == ("\ufffd", "\ufffd")


def test_a_will_is_read_over() -> None:
    body = b"\0\x04MQTT\x04\xc6\0\x3c\0\x01c" + b"\0\x04will" + b"\0\x03bye" + b"\0\x01u\0\x01p"

    (connect,) = packets_in(bytes([0x10, len(body)]) + body)

    assert connect == Connect(4, "c", clean=True, keep_alive_s=60, user="u", password="p")


def test_properties_of_mqtt_5_are_read_over() -> None:
    publish = b"\x32\x0c\0\x01t\0\x07\x02\x01\x01" + b"data"
    subscribe = b"\x82\x0a\0\x01\x02\x0b\x05\0\x02a/\x01"

    _, message, wish = packets_in(a_connect(level=5) + publish + subscribe)

    assert message == Publish("t", b"data", 1, 7, dup=False, retain=False)
    assert wish == Subscribe(1, [("a/", 1)])


def test_an_acknowledgement_of_mqtt_5_may_say_why_not() -> None:
    _, refused = packets_in(a_connect(level=5) + b"\x40\x03\0\x07\x87")

    assert refused == Ack(Kind.PUBACK, 7, 0x87)


def test_a_packet_that_is_too_large_is_refused_before_it_is_there() -> None:
    with pytest.raises(Malformed) as refused:
        packets_in(a_publish(b'{"metric":"sos"}' + bytes(2000))[:50], max_packet_bytes=1000)

    assert refused.value.reason is Reason.PACKET_TOO_LARGE
    assert b'{"metric":"sos"}' in refused.value.body


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00",
        b"\xf0\x00",
        b"\x20\x02\x00\x00",
        b"\x30\xff\xff\xff\xff",
        b"\x36\x06\0\x01t\0\x01x",
        b"\x32\x05\0\x01t\0\0",
        b"\x30\x02\0\0",
        b"\x30\x03\0\x09t",
        b"\x32\x03\0\x01t" + b"\xc0\x00" * 10,
        b"\x30\x04\0\x02t#",
        b"\x30\x04\0\x02\xc3\x28",
        b"\x30\x03\0\x01\0",
        b"\x80\x05\0\x01\0\x01t",
        b"\x82\x02\0\x01",
        b"\x82\x06\0\x01\0\x01t\x03",
        b"\xc0\x01\0",
        b"\x10\x02\0\x04",
    ],
)
def test_what_the_protocol_forbids_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        packets_in(data)


@given(data=st.binary(max_size=400), pieces=st.integers(1, 40), level=st.sampled_from([4, 5]))
def test_random_bytes_are_packets_or_malformed_and_nothing_else(
    data: bytes, pieces: int, level: int
) -> None:
    for start in (b"", a_connect(level=level)):
        with suppress(Malformed):
            packets_in(start + data, pieces=pieces)


@given(data=st.data(), level=st.sampled_from([4, 5]))
def test_a_damaged_message_is_a_message_or_malformed_and_nothing_else(
    data: st.DataObject, level: int
) -> None:
    whole = bytearray(a_publish(b'{"metric":"sos"}') + b"\x82\x06\0\x01\0\x01t\x01")
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Malformed):
        packets_in(a_connect(level=level) + bytes(whole))
