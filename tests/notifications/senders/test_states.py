"""The lattice of attempt states."""

from functools import reduce
from itertools import permutations, product

import pytest

from notifications.senders.states import FINAL, LINE, REACHED_NOBODY, AttemptState, merge

TEXT = ("queued", "sending", "sent", "undelivered", "delivered")
CALL = ("queued", "initiated", "ringing", "answered", "completed")
LOST_CALL = ("started", "queued", "initiated", "ringing", "no_answer")


def merged(reports: tuple[str, ...]) -> AttemptState:
    return reduce(merge, (AttemptState(report) for report in reports), AttemptState.STARTED)


@pytest.mark.parametrize(
    ("reports", "end"), [(TEXT, "delivered"), (CALL, "completed"), (LOST_CALL, "no_answer")]
)
def test_every_order_of_the_reports_ends_the_same(reports: tuple[str, ...], end: str) -> None:
    assert {merged(order) for order in permutations(reports)} == {AttemptState(end)}


@pytest.mark.parametrize("reports", [TEXT, CALL])
def test_a_report_heard_again_at_any_later_time_changes_nothing(reports: tuple[str, ...]) -> None:
    for order in permutations(reports):
        for repeated, at in product(range(5), range(6)):
            again = (*order[:at], order[repeated], *order[at:])
            assert merged(again) == merged(order)


def test_merging_is_commutative_associative_and_idempotent() -> None:
    for a, b, c in product(LINE, repeat=3):
        assert merge(a, b) == merge(b, a)
        assert merge(merge(a, b), c) == merge(a, merge(b, c))
        assert merge(a, a) == a


def test_a_final_state_never_becomes_one_that_is_not() -> None:
    assert all(merge(final, other) in FINAL for final, other in product(FINAL, LINE))


def test_a_text_delivered_after_all_counts_as_delivered() -> None:
    late = merge(AttemptState.UNDELIVERED, AttemptState.DELIVERED)

    assert late is AttemptState.DELIVERED
    assert late not in REACHED_NOBODY
