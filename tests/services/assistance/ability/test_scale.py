"""GB/T 42195-2022: 26 items, four groups, five levels; exact, or refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assistance.ability.scale import (
    ComaContradicted,
    ScoresWrong,
    TotalsDoNotSum,
    level_of,
    scale,
)

BEST = {code: max(item.allowed) for code, item in scale().items.items()}


def scores_of(total: int) -> dict[str, int]:
    """Scores that add up to a total, taken away from the front."""
    left, scores = 90 - total, dict(BEST)
    for code, best in BEST.items():
        taken = min(best, left)
        scores[code], left = best - taken, left - taken
    return scores


def test_the_scale_has_26_items_in_four_groups_that_add_up_to_90() -> None:
    known = scale()

    assert [(len(g.items), g.max) for g in known.groups] == [(8, 32), (4, 15), (9, 28), (5, 15)]
    assert len(known.items) == 26
    for group in known.groups:
        assert sum(max(item.allowed) for item in group.items) == group.max
    for item in known.items.values():
        assert item.allowed == set(range(max(item.allowed) + 1)), item.code


def test_levels_cover_every_total_once() -> None:
    covered = sorted(n for b in scale().levels for n in range(b.least, b.most + 1))

    assert covered == list(range(91))


BOUNDARIES: list[dict[str, Any]] = [
    {"total": 90, "level": 0},
    {"total": 89, "level": 1},
    {"total": 66, "level": 1},
    {"total": 65, "level": 2},
    {"total": 46, "level": 2, "risk_events": 1},
    {"total": 45, "level": 3},
    {"total": 30, "level": 3},
    {"total": 29, "level": 4},
    {"total": 90, "level": 1, "risk_events": 2},
    {"total": 65, "level": 3, "has_diagnosis": True},
    {"total": 65, "level": 3, "has_diagnosis": True, "risk_events": 2},
    {"total": 10, "level": 4, "has_diagnosis": True, "risk_events": 3},
]
"""At the edges of the bands, by the standard's parts B and C."""


@pytest.mark.parametrize("case", BOUNDARIES, ids=str)
def test_a_total_and_its_rules_give_the_level(case: dict[str, Any]) -> None:
    given_ = {k: v for k, v in case.items() if k not in {"total", "level"}}

    result = level_of(scores_of(case["total"]), **given_)

    assert (result.total, result.level) == (case["total"], case["level"])


def test_a_coma_is_the_worst_level_and_goes_with_no_clear_mind() -> None:
    assert level_of({**BEST, "B3.9": 0}, is_in_coma=True).level == 4
    with pytest.raises(ComaContradicted):
        level_of(BEST, is_in_coma=True)


def test_totals_that_do_not_sum_are_refused_and_named() -> None:
    level_of(BEST, totals={"self_care": 32, "total": 90})

    with pytest.raises(TotalsDoNotSum) as refused:
        level_of(BEST, totals={"self_care": 31, "mobility": 15, "total": 89})

    assert refused.value.data["totals"] == "self_care, total"


WRONG: list[dict[str, int]] = [{"B1.1": 5}, {"B2.4": 4}, {"B3.7": 2}, {"B1.1": -1}, {"B9.9": 1}]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_points_that_an_item_cannot_have_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ScoresWrong):
        level_of({**BEST, **change})


def test_an_item_that_is_missing_is_refused_and_not_taken_as_nothing() -> None:
    with pytest.raises(ScoresWrong):
        level_of({code: points for code, points in BEST.items() if code != "B4.5"})


@given(st.data())
def test_any_scores_add_up_by_their_groups(data: st.DataObject) -> None:
    scores = {
        code: data.draw(st.sampled_from(sorted(item.allowed)))
        for code, item in scale().items.items()
    }

    result = level_of(scores)

    assert sum(result.totals.values()) == result.total == sum(scores.values())
