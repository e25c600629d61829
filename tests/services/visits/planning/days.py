"""Small days for the planners' tests, with defaults for what a test is not about."""

from typing import Any

from hypothesis import strategies as st

from services.visits.planning.checker import Fault, violations
from services.visits.planning.port import (
    Break,
    Carer,
    Job,
    Mode,
    Place,
    Plan,
    Priority,
    Problem,
    Route,
    Shift,
    Stop,
    Window,
)
from services.visits.planning.travel import FormulaTravel

HOUR = 3600
HOME = Place(31.49, 120.31)
NEAR = Place(31.495, 120.315)
FAR = Place(32.49, 121.31)
DAY = Shift(8 * HOUR, 17 * HOUR)


def a_job(key: str = "a", *, opens: float = 9, closes: float = 12, **given: Any) -> Job:
    """Half an hour near the carers' home, in the morning."""
    given.setdefault("place", NEAR)
    given.setdefault("duration_s", HOUR // 2)
    late = given.pop("late", 0)
    window = Window(int(opens * HOUR), int(closes * HOUR), int(late * HOUR))
    return Job(key=key, window=window, **given)


def a_carer(key: str = "li", **given: Any) -> Carer:
    """By electric bicycle from 8 to 17."""
    given.setdefault("start", HOME)
    given.setdefault("shifts", (DAY,))
    return Carer(key=key, **given)


def a_problem(jobs: list[Job], carers: list[Carer], **given: Any) -> Problem:
    """What is to be planned."""
    return Problem(jobs=tuple(jobs), carers=tuple(carers), **given)


def a_stop(job: str = "a", *, start: float = 10, travel_s: int | None = None) -> Stop:
    """A visit of half an hour near home, come to from there."""
    way_s = home_to_near() if travel_s is None else travel_s
    start_s = int(start * HOUR)
    return Stop(job, way_s, start_s - 60, start_s, start_s + HOUR // 2)


def a_plan(*stops: Stop, carer: str = "li", **given: Any) -> Plan:
    """One carer's day."""
    return Plan((Route(carer, DAY, stops, **given),))


def home_to_near() -> int:
    """Seconds by electric bicycle."""
    return int(FormulaTravel().seconds([HOME, NEAR], Mode.EBIKE)[0, 1])


def faults(problem: Problem, plan: Plan) -> set[Fault]:
    """What the checker says."""
    return {found.fault for found in violations(problem, plan, FormulaTravel())}


PLACES = st.builds(Place, lat=st.floats(31.47, 31.51), lon=st.floats(120.29, 120.33))
SKILLS = st.frozensets(st.sampled_from(["nursing", "lifting"]), max_size=2)
CARER_KEYS = ["c0", "c1", "c2", "c3"]


@st.composite
def jobs_of(draw: st.DrawFn, key: str, carers: list[str]) -> Job:
    """Any visit: wishes, pins and two carers included."""
    opens_s = draw(st.integers(8 * HOUR, 15 * HOUR))
    needed = draw(st.sampled_from([1, 1, 1, 2]))
    pinned = draw(st.lists(st.sampled_from(carers), max_size=needed, unique=True))
    pin = draw(st.booleans()) and draw(st.booleans())
    return Job(
        key=key,
        place=draw(PLACES),
        duration_s=draw(st.integers(300, 2 * HOUR)),
        window=Window(
            opens_s, opens_s + draw(st.integers(0, 4 * HOUR)), draw(st.sampled_from([0, HOUR]))
        ),
        skills=draw(SKILLS),
        carers_needed=needed,
        preferred=draw(st.frozensets(st.sampled_from(carers), max_size=1)),
        refused=draw(st.frozensets(st.sampled_from(carers), max_size=1)),
        priority=draw(st.sampled_from(Priority)),
        pinned_carers=tuple(pinned) if pin else (),
        pinned_start_s=opens_s if pin and draw(st.booleans()) else None,
    )


@st.composite
def carers_of(draw: st.DrawFn, key: str) -> Carer:
    """Anybody: one shift or two, with or without a break."""
    split = draw(st.booleans())
    shifts = (Shift(8 * HOUR, 12 * HOUR), Shift(14 * HOUR, 18 * HOUR)) if split else (DAY,)
    breaks = (Break(11 * HOUR, 13 * HOUR, 2700),) if draw(st.booleans()) else ()
    return Carer(
        key=key,
        start=draw(PLACES),
        shifts=shifts,
        skills=draw(SKILLS),
        breaks=breaks,
        mode=draw(st.sampled_from(Mode)),
        end=draw(st.none() | PLACES),
    )


@st.composite
def problems(draw: st.DrawFn, *, most_jobs: int = 14) -> Problem:
    """Any small day."""
    keys = CARER_KEYS[: draw(st.integers(1, 4))]
    count = draw(st.integers(0, most_jobs))
    return Problem(
        jobs=tuple(draw(jobs_of(f"j{number}", keys)) for number in range(count)),
        carers=tuple(draw(carers_of(key)) for key in keys),
        now_s=draw(st.sampled_from([0, 9 * HOUR])),
    )
