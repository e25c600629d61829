"""What the registry knows of a device's make, and of what it speaks through."""

from typing import NamedTuple
from uuid import UUID


class Profile(NamedTuple):
    """Kind, adapter, model and firmware, by which a device's bytes are read; "" is unknown."""

    kind: str = ""
    adapter: str = ""
    model: str = ""
    firmware: str = ""
    gateway_id: UUID | None = None


UNKNOWN = Profile()
