"""Vendors' own message forms, read as observations: one folder a vendor or gateway."""

from collections.abc import Callable
from dataclasses import dataclass

from devices.adapters import chirpstack, zigbee2mqtt
from devices.ingest.observation import Parsed

Read = Callable[..., Parsed]
"""`read(topic, payload, *, received_at) -> Parsed`; never raises for what a device sends.

The observations' `device` is the vendor's own name for it, unique only behind its gateway.
"""


def _as_it_is(name: str) -> str:
    return name


@dataclass(frozen=True)
class Adapter:
    """How one vendor's messages are known and read.

    Without a `read` the form has a door of its own, which asks the registry for the model first.
    """

    name: str
    topic_prefix: str = ""
    read: Read | None = None
    plain_name: Callable[[str], str] = _as_it_is
    """A device's name as it stands in messages, from however somebody typed it."""
    by_network: bool = False
    """Whether one gateway serves many homes, as a LoRaWAN network does."""


ADAPTERS = {
    adapter.name: adapter
    for adapter in (
        Adapter(name="zigbee2mqtt", topic_prefix="zigbee2mqtt/", read=zigbee2mqtt.read),
        Adapter(name="chirpstack", plain_name=chirpstack.plain_name, by_network=True),
        Adapter(name="watch", plain_name=str.strip),
    )
}


def reader_for(topic: str) -> Read | None:
    """What reads this MQTT topic, if it is a vendor's."""
    for adapter in ADAPTERS.values():
        if adapter.read is not None and topic.startswith(adapter.topic_prefix):
            return adapter.read
    return None


def plain_name(adapter: str, name: str) -> str:
    """A device's name as its adapter reads it."""
    known = ADAPTERS.get(adapter)
    return known.plain_name(name) if known else name
