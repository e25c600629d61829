"""Why a visit has nobody, and who comes nearest to making it."""

from collections.abc import Sequence

from services.visits.planning.day import Day, Turn
from services.visits.planning.draft import Draft, timed
from services.visits.planning.port import Job, Reason, Unserved

NEXT_BEST = 3


def explain(draft: Draft) -> tuple[Unserved, ...]:
    """One reason for each visit that nobody makes: the first that alone would suffice."""
    return tuple(
        Unserved(draft.day.jobs[job].key, Reason.NOT_TRIED)
        if job in draft.not_tried
        else _explained(draft.day, job)
        for job in sorted(draft.unserved)
    )


def _explained(day: Day, number: int) -> Unserved:
    job = day.jobs[number]
    skilled = [turn for turn in day.turns if job.skills <= turn.carer.skills]
    welcome = [turn for turn in skilled if turn.carer.key not in job.refused]
    allowed = [turn for turn in welcome if turn.may[number]]
    on_shift = [turn for turn in allowed if _is_on_shift(day, turn, number)]
    in_reach = [turn for turn in on_shift if timed(day, turn, [number], {}) is not None]
    reason = _first_shortage(
        job.carers_needed,
        [
            (Reason.NO_SKILL, skilled),
            (Reason.REFUSED, welcome),
            (Reason.PINNED, allowed),
            (Reason.NO_SHIFT, on_shift),
            (Reason.TOO_FAR, in_reach),
        ],
    )
    candidates = next((turns for turns in (in_reach, on_shift, welcome, skilled) if turns), [])
    nearest = sorted(candidates, key=lambda turn: (turn.rows[turn.ready_at][number], turn.number))
    data: dict[str, object] = {"capable": len(_carers(in_reach))}
    if reason == Reason.NO_SKILL:
        data["skills"] = sorted(_missing(day, job))
    next_best = tuple(dict.fromkeys(turn.carer.key for turn in nearest))[:NEXT_BEST]
    return Unserved(job.key, reason, data, next_best)


def _first_shortage(needed: int, stages: Sequence[tuple[Reason, list[Turn]]]) -> Reason:
    for reason, turns in stages:
        left = len(_carers(turns))
        if left == 0:
            return reason
        if left < needed:
            return Reason.NO_SECOND_CARER
    return Reason.ALL_BUSY


def _carers(turns: Sequence[Turn]) -> set[str]:
    return {turn.carer.key for turn in turns}


def _is_on_shift(day: Day, turn: Turn, job: int) -> bool:
    opens_s = max(turn.ready_s, day.opens[job])
    return opens_s <= day.last[job] and opens_s + day.duration[job] <= turn.shift.ends_s


def _missing(day: Day, job: Job) -> frozenset[str]:
    """The skills that nobody has; all of them if only nobody has them together."""
    had = frozenset[str]().union(*(carer.skills for carer in day.problem.carers))
    return (job.skills - had) or job.skills
