"""The one way in: what any door has read is stored, raised and counted here."""

import asyncio
import time
from contextlib import nullcontext
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from backend.core.precedence import ALARMS
from devices import actions
from devices.ingest import figures
from devices.ingest.doorclock import DoorClock
from devices.ingest.lanes import HOLD_S, Lane, Limits
from devices.ingest.liveness import Liveness
from devices.ingest.observation import Parsed
from devices.ingest.raising import Alarm, Raised, raise_alarms
from devices.ingest.registry import Registry
from devices.ingest.rejections import Rejections
from devices.ingest.sorting import Origin, Sorted, sort_out
from devices.ingest.store import Row, Stored, store

READINGS_AT_ONCE = 5_000
READINGS_WAITING = 50_000
READINGS_THREADS = 2
LINGER_S = 0.003
ALARMS_AT_ONCE = 4
ALARMS_APART = 20
"""With more waiting, alarms of one source are one: a device that runs wild delays nobody else."""
ALERT_AGAIN_AFTER_S = 600.0
"""A sensor that goes on saying the same is counted as seen again at most so often."""
MOST_ALERTS_KEPT = 20_000


class Outcome(NamedTuple):
    """What became of a message, in the words of the doors' answer."""

    accepted: int
    duplicates: int
    rejected: list[tuple[int, str]]
    calls: list[UUID]

    @property
    def is_usable(self) -> bool:
        """Whether anything in the message was of use."""
        return bool(self.accepted or self.duplicates or self.calls)


