"""What the registry knows of a device's make."""

from typing import NamedTuple


class Profile(NamedTuple):
    """Kind, adapter, model and firmware, by which a device's bytes are read; "" is unknown."""

    kind: str = ""
    adapter: str = ""
    model: str = ""
    firmware: str = ""


UNKNOWN = Profile()
