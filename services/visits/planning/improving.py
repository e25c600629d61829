"""Local search on what really counts, breaks, lateness and couples of carers included.

Takes a neighbourhood out and puts it back otherwise, again and again.
Source: ruin and recreate, Schrimpf et al. 2000, DOI 10.1006/jcph.1999.6413; slack induction by
neighbourhoods, Christiaens and Vanden Berghe 2020, DOI 10.1287/trsc.2019.0914.
"""

import math
from random import Random

from services.visits.planning.draft import Draft
from services.visits.planning.insertion import insert, urgent_first
from services.visits.planning.stopping import Budget

AT_MOST_OUT = 12
WARMTH = 0.3
"""Starting temperature, as a share of the average cost of a visit."""


def improved(draft: Draft, *, seed: int, budget: Budget) -> Draft:
    """The best plan found within the budget, never worse than the one given."""
    chance = Random(seed)  # noqa: S311 (a search, no secret)
    free = draft.day.free
    best, best_cost = draft, draft.cost
    current, cost = draft, best_cost
    made = max(1, len(free) - len(draft.unserved))
    start_heat = max(1.0, WARMTH * sum(timing.cost for timing in draft.timings) / made)
    while free and budget.spend():
        heat = start_heat * (1 - budget.spent_share) + 1e-6
        tried = current.copy()
        _ruin_and_recreate(tried, chance)
        tried_cost = tried.cost
        if tried_cost < cost - heat * math.log(chance.random() + 1e-12):
            current, cost = tried, tried_cost
        if cost < best_cost - 1e-6:
            best, best_cost = current, cost
    return best


def _ruin_and_recreate(draft: Draft, chance: Random) -> None:
    day = draft.day
    centre = chance.choice(sorted(draft.unserved) if _want_unserved(draft, chance) else day.free)
    count = chance.randint(2, AT_MOST_OUT)
    near = [job for job in day.near[centre] if job in draft.turns_of]
    out = [job for job in near if chance.random() < 0.7][:count]
    draft.take_out(out)
    back = sorted(draft.unserved)
    if len(back) > 2 * AT_MOST_OUT:
        back = sorted({*out, *chance.sample(back, AT_MOST_OUT)})
    for job in _ordered(draft, back, chance):
        insert(draft, job)


def _want_unserved(draft: Draft, chance: Random) -> bool:
    return bool(draft.unserved) and chance.random() < 0.5


def _ordered(draft: Draft, jobs: list[int], chance: Random) -> list[int]:
    """The important first half of the time, otherwise by chance."""
    if chance.random() < 0.5:
        return urgent_first(draft.day, jobs)
    chance.shuffle(jobs)
    return jobs
