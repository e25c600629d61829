"""Which topics mean something, and who may listen to which."""

import pytest

from devices.mqtt.ports import Principal
from devices.mqtt.topics import Route, may_subscribe, route

DEVICE = Principal(name="d1", verified=True)
GATEWAY = Principal(name="gw", verified=True, speaks_for=frozenset({"d2"}))
STRANGER = Principal(name="d1", verified=False)


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("yian/d1/up", Route("up", "d1")),
        ("yian/d1/ack", Route("ack", "d1")),
        ("zigbee2mqtt/hall/door", Route("zigbee2mqtt")),
        (
            "application/a/device/7cf95720fc015fef/event/up",
            Route("chirpstack", "7cf95720fc015fef", "up"),
        ),
        ("application/a/device/7cf95720fc015fef/state/x", None),
        ("yian/d1/down", None),
        ("yian/d1/up/more", None),
        ("zigbee2mqtt", None),
        ("", None),
    ],
)
def test_a_topic_says_what_its_message_is_about(topic: str, expected: Route | None) -> None:
    assert route(topic) == expected


@pytest.mark.parametrize(
    ("principal", "topic_filter", "may"),
    [
        (DEVICE, "yian/d1/down", True),
        (DEVICE, "yian/d2/down", False),
        (DEVICE, "yian/+/down", False),
        (DEVICE, "yian/d1/#", False),
        (DEVICE, "zigbee2mqtt/#", True),
        (GATEWAY, "yian/d2/down", True),
        (GATEWAY, "yian/d1/down", False),
        (STRANGER, "yian/d1/down", False),
        (STRANGER, "zigbee2mqtt/#", False),
        (Principal(name="+", verified=True), "yian/+/down", False),
    ],
)
def test_nobody_hears_the_commands_of_another(
    principal: Principal, topic_filter: str, may: bool
) -> None:
    assert may_subscribe(principal, topic_filter) is may
