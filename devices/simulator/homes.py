"""The homes of `run.json`: a gateway with its token, and the devices behind it."""

import heapq
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from devices.simulator.days import Life
from devices.simulator.sensors import SENSORS, Said


@dataclass(frozen=True)
class Sensing:
    """A device of a home."""

    name: str
    kind: str


@dataclass(frozen=True)
class Home:
    """A gateway and what is behind it."""

    gateway: str
    token: str
    sensors: list[Sensing] = field(default_factory=list)


class Message(NamedTuple):
    """What a home's gateway passes on."""

    at: datetime
    home: Home
    device: str
    state: dict[str, Any]


def homes_in(run: Mapping[str, Any]) -> list[Home]:
    """The homes that a running installation tells of."""
    homes = {
        device["id"]: Home(device["id"], device["token"])
        for device in run["devices"]
        if device["kind"] == "gateway"
    }
    for device in run["devices"]:
        home = homes.get(device.get("gateway") or "")
        if home is not None and device["kind"] in SENSORS:
            home.sensors.append(Sensing(device["external_id"] or device["id"], device["kind"]))
    return list(homes.values())


def messages_of(homes: list[Home], *, seed: str, start: datetime) -> Iterator[Message]:
    """What all homes say from a moment on, in order of time, for ever."""
    return heapq.merge(
        *(_said_by(home, device, seed, start) for home in homes for device in home.sensors),
        key=lambda message: message.at,
    )


def _said_by(home: Home, device: Sensing, seed: str, start: datetime) -> Iterator[Message]:
    life = Life(f"{seed} {home.gateway}")
    chance = random.Random(f"{seed} {device.name} {start:%F}")  # noqa: S311 - invented lives
    said: Said
    for said in SENSORS[device.kind](life, chance, start):
        yield Message(said.at, home, device.name, said.state)
