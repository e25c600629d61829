"""The fall radar VS373: the room, its regions, and its alarms.

Source: README and table of VS373, both editions.
"""

import math
import struct
from collections.abc import Iterator

from devices.adapters.milesight.channels import About, Channel, Channels, Said, silent, uint

VACANT, IN_BED, OUT_OF_BED, FALLEN = 1, 2, 3, 4
FALL, MOTIONLESS, DWELL, LEFT_BED, OCCUPIED, EMPTY, SLOW_BREATH, FAST_BREATH, LYING = range(9)
"""Kinds of alarm. The first is printed "normal" in an old table and is a fall in every program."""
TRIGGERED = (0, 1)
"""An old table counts from 0, the programs and the new one from 1. What either calls triggered is
taken for it: an idle visit costs less than a missed fall."""
STATUS_REPORT = 4
TURNED_ROUND = (1, 2)
"""From this firmware on, 1 is an occupied region; before, 0 was."""
NO_DATA = 1
BREATH_SCALE = 100


def single(data: bytes) -> float | None:
    """A float of four bytes, or None for one that is none."""
    number: float = struct.unpack("<f", data)[0]
    return round(number, 3) if math.isfinite(number) else None


def _room(data: bytes, _about: About) -> Iterator[Said]:
    status = data[0]
    yield Said("fall", status == FALLEN)
    if status == VACANT:
        yield Said("presence", False)
    elif status in (IN_BED, OUT_OF_BED, FALLEN):
        yield Said("presence", True)
    if status in (IN_BED, OUT_OF_BED):
        yield Said("bed", status == IN_BED)
    yield Said("room_used_now_min", uint(data[2:4]))
    yield Said("room_used_today_min", uint(data[4:6]))


def _regions(data: bytes, about: About) -> Iterator[Said]:
    """Whether anybody is in a region; unknown while the firmware is."""
    occupied = _occupied_code(about.firmware)
    if occupied is not None and any(code in (0, 1) for code in data):
        yield Said("region_occupied", occupied in data)


def _occupied_code(firmware: str) -> int | None:
    parts = [int(part) for part in firmware.lower().removeprefix("v").split(".") if part.isdigit()]
    if len(parts) < 2:
        return None
    return 1 if (parts[0], parts[-1]) >= TURNED_ROUND else 0


def _alarm(kind: int, status: int, at_s: int | None = None) -> Iterator[Said]:
    is_on = status in TRIGGERED
    if status == STATUS_REPORT:
        return
    if kind in (FALL, LYING):
        yield Said("fall", is_on, at_s)
    elif kind == LEFT_BED:
        yield Said("left_bed_long", is_on, at_s)
    elif kind == DWELL:
        yield Said("dwell_long", is_on, at_s)
    elif kind == MOTIONLESS:
        yield Said("motionless_long", is_on, at_s)
    elif kind in (OCCUPIED, EMPTY) and is_on:
        yield Said("presence", kind == OCCUPIED, at_s)
    elif kind in (SLOW_BREATH, FAST_BREATH) and is_on:
        yield Said("breath", "slow" if kind == SLOW_BREATH else "fast", at_s)


def _alarm_now(data: bytes, _about: About) -> Iterator[Said]:
    yield from _alarm(data[2], data[3])


def _alarm_kept(data: bytes, _about: About) -> Iterator[Said]:
    yield from _alarm(data[6], data[7], uint(data[:4]))


def _breath(data: bytes, _about: About) -> Iterator[Said]:
    """The rate in hundredths; it may stand there although the radar has no data for it."""
    yield Said("respiration_per_min", uint(data[1:3]) / BREATH_SCALE)
    yield Said("respiration_status", "no_data" if data[0] == NO_DATA else str(data[0]))


CHANNELS: Channels = {
    (0x03, 0xF8): Channel(6, _room),
    (0x04, 0xF9): Channel(4, _regions),
    (0x05, 0xFA): Channel(8, silent),
    (0x06, 0xFB): Channel(5, _alarm_now),
    (0x08, 0xB1): Channel(3, _breath),
    (0x20, 0xCE): Channel(9, _alarm_kept),
}
