"""Events of LoRaWAN networks: the registry is asked what a sensor is, then they are read."""

from datetime import datetime

from devices.adapters import chirpstack
from devices.ingest.observation import Parsed
from devices.ingest.profiles import UNKNOWN
from devices.ingest.registry import Identity, Registry


async def read_event(
    raw: bytes,
    registry: Registry,
    identity: Identity | None,
    *,
    event: str,
    received_at: datetime,
    dev_eui: str = "",
) -> Parsed:
    """Read an event that a proven sender brought, or, without `identity`, a stranger.

    A stranger's is read by what the registry knows of the sensor it names, so that a call for help
    in it is understood; its observations name the sensor by our identifier.

    Raises:
        NotCommitted: the database does not answer.
    """
    envelope = chirpstack.open_envelope(raw, event=event, dev_eui=dev_eui)
    if envelope is None:
        return chirpstack.unreadable(raw, received_at=received_at)
    name = envelope.dev_eui
    profile = identity.profile_of(name) if identity else UNKNOWN
    if profile is UNKNOWN and name:
        claimed = await registry.of_name(name)
        if claimed is not None:
            profile = claimed.profile_of(name)
            name = name if identity else str(claimed.id)
    return chirpstack.read(envelope, profile, name=name, received_at=received_at)
