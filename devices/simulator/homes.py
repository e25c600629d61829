"""The homes of `run.json`: how each speaks, with which token, and the devices in it."""

import heapq
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from devices.simulator.days import Life
from devices.simulator.sensors import SENSORS, Said

ZIGBEE, LORAWAN, WATCH = "zigbee2mqtt", "chirpstack", "watch"


@dataclass(frozen=True)
class Sensing:
    """A device of a home."""

    name: str
    kind: str
    model: str = ""


@dataclass(frozen=True)
class Home:
    """A home and what speaks for it: its gateway, the network of many homes, or a watch itself.

    Those of one `key` live the same days.
    """

    gateway: str
    token: str
    sensors: list[Sensing] = field(default_factory=list)
    adapter: str = ZIGBEE
    key: str = ""


class Message(NamedTuple):
    """What a home's gateway passes on."""

    at: datetime
    home: Home
    device: str
    state: dict[str, Any]
    kind: str = ""
    model: str = ""


def homes_in(run: Mapping[str, Any]) -> list[Home]:
    """The homes that a running installation tells of; a watch is one of its own."""
    gateways = {each["id"]: each for each in run["devices"] if each["kind"] == "gateway"}
    homes: dict[tuple[str, str], Home] = {}
    for device in run["devices"]:
        if device["kind"] not in SENSORS:
            continue
        speaker = gateways.get(device.get("gateway") or "")
        if speaker is None and device.get("adapter") == WATCH:
            speaker = device
        if speaker is None:
            continue
        adapter = speaker.get("adapter") or ZIGBEE
        key = device.get("home") or speaker["id"]
        by = (speaker["id"], key if adapter == LORAWAN else "")
        home = homes.setdefault(by, Home(speaker["id"], speaker["token"], [], adapter, key))
        name = device["external_id"] or device["id"]
        home.sensors.append(Sensing(name, device["kind"], device.get("model") or ""))
    return list(homes.values())


def messages_of(homes: list[Home], *, seed: str, start: datetime) -> Iterator[Message]:
    """What all homes say from a moment on, in order of time, for ever."""
    return heapq.merge(
        *(_said_by(home, device, seed, start) for home in homes for device in home.sensors),
        key=lambda message: message.at,
    )


def _said_by(home: Home, device: Sensing, seed: str, start: datetime) -> Iterator[Message]:
    life = Life(f"{seed} {home.key or home.gateway}")
    chance = random.Random(f"{seed} {device.name} {start:%F}")  # noqa: S311 - invented lives
    said: Said
    for said in SENSORS[device.kind](life, chance, start):
        yield Message(said.at, home, device.name, said.state, device.kind, device.model)
