"""How people at home spend a day: asleep, awake, out, with visitors; the same for the same seed."""

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


class Doing(StrEnum):
    """What somebody does for a while."""

    ASLEEP = "asleep"
    UP_AT_NIGHT = "up_at_night"
    KITCHEN = "kitchen"
    RESTING = "resting"
    BUSY = "busy"
    OUT = "out"
    VISITED = "visited"


@dataclass(frozen=True, order=True)
class Stretch:
    """From a moment on, this is done."""

    since: datetime
    doing: Doing = field(compare=False)


@dataclass(frozen=True)
class Habits:
    """What does not change from day to day."""

    wakes_at_h: float
    sleeps_at_h: float
    goes_out: float
    """How likely an outing is on a morning."""
    naps: float
    nights_up: int
    visitors: float


def habits_of(chance: random.Random) -> Habits:
    """Draw somebody's habits.

    Source: sleep and rising times of people over 65, China Time Use Survey 2018, rounded.
    """
    return Habits(
        wakes_at_h=chance.uniform(5.2, 7.2),
        sleeps_at_h=chance.uniform(20.5, 22.5),
        goes_out=chance.uniform(0.4, 0.95),
        naps=chance.uniform(0.2, 0.9),
        nights_up=chance.choice([1, 1, 2, 3]),
        visitors=chance.uniform(0.1, 0.5),
    )


class Life:
    """One home's days, drawn when they are asked for."""

    def __init__(self, seed: str) -> None:
        """The same seed lives the same days."""
        self.seed = seed
        self.habits = habits_of(self._chance("habits"))
        self._days: dict[date, list[Stretch]] = {}

    def doing_at(self, moment: datetime) -> Doing:
        """What is done at a moment."""
        return self._stretch_at(moment)[0].doing

    def until(self, moment: datetime) -> datetime:
        """When what is done at a moment ends."""
        return self._stretch_at(moment)[1]

    def _stretch_at(self, moment: datetime) -> tuple[Stretch, datetime]:
        day = moment.astimezone(ZONE).date()
        stretches = self._day(day)
        place = bisect_right(stretches, moment, key=lambda stretch: stretch.since)
        if place < len(stretches):
            return stretches[place - 1], stretches[place].since
        return stretches[-1], _at(day + timedelta(days=1), 0)

    def _day(self, day: date) -> list[Stretch]:
        if day not in self._days:
            for old in [known for known in self._days if known < day - timedelta(days=1)]:
                del self._days[old]
            self._days[day] = _drawn(self.habits, day, self._chance(day.isoformat()))
        return self._days[day]

    def _chance(self, part: str) -> random.Random:
        return random.Random(f"{self.seed} {part}")  # noqa: S311 - invented lives


def _drawn(habits: Habits, day: date, chance: random.Random) -> list[Stretch]:
    """One day from midnight on, without gaps."""
    plan: list[tuple[float, Doing]] = [(0.0, Doing.ASLEEP)]
    wakes = habits.wakes_at_h + chance.gauss(0, 0.3)
    for _ in range(habits.nights_up):
        up = chance.uniform(0.5, wakes - 0.7)
        plan += [(up, Doing.UP_AT_NIGHT), (up + chance.uniform(0.05, 0.2), Doing.ASLEEP)]
    plan += [(wakes, Doing.BUSY), (wakes + 0.4, Doing.KITCHEN), (wakes + 1.1, Doing.BUSY)]
    if chance.random() < habits.goes_out:
        leaves = chance.uniform(8.8, 9.6)
        plan += [(leaves, Doing.OUT), (leaves + chance.uniform(0.6, 1.7), Doing.BUSY)]
    plan += [(11.4, Doing.KITCHEN), (12.3, Doing.RESTING)]
    if chance.random() < habits.naps:
        plan += [(12.7, Doing.ASLEEP), (12.7 + chance.uniform(0.7, 1.6), Doing.BUSY)]
    if chance.random() < habits.visitors:
        comes = chance.uniform(14.6, 16.0)
        plan += [(comes, Doing.VISITED), (comes + chance.uniform(0.4, 1.2), Doing.BUSY)]
    plan += [(17.2, Doing.KITCHEN), (18.2, Doing.RESTING)]
    plan += [(habits.sleeps_at_h + chance.gauss(0, 0.3), Doing.ASLEEP)]
    return [Stretch(_at(day, hour), doing) for hour, doing in sorted(plan)]


def _at(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), ZONE) + timedelta(hours=hour)
