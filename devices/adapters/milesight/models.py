"""The channels of each model, as tables."""

from collections.abc import Iterator

from devices.adapters.milesight import radar
from devices.adapters.milesight.channels import (
    About,
    Channel,
    Channels,
    Said,
    silent,
    sint,
    uint,
)

SMOKE = "GS524N"
"""Speaks six bytes without channels (`smoke`)."""
PRESSES = {1: "short", 2: "long", 3: "double"}
"""Source: README of WS101."""
WATER_OUTAGE, WATER_OUTAGE_OVER, WATER_FLOWS, WATER_FLOWS_OVER = 1, 2, 3, 4
"""Source: README of EM300-DI, water alarm."""


def _press(data: bytes, about: About) -> Iterator[Said]:
    """A button. That of a help button is a call however long it was pressed."""
    yield Said("sos" if about.is_sos else "press", True)
    yield Said("action", PRESSES.get(data[0], "unknown"))


def _motion(data: bytes, _about: About) -> Iterator[Said]:
    yield Said("motion", data[0] != 0)


def _light(data: bytes, _about: About) -> Iterator[Said]:
    """Printed as "dim" by the vendor's program where its table says "dark"."""
    yield Said("light", "light" if data[0] else "dark")


def _door(data: bytes, _about: About) -> Iterator[Said]:
    yield Said("door", "open" if data[0] else "closed")


def _tamper(data: bytes, _about: About) -> Iterator[Said]:
    """1 is taken off the wall: the table and the program; the printed example says otherwise."""
    yield Said("tamper", data[0] != 0)


def _water(data: bytes, _about: About) -> Iterator[Said]:
    yield Said("water", data[0] != 0)


def _seat(data: bytes, _about: About) -> Iterator[Said]:
    yield Said("seat", data[0] != 0)


def _temperature(data: bytes, _about: About) -> Iterator[Said]:
    yield Said("temperature_celsius", sint(data[:2]) / 10)


def _humidity(data: bytes, _about: About) -> Iterator[Said]:
    yield Said("humidity_percent", data[0] / 2)


def _pulses(data: bytes, _about: About) -> Iterator[Said]:
    yield Said("pulses", uint(data))


def _gpio(data: bytes, _about: About) -> Iterator[Said]:
    yield Said("contact", data[0] != 0)


def _flow(data: bytes, _about: About) -> Iterator[Said]:
    """Two factors by which pulses became water, then the water itself as a float."""
    amount = radar.single(data[4:8])
    if amount is not None:
        yield Said("water_used", amount)


def _flow_alarm(data: bytes, about: About) -> Iterator[Said]:
    yield from _flow(data[:8], about)
    yield from _water_alarm(data[8])


def _water_alarm(code: int, at_s: int | None = None) -> Iterator[Said]:
    """Water that runs for too long is a tap left open; none for too long is nobody at the tap."""
    if code in (WATER_FLOWS, WATER_FLOWS_OVER):
        yield Said("water", code == WATER_FLOWS, at_s)
    elif code in (WATER_OUTAGE, WATER_OUTAGE_OVER):
        yield Said("no_water_used", code == WATER_OUTAGE, at_s)


def _kept(*, status: str = "") -> Channel:
    """What was kept while there was no network: its time, temperature, humidity, a status."""

    def read(data: bytes, _about: About) -> Iterator[Said]:
        at_s = uint(data[:4])
        yield Said("temperature_celsius", sint(data[4:6]) / 10, at_s)
        yield Said("humidity_percent", data[6] / 2, at_s)
        if status == "door":
            yield Said("door", "open" if data[7] else "closed", at_s)
        elif status:
            yield Said(status, data[7] != 0, at_s)

    return Channel(8 if status else 7, read)


def _kept_pulses(data: bytes, _about: About) -> Iterator[Said]:
    at_s = uint(data[:4])
    yield Said("temperature_celsius", sint(data[4:6]) / 10, at_s)
    yield Said("humidity_percent", data[6] / 2, at_s)
    if data[7] == 2:
        yield Said("pulses", uint(data[9:13]), at_s)


def _kept_flow(data: bytes, _about: About) -> Iterator[Said]:
    at_s = uint(data[:4])
    yield Said("temperature_celsius", sint(data[4:6]) / 10, at_s)
    yield Said("humidity_percent", data[6] / 2, at_s)
    yield from _water_alarm(data[7], at_s)
    amount = radar.single(data[14:18])
    if data[8] == 2 and amount is not None:
        yield Said("water_used", amount, at_s)


