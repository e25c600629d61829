"""A frame as a row of channels: which there are is the model's, how they are cut is the same."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple


class Said(NamedTuple):
    """One thing that a frame says; `at_s` is its own time, of what the sensor kept for later."""

    metric: str
    value: bool | int | float | str | dict[str, Any]
    at_s: int | None = None


class About(NamedTuple):
    """What is known of the sensor besides its model."""

    firmware: str = ""
    is_sos: bool = False


Reader = Callable[[bytes, About], Iterator[Said]]
"""Reads the value of one channel, given in its full length."""


class Channel(NamedTuple):
    """How long a channel's value is, and what it means."""

    size: int
    read: Reader


Channels = Mapping[tuple[int, int], Channel]
"""By the two bytes with which a channel begins: its number and its type."""


def uint(data: bytes) -> int:
    """An unsigned number, lowest byte first."""
    return int.from_bytes(data, "little")


def sint(data: bytes) -> int:
    """A signed number, lowest byte first."""
    return int.from_bytes(data, "little", signed=True)


def silent(_data: bytes, _about: About) -> Iterator[Said]:
    """A value that says nothing about a home."""
    yield from ()


def battery(data: bytes, _about: About) -> Iterator[Said]:
    """In percent; more than 100 is a sensor that does not know."""
    if data[0] <= 100:
        yield Said("battery_percent", data[0])


def firmware(data: bytes, _about: About) -> Iterator[Said]:
    """Two numbers, such as 1.2; by it the registry learns which way some values turn."""
    yield Said("firmware", f"{data[0]}.{data[1]}")


COMMON: Channels = {
    (0x01, 0x75): Channel(1, battery),
    (0xFF, 0x01): Channel(1, silent),
    (0xFF, 0x08): Channel(6, silent),
    (0xFF, 0x09): Channel(2, silent),
    (0xFF, 0x0A): Channel(2, firmware),
    (0xFF, 0x0B): Channel(1, silent),
    (0xFF, 0x0F): Channel(1, silent),
    (0xFF, 0x16): Channel(8, silent),
    (0xFF, 0x18): Channel(2, silent),
    (0xFF, 0xFE): Channel(1, silent),
    (0xFF, 0xFF): Channel(2, silent),
}
"""What all models say: battery, and when they join their versions and serial number."""


def read_channels(
    channels: Channels, data: bytes, *, firmware: str, is_sos: bool
) -> tuple[list[Said], str]:
    """Read channel after channel; returns what was said, and why the rest was not read or ""."""
    about = About(firmware, is_sos)
    said: list[Said] = []
    place = 0
    while place < len(data):
        head = (data[place], data[place + 1]) if place + 1 < len(data) else None
        channel = None if head is None else channels.get(head) or COMMON.get(head)
        if channel is None:
            return said, "cut_off" if head is None else "unknown_channel"
        value = data[place + 2 : place + 2 + channel.size]
        if len(value) < channel.size:
            return said, "cut_off"
        said.extend(channel.read(value, about))
        place += 2 + channel.size
    return said, ""
