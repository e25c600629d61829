"""Events of LoRaWAN networks: the registry is asked what a sensor is, then they are read."""

from datetime import datetime
from typing import NamedTuple

from devices.adapters import chirpstack
from devices.ingest.observation import Parsed
from devices.ingest.profiles import UNKNOWN
from devices.ingest.registry import Identity, Registry
from devices.ingest.sorting import Origin, nobody


class Event(NamedTuple):
    """What an event says, and whose it may be."""

    parsed: Parsed
    origin: Origin


async def read_event(
    raw: bytes,
    registry: Registry,
    sender: Identity | None,
    *,
    event: str,
    source: str,
    received_at: datetime,
    dev_eui: str = "",
) -> Event:
    """Read an event that a proven sender brought, or, without one, a stranger from `source`.

    That of a sensor for which the sender does not speak is read by what the registry knows of it,
    so that a call for help in it is understood, and comes from its own home; its observations name
    the sensor by our identifier.

    Raises:
        NotCommitted: the database does not answer.
    """
    origin = Origin(source, nobody)
    if sender is not None:
        origin = Origin(f"device:{sender.id}", sender.device_named, sender.id)
    envelope = chirpstack.open_envelope(raw, event=event, dev_eui=dev_eui)
    if envelope is None:
        return Event(chirpstack.unreadable(raw, received_at=received_at), origin)
    name = envelope.dev_eui
    sensor = await registry.of_name(name) if name else None
    profile = sensor.profile_of("") if sensor is not None else UNKNOWN
    if sensor is not None and sender is not None and profile.gateway_id == sender.id:
        origin = origin._replace(device_named={name: sensor.id}.get)
    elif origin.device_named(name) is None:
        # A network stands in some home, which is nobody's whose sensor it hears by chance.
        origin = origin._replace(through=None)
        name = str(sensor.id) if sensor is not None else name
    parsed = chirpstack.read(envelope, profile, name=name, received_at=received_at)
    return Event(parsed, origin)
