"""What each kind of device says while a home lives its day."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from devices.simulator.days import Doing, Life


class Said(NamedTuple):
    """What a device says, in the fields of a zigbee2mqtt state; others translate it."""

    at: datetime
    state: dict[str, Any]


Sensor = Callable[[Life, random.Random, datetime], Iterator[Said]]
"""Goes on for ever from a moment on, in order of time."""

MOTION_EVERY_S = {
    Doing.ASLEEP: 5_400.0,
    Doing.UP_AT_NIGHT: 60.0,
    Doing.KITCHEN: 55.0,
    Doing.RESTING: 220.0,
    Doing.BUSY: 75.0,
    Doing.VISITED: 45.0,
}
"""Mean time between movements; so a home sends about 600 messages a day, 2,000 readings in all."""
SIGN_OF_LIFE_S = 3_000.0
"""Source: reporting interval of Xiaomi's sensors, 50 minutes, zigbee2mqtt.io."""
MOTION_HOLDS_S = 90.0
"""Source: occupancy_timeout of common motion sensors, zigbee2mqtt.io."""


def motion(life: Life, chance: random.Random, start: datetime) -> Iterator[Said]:
    """Occupancy, and its end a minute and a half later; a sign of life when nobody moves."""
    at = start
    while True:
        every_s = MOTION_EVERY_S.get(life.doing_at(at))
        gap_s = chance.expovariate(1 / every_s) if every_s else SIGN_OF_LIFE_S
        at = _later(at, min(gap_s, SIGN_OF_LIFE_S))
        if gap_s >= SIGN_OF_LIFE_S:
            yield Said(at, {"battery": chance.randint(70, 100), **_radio(chance)})
        elif life.doing_at(at) is not Doing.OUT:
            yield Said(at, {"occupancy": True, **_radio(chance)})
            at = _later(at, MOTION_HOLDS_S)
            yield Said(at, {"occupancy": False, **_radio(chance)})


def door(life: Life, chance: random.Random, start: datetime) -> Iterator[Said]:
    """Opened and closed when somebody goes, returns or visits; a sign of life between."""
    at, before = start, life.doing_at(start)
    while True:
        until = life.until(at)
        yield Said(_later(at, chance.uniform(5, 30)), {"contact": True, **_radio(chance)})
        at = until
        doing = life.doing_at(at)
        if Doing.OUT in (before, doing) or Doing.VISITED in (before, doing):
            yield Said(_later(at, 40), {"contact": False, **_radio(chance)})
            at = _later(at, 40 + chance.uniform(4, 25))
            yield Said(at, {"contact": True, **_radio(chance)})
        before = doing


def bed(life: Life, chance: random.Random, start: datetime) -> Iterator[Said]:
    """In bed while asleep, with breathing; out of it otherwise."""
    at = start
    while True:
        asleep = life.doing_at(at) is Doing.ASLEEP
        state = {"bed": asleep, **({"breathing_rate": chance.randint(12, 19)} if asleep else {})}
        yield Said(at, {**state, **_radio(chance)})
        at = min(life.until(at), _later(at, chance.uniform(1_200, 2_400)))


def radar(life: Life, chance: random.Random, start: datetime) -> Iterator[Said]:
    """Presence, and that nobody fell."""
    at = start
    while True:
        there = life.doing_at(at) in {Doing.UP_AT_NIGHT, Doing.BUSY, Doing.VISITED}
        present = there and chance.random() < 0.5
        yield Said(at, {"presence": present, "fall_down_status": "none", **_radio(chance)})
        at = _later(at, chance.uniform(300, 600))


def seat(life: Life, chance: random.Random, start: datetime) -> Iterator[Said]:
    """Sat upon while resting, and not otherwise."""
    at = start
    while True:
        yield Said(at, {"seat": life.doing_at(at) is Doing.RESTING, **_radio(chance)})
        at = min(life.until(at), _later(at, chance.uniform(1_800, 3_000)))


def climate(_life: Life, chance: random.Random, start: datetime) -> Iterator[Said]:
    """How warm and how damp it is."""
    at = _later(start, chance.uniform(0, 900))
    while True:
        warmth = round(chance.gauss(19.5, 1.0), 1)
        yield Said(at, {"temperature": warmth, "humidity": chance.randint(40, 70)})
        at = _later(at, chance.uniform(1_500, 2_100))


WALKS = {Doing.OUT: 700, Doing.BUSY: 90, Doing.KITCHEN: 60, Doing.VISITED: 40}
"""Steps in ten minutes."""
WATCH_EVERY_S = 600.0
"""Source: the usual interval of a watch's sign of life is five to ten minutes."""


def watch(life: Life, chance: random.Random, start: datetime) -> Iterator[Said]:
    """A sign of life with steps and battery, at times a pulse, and a place while out."""
    at, steps = _later(start, chance.uniform(0, WATCH_EVERY_S)), 0
    while True:
        doing = life.doing_at(at)
        steps += round(WALKS.get(doing, 0) * chance.uniform(0.5, 1.5))
        yield Said(at, {"steps": steps, "battery": chance.randint(40, 95)})
        if doing is Doing.OUT:
            lat, lon = (31.57 + chance.gauss(0, 0.004), 120.30 + chance.gauss(0, 0.004))
            yield Said(at, {"lat": round(lat, 6), "lon": round(lon, 6), "steps": steps})
        elif chance.random() < 0.3:
            yield Said(at, {"pulse": chance.randint(58, 92)})
        at = _later(at, WATCH_EVERY_S)


def _still(**state: Any) -> Sensor:
    """A device that says at times that all is well, and how full its battery is."""

    def sensor(_life: Life, chance: random.Random, start: datetime) -> Iterator[Said]:
        at = _later(start, chance.uniform(0, 1_500))
        while True:
            yield Said(at, {**state, "battery": chance.randint(70, 100), **_radio(chance)})
            at = _later(at, chance.uniform(1_500, 2_700))

    return sensor


SENSORS: dict[str, Sensor] = {
    "motion": motion,
    "door": door,
    "bed": bed,
    "fall_radar": radar,
    "seat": seat,
    "climate": climate,
    "watch": watch,
    "sos_button": _still(action=""),
    "smoke": _still(smoke=False, tamper=False),
    "water": _still(water_leak=False),
    "gas": _still(gas=False),
}


def _radio(chance: random.Random) -> dict[str, int]:
    return {"linkquality": chance.randint(60, 220)}


def _later(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)
