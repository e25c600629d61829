"""Vendors' own message forms, read as observations: one folder a vendor or gateway."""

from collections.abc import Callable
from dataclasses import dataclass

from devices.adapters import zigbee2mqtt
from devices.ingest.observation import Parsed

Read = Callable[..., Parsed]
"""`read(topic, payload, *, received_at) -> Parsed`; never raises for what a device sends.

The observations' `device` is the vendor's own name for it, unique only behind its gateway.
"""


@dataclass(frozen=True)
class Adapter:
    """How one vendor's messages are known and read."""

    name: str
    topic_prefix: str
    read: Read


ADAPTERS = {
    adapter.name: adapter
    for adapter in (
        Adapter(name="zigbee2mqtt", topic_prefix="zigbee2mqtt/", read=zigbee2mqtt.read),
    )
}


def adapter_for(topic: str) -> Adapter | None:
    """The adapter that reads this MQTT topic, if it is a vendor's."""
    for adapter in ADAPTERS.values():
        if topic.startswith(adapter.topic_prefix):
            return adapter
    return None