def _location(data: bytes, _about: About) -> Iterator[Said]:
    """Latitude first; the nibbles of the last byte are the fence and the movement."""
    yield from _position(sint(data[:4]), sint(data[4:8]))
    moves = data[8] & 0x0F
    if moves in (1, 2, 3):
        yield Said("moving", moves != 3)


def _kept_location(data: bytes, _about: About) -> Iterator[Said]:
    """Longitude first, as the table has it only here."""
    yield from _position(sint(data[8:12]), sint(data[4:8]), uint(data[:4]))


def _position(lat: int, lon: int, at_s: int | None = None) -> Iterator[Said]:
    if (lat or lon) and abs(lat) <= 90_000_000 and abs(lon) <= 180_000_000:
        yield Said("position", {"lat": lat / 1e6, "lon": lon / 1e6}, at_s)


_AIR: Channels = {(0x03, 0x67): Channel(2, _temperature), (0x04, 0x68): Channel(1, _humidity)}

MODELS: dict[str, Channels] = {
    "WS101": {(0xFF, 0x2E): Channel(1, _press)},
    "WS202": {(0x03, 0x00): Channel(1, _motion), (0x04, 0x00): Channel(1, _light)},
    "WS301": {(0x03, 0x00): Channel(1, _door), (0x04, 0x00): Channel(1, _tamper)},
    "WS303": {(0x03, 0x00): Channel(1, _water)},
    "VS340": {(0x03, 0x00): Channel(1, _seat)},
    "VS341": {(0x03, 0x00): Channel(1, _seat)},
    "VS373": radar.CHANNELS,
    "EM300-TH": {**_AIR, (0x20, 0xCE): _kept()},
    "EM300-MCS": {
        **_AIR,
        (0x06, 0x00): Channel(1, _door),
        (0x20, 0xCE): _kept(status="door"),
    },
    "EM300-SLD": {
        **_AIR,
        (0x05, 0x00): Channel(1, _water),
        (0x20, 0xCE): _kept(status="water"),
    },
    "EM300-ZLD": {
        **_AIR,
        (0x05, 0x00): Channel(1, _water),
        (0x20, 0xCE): _kept(status="water"),
    },
    "EM300-MLD": {(0x05, 0x00): Channel(1, _water)},
    "EM300-DI": {
        **_AIR,
        (0x05, 0x00): Channel(1, _gpio),
        (0x05, 0xC8): Channel(4, _pulses),
        (0x05, 0xE1): Channel(8, _flow),
        (0x06, 0xE1): Channel(8, _flow),
        (0x85, 0x00): Channel(2, _gpio),
        (0x85, 0xE1): Channel(9, _flow_alarm),
        (0x86, 0xE1): Channel(9, _flow_alarm),
        (0x20, 0xCE): Channel(13, _kept_pulses),
        (0x21, 0xCE): Channel(18, _kept_flow),
    },
    "AT101": {
        (0x03, 0x67): Channel(2, _temperature),
        (0x83, 0x67): Channel(3, _temperature),
        (0x04, 0x88): Channel(9, _location),
        (0x05, 0x00): Channel(1, silent),
        (0x06, 0xD9): Channel(9, silent),
        (0x07, 0x00): Channel(1, _tamper),
        (0x20, 0xCE): Channel(12, _kept_location),
    },
}
"""Source: the payload table of each model's README; EM300-DI 0x85 0xE1 is what its program reads
beside the table's 0x86."""

BY_KIND = {
    "sos_button": "WS101",
    "motion": "WS202",
    "door": "WS301",
    "water": "WS303",
    "seat": "VS340",
    "fall_radar": "VS373",
    "smoke": SMOKE,
    "climate": "EM300-TH",
    "meter": "EM300-DI",
}
"""What a sensor of a kind most likely is, where nobody entered its model."""


def model_of(*, model: str, kind: str, told: str) -> str:
    """The model: as registered, else as the network calls its profile, else by the kind; or ""."""
    registered = model.strip().upper()
    if registered:
        return max(
            (name for name in _KNOWN if _is_of(name, registered)), key=len, default=registered
        )
    profile = told.upper()
    named = [name for name in _KNOWN if name in profile]
    return max(named, key=len) if named else BY_KIND.get(kind, "")


_KNOWN = (*MODELS, SMOKE)


def _is_of(name: str, printed: str) -> bool:
    """Whether a label names this model; what follows is the radio's band: "WS101-868M"."""
    return printed.startswith(name) and not printed[len(name) : len(name) + 1].isalnum()
