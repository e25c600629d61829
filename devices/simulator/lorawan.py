"""What a sensor says as the bytes of a Milesight frame, and as an event of its network."""

import base64
import uuid
from typing import Any

from devices.adapters.milesight.models import BY_KIND
from devices.simulator.homes import Message

NAMES = uuid.UUID("0d4c9f0e-58c2-4c2b-8a34-6f6f2b0b9a11")
"""Of which the names of invented uplinks are made."""


def frame_of(kind: str, model: str, state: dict[str, Any]) -> bytes:
    """A frame that says what the state says; b"" if this sensor has no words for it."""
    known = model or BY_KIND.get(kind, "")
    if known == "GS524N":
        return _smoke(state)
    battery = bytes([0x01, 0x75, state["battery"]]) if "battery" in state else b""
    return battery + _channels(known, state)


def _channels(model: str, state: dict[str, Any]) -> bytes:
    if model == "VS373":
        return _radar(state)
    if "temperature" in state:
        tenths: int = round(state["temperature"] * 10)
        warmth = tenths.to_bytes(2, "little", signed=True)
        return b"\x03\x67" + warmth + bytes([0x04, 0x68, state["humidity"] * 2])
    told = {
        "occupancy": state.get("occupancy"),
        "contact": None if state.get("contact") is None else not state["contact"],
        "water_leak": state.get("water_leak"),
        "seat": state.get("seat"),
    }
    channel = 0x06 if model == "EM300-MCS" else 0x03
    return b"".join(bytes([channel, 0x00, is_on]) for is_on in told.values() if is_on is not None)


def _radar(state: dict[str, Any]) -> bytes:
    """Nobody falls here: normal where somebody is, vacant where nobody is."""
    status = 0 if state.get("presence") else 1
    return bytes([0x03, 0xF8, status, 0, 0, 0, 0, 0])


def _smoke(state: dict[str, Any]) -> bytes:
    body = bytes([0x22, 0x17, state.get("battery", 90), 0, 21])
    return body + bytes([-sum(body) & 0xFF])


def event_of(message: Message) -> dict[str, Any] | None:
    """The uplink as ChirpStack v4 tells it; None for what the sensor does not say."""
    frame = frame_of(message.kind, message.model, message.state)
    if not frame:
        return None
    counter, level = int(message.at.timestamp()), message.state.get("linkquality", 90)
    return {
        "deduplicationId": str(uuid.uuid5(NAMES, f"{message.device} {message.at.isoformat()}")),
        "time": message.at.isoformat(),
        "deviceInfo": {"deviceProfileName": message.model, "devEui": message.device},
        "devAddr": message.device[-8:],
        "fCnt": counter,
        "fPort": 85,
        "data": base64.b64encode(frame).decode("ascii"),
        "rxInfo": [{"gatewayId": "24e124fffe000001", "rssi": -level}],
    }
