"""The topics that mean something to us, and who may listen to which."""

from typing import Literal, NamedTuple

from devices.mqtt.ports import Principal

SUBSCRIPTIONS = (
    "yian/+/up",
    "yian/+/ack",
    "zigbee2mqtt/#",
    "application/+/device/+/event/up",
    "application/+/device/+/event/join",
    "application/+/device/+/event/status",
)
"""What the bridge asks an external broker for."""

_GATEWAY_FILTERS = frozenset({"zigbee2mqtt/#"})


class Route(NamedTuple):
    """What a topic is about; `device` is empty where the payload names it."""

    kind: Literal["up", "ack", "zigbee2mqtt", "chirpstack"]
    device: str = ""
    event: str = ""
    """Which of ChirpStack's events it is."""


def route(topic: str) -> Route | None:
    """Where a message belongs, or None for a topic that is not ours.

    A message of no route may still hold a call for help.
    """
    match topic.split("/"):
        case ["yian", device, "up"]:
            return Route("up", device)
        case ["yian", device, "ack"]:
            return Route("ack", device)
        case ["zigbee2mqtt", _, *_]:
            return Route("zigbee2mqtt")
        case ["application", _, "device", device, "event", event]:
            return Route("chirpstack", device, event)
    return None


def down_topic(device: str) -> str:
    """Where a device hears its commands."""
    return f"yian/{device}/down"


def may_subscribe(principal: Principal, topic_filter: str) -> bool:
    """A device hears its own commands, a gateway those of its devices, nobody anything else.

    A gateway of zigbee2mqtt does not start without the subscription to its own tree; nothing is
    ever sent there by us, and messages of one client never go to another.
    """
    if not principal.verified:
        return False
    match topic_filter.split("/"):
        case ["yian", device, "down"]:
            return "+" not in device and "#" not in device and principal.may_speak_for(device)
    return topic_filter in _GATEWAY_FILTERS
