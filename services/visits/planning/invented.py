"""Days that nobody lived, for trying planners: as many visits, carers and wishes as asked for."""

from random import Random

from services.visits.planning.port import (
    Break,
    Carer,
    Job,
    Mode,
    Place,
    Priority,
    Problem,
    Shift,
    Window,
)

CENTRE = Place(31.49, 120.31)
HALF_SIDE_DEGREES = 0.03
"""About 6 km from side to side: two or three streets of a district."""
HOUR_S = 3600
SKILLS = ("nursing", "bathing", "lifting")


def a_district_day(*, visits: int, seed: int = 0, carers: int | None = None) -> Problem:
    """A day of a street's carers: about seven visits each, some for two, some with wishes."""
    chance = Random(seed)  # noqa: S311 (an invented day, no secret)
    team = [_carer(number, chance) for number in range(carers or max(4, visits // 7 + 2))]
    keys = [carer.key for carer in team]
    return Problem(
        jobs=tuple(_job(number, keys, chance) for number in range(visits)), carers=tuple(team)
    )


def _place(chance: Random) -> Place:
    return Place(
        round(CENTRE.lat + chance.uniform(-1, 1) * HALF_SIDE_DEGREES, 6),
        round(CENTRE.lon + chance.uniform(-1, 1) * HALF_SIDE_DEGREES, 6),
    )


def _carer(number: int, chance: Random) -> Carer:
    skills = frozenset(skill for skill in SKILLS if chance.random() < 0.75)
    return Carer(
        key=f"carer-{number:03}",
        start=_place(chance),
        shifts=(Shift(8 * HOUR_S, 17 * HOUR_S),),
        skills=skills,
        breaks=(Break(11 * HOUR_S, 13 * HOUR_S, 2700),),
        mode=chance.choices([Mode.EBIKE, Mode.CAR, Mode.WALK], [0.7, 0.2, 0.1])[0],
    )


def _job(number: int, carers: list[str], chance: Random) -> Job:
    opens_s = int(chance.uniform(8, 14.5) * 4) * HOUR_S // 4
    two = chance.random() < 0.06
    return Job(
        key=f"visit-{number:04}",
        place=_place(chance),
        duration_s=chance.choice([1200, 1800, 2400, 3600]),
        window=Window(opens_s, opens_s + chance.choice([1, 2, 3]) * HOUR_S, HOUR_S),
        skills=frozenset({"lifting"} if two else {chance.choice(SKILLS)})
        if two or chance.random() < 0.4
        else frozenset(),
        carers_needed=2 if two else 1,
        preferred=frozenset(chance.sample(carers, 2)) if chance.random() < 0.3 else frozenset(),
        refused=frozenset(chance.sample(carers, 1)) if chance.random() < 0.05 else frozenset(),
        priority=chance.choices(list(Priority), [0.2, 0.6, 0.15, 0.05])[0],
    )