class Intake:
    """The lanes behind the doors of one process.

    Readings, alarms of proven senders and alarms of strangers have a lane each, so that neither
    many readings nor a flood of invented calls keeps a known person's press waiting.
    """

    def __init__(self, *, hold_s: float = HOLD_S) -> None:
        """Nothing runs before `start`."""
        self.clock = DoorClock()
        self.registry = Registry(hold_s=hold_s)
        self.liveness = Liveness()
        self.rejections = Rejections()
        limits = Limits(
            at_once=READINGS_AT_ONCE,
            waiting=READINGS_WAITING,
            threads=READINGS_THREADS,
            linger_s=LINGER_S,
            hold_s=hold_s,
        )
        self._readings: Lane[list[Row], Stored] = Lane(
            "readings", store, limits, size_of=len, told=self._count
        )
        self._alarms = _alarm_lane("alarms", hold_s)
        self._strangers = _alarm_lane("alarms of strangers", hold_s)
        self._told: dict[tuple[UUID | None, str], float] = {}

    def start(self) -> None:
        """Begin to take messages from the running event loop."""
        for lane in (self.registry, self._readings, self._alarms, self._strangers):
            lane.start()

    async def stop(self) -> None:
        """Commit what is on its way, and end."""
        lanes = (self._alarms, self._strangers, self._readings, self.registry)
        await asyncio.gather(*(lane.stop() for lane in lanes))

    def write_notes(self, now: datetime) -> None:
        """Write what may wait some seconds: who was heard, what was refused; set the clock."""
        self.clock.set(now)
        actions.note_listening(now=now)
        self.liveness.write(now)
        self.rejections.write(now)

    async def take(self, parsed: Parsed, origin: Origin) -> Outcome:
        """Store and raise what a message holds; returns after the commit.

        Raises:
            NotCommitted: the database did not take all of it; the sender has to try again.
        """
        received_at = self.clock.now()
        message = sort_out(parsed, origin, received_at=received_at.isoformat())
        self._calm(message)
        raised, stored = await self._commit(message)
        self._note(message, origin, received_at)
        for _, code in message.rejected:
            self.rejections.count(origin.name, code)
        return _outcome(message, stored, raised)

    def store_readings(self, parsed: Parsed, origin: Origin) -> "asyncio.Future[Stored] | None":
        """Store a message that is readings and nothing else; done after the commit.

        None, and nothing done, for any other message: that is for `take`. The future may fail as
        `take` does.
        """
        if parsed.rejected or parsed.salvaged:
            return None
        received_at = self.clock.now()
        message = sort_out(parsed, origin, received_at=received_at.isoformat())
        if message.alarms or message.rejected or not message.rows:
            return None
        self._note(message, origin, received_at)
        return self._store([row for _, row in message.rows])

    def _store(self, rows: list[Row]) -> "asyncio.Future[Stored]":
        return self._readings.do(rows)

    def _note(self, message: Sorted, origin: Origin, received_at: datetime) -> None:
        """Note who was heard; that they spoke is true even if it has to be said again."""
        for device_id, observation in message.heard:
            self.liveness.heard(device_id, observation, received_at=received_at)
        if message.heard and origin.through is not None:
            self.liveness.passed_on(origin.through, received_at=received_at)

    def _count(self, group: list[tuple[list[Row], Stored]]) -> None:
        """Count what was stored, and what was refused."""
        figures.ACCEPTED.inc(sum(stored.accepted for _, stored in group))
        figures.DUPLICATES.inc(sum(stored.duplicates for _, stored in group))
        for rows, stored in group:
            for position in stored.refused:
                self.rejections.count(rows[position].source, "not_storable")

    async def raise_alarm(self, alarm: Alarm) -> Raised:
        """Raise one alarm; returns after the commit.

        Raises:
            NotCommitted: the database did not take it; the sender has to try again.
        """
        with ALARMS.goes_first() if alarm.verified else nullcontext():
            raised = await (self._alarms if alarm.verified else self._strangers).do(alarm)
        figures.ALARMS.labels("yes" if alarm.verified else "no").inc()
        if alarm.alert:
            if len(self._told) >= MOST_ALERTS_KEPT:
                self._told.clear()
            self._told[alarm.device_id, alarm.alert] = time.monotonic()
        return raised

    async def _commit(self, message: Sorted) -> tuple[list[Raised], Stored]:
        """Wait for every part, also when one fails: none may be left behind."""
        rows = [row for _, row in message.rows]
        storing = self._store(rows) if rows else None
        if not message.alarms:
            return [], await storing if storing else Stored(0, 0)
        raising = [self.raise_alarm(alarm) for _, alarm in message.alarms]
        raised = await asyncio.gather(*raising, return_exceptions=True)
        stored = await storing if storing else Stored(0, 0)
        return [_or_raise(one) for one in raised], stored

    def _calm(self, message: Sorted) -> None:
        """Keep as mere readings the alerts that staff were told of a short while ago."""
        fresh_since = time.monotonic() - ALERT_AGAIN_AFTER_S
        for index, alarm in list(message.alarms):
            told_at = self._told.get((alarm.device_id, alarm.alert)) if alarm.alert else None
            if index is not None and told_at is not None and told_at > fresh_since:
                message.alarms.remove((index, alarm))
                row = Row(alarm.source, alarm.key, alarm.key_is_weak, alarm.line)
                message.rows.append((index, row))


def _alarm_lane(name: str, hold_s: float) -> Lane[Alarm, Raised]:
    """Nothing is turned away here; in a flood, one source's alarms share a place."""
    return Lane(
        name,
        raise_alarms,
        Limits(at_once=ALARMS_AT_ONCE, hold_s=hold_s, collapse_above=ALARMS_APART),
        source_of=lambda alarm: (alarm.source, alarm.metric),
    )


def _or_raise(result: Raised | BaseException) -> Raised:
    if isinstance(result, BaseException):
        raise result
    return result


def _outcome(message: Sorted, stored: Stored, raised: list[Raised]) -> Outcome:
    known = [
        one for (index, _), one in zip(message.alarms, raised, strict=True) if index is not None
    ]
    duplicates = sum(one.is_duplicate for one in known)
    refused = [(message.rows[position][0], "not_storable") for position in stored.refused]
    figures.ACCEPTED.inc(len(known) - duplicates)
    figures.DUPLICATES.inc(duplicates)
    return Outcome(
        accepted=stored.accepted + len(known) - duplicates,
        duplicates=stored.duplicates + duplicates,
        rejected=sorted(message.rejected + refused),
        calls=list(dict.fromkeys(one.call_id for one in raised if one.call_id)),
    )
