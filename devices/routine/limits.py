"""How long nobody may move: fixed limits by the class of the hour, and one for who went out.

Every hour without movement uses up a part of what is allowed: a fifth by day, a twelfth by night,
as the limits say. A night's sleep alone so never uses it up, and a morning without getting up does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from devices.routine.models import WatchedHome
from devices.routine.sights import Sights

State = WatchedHome.State

ZONE = ZoneInfo(settings.TIME_ZONE)
SETTLES = timedelta(minutes=2)
"""So long after a door has moved, a movement inside may still be of who is leaving."""


@dataclass(frozen=True)
class Limits:
    """How long nobody may move, by day, by night and after going out; hours of the wall's clock.

    Source: on logs of real homes a fixed limit of 5 h by day lies between 4 h (1.8 to 6.5 false
    alarms a week) and 6 h (0 to 1.4); 12 h is the most that a limit may be.
    """

    day: timedelta = timedelta(hours=5)
    night: timedelta = timedelta(hours=12)
    out: timedelta = timedelta(hours=10)
    day_from_h: int = 6
    night_from_h: int = 21


FIXED_FOR = timedelta(days=14)
"""So long a home is known too little to learn from. Source: with eight days of learning, two false
alarms a week on the same logs."""


@dataclass(frozen=True)
class Verdict:
    """Where they are, since when nobody moved, and until when that may last."""

    state: WatchedHome.State
    since: datetime
    ends_at: datetime

    @property
    def limit(self) -> timedelta:
        """How long it may last."""
        return self.ends_at - self.since


class Judge(Protocol):
    """Says how long a home may be still."""

    def judge(self, sights: Sights, *, since: datetime) -> Verdict:
        """Judge what was seen; nobody counts as having moved before `since`."""


@dataclass(frozen=True)
class FixedJudge:
    """The same limits for every home."""

    limits: Limits = Limits()
    zone: ZoneInfo = ZONE

    def judge(self, sights: Sights, *, since: datetime) -> Verdict:
        """Out is who opened a door after which nothing moved inside."""
        start = max(sights.moved_at or since, since)
        if is_out(sights):
            return Verdict(State.OUT, start, start + self.limits.out)
        return Verdict(State.AT_HOME, start, self._used_up_at(start))

    def _used_up_at(self, start: datetime) -> datetime:
        """When what is allowed is used up, hour class after hour class."""
        at, left = start.astimezone(self.zone), 1.0
        while True:
            is_day = self.limits.day_from_h <= at.hour < self.limits.night_from_h
            limit = self.limits.day if is_day else self.limits.night
            change = self._next_change(at)
            uses = (change - at) / limit
            if uses >= left:
                return (at + limit * left).astimezone(start.tzinfo)
            left -= uses
            at = change

    def _next_change(self, at: datetime) -> datetime:
        hours = (self.limits.day_from_h, self.limits.night_from_h)
        today = [at.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in hours]
        return min(moment for moment in (*today, today[0] + timedelta(days=1)) if moment > at)


def is_out(sights: Sights) -> bool:
    """Whether a door moved, and nothing inside afterwards."""
    if sights.door_at is None:
        return False
    return sights.inside_at is None or sights.inside_at <= sights.door_at + SETTLES


FIXED = FixedJudge()


def judge_of(_home: WatchedHome) -> Judge:
    """Who judges this home; a learned routine will stand here after `FIXED_FOR`."""
    return FIXED
