"""When devices were last heard, written together and at most once a minute for each device."""

import math
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from devices import actions
from devices.actions import Heard
from devices.ingest import battery
from devices.ingest.clocks import Clock
from devices.ingest.observation import Observation

AGAIN_AFTER_S = 60.0


@dataclass
class _Known:
    heard: Heard
    written_at: float = -math.inf
    is_new: bool = True


class Liveness:
    """What the doors heard of each device and have not written yet."""

    def __init__(self) -> None:
        """Nothing was heard."""
        self._known: dict[UUID, _Known] = {}
        self._changing = threading.Lock()

    def heard(self, device_id: UUID, observation: Observation, *, received_at: datetime) -> None:
        """Note a stored observation: the device lives, and what it says of itself."""
        with self._changing:
            _note(self._of(device_id).heard, observation, received_at)

    def passed_on(self, device_id: UUID, *, received_at: datetime) -> None:
        """Note that a gateway brought something: it lives."""
        with self._changing:
            heard = self._of(device_id).heard
            heard.seen_at = max(heard.seen_at or received_at, received_at)
            _note_online(heard, True, received_at)

    def _of(self, device_id: UUID) -> _Known:
        known = self._known.get(device_id)
        if known is None:
            known = self._known[device_id] = _Known(Heard(device_id))
        known.is_new = True
        return known

    def write(self, now: datetime) -> None:
        """Write what is due to be written. What cannot be written now is kept."""
        start = time.monotonic()
        with self._changing:
            due = [
                known
                for known in self._known.values()
                if known.is_new and start - known.written_at >= AGAIN_AFTER_S
            ]
            heard = [replace(known.heard) for known in due]
            for known in due:
                known.is_new = False
        if not due:
            return
        written = False
        try:
            actions.note_heard(heard, now=now)
            written = True
        finally:
            with self._changing:
                for known in due:
                    known.is_new = known.is_new or not written
                    known.written_at = start if written else known.written_at


def _note(heard: Heard, observation: Observation, received_at: datetime) -> None:
    """Whoever speaks is there, unless what is said is that it is not."""
    if observation.metric == "online" and observation.value is False:
        _note_online(heard, False, observation.at)
        return
    heard.seen_at = max(heard.seen_at or received_at, received_at)
    if observation.clock is not Clock.LATE:
        _note_online(heard, True, received_at)
    if observation.metric == "firmware" and isinstance(observation.value, str):
        heard.firmware = observation.value[:20]
    percent = battery.percent_of(observation)
    if percent is not None:
        _note_battery(heard, percent, observation.at)
    match battery.level_of(observation):
        case battery.Level.LOW:
            heard.battery_low_at = _later(heard.battery_low_at, observation.at)
        case battery.Level.GOOD:
            heard.battery_good_at = _later(heard.battery_good_at, observation.at)


def _note_battery(heard: Heard, percent: float, at: datetime) -> None:
    if heard.battery_at is None or at >= heard.battery_at:
        heard.battery_percent, heard.battery_at = int(percent), at


def _later(known: datetime | None, told: datetime) -> datetime:
    return told if known is None else max(known, told)


def _note_online(heard: Heard, online: bool, at: datetime) -> None:
    if heard.online_at is None or at >= heard.online_at:
        heard.online, heard.online_at = online, at
