"""Figures that are printed are what they say."""

import math

from benchmarks.__main__ import Bar, zero
from benchmarks.figures import milliseconds, percentile


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(100, 0, -1)]

    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.95) == 95
    assert percentile([7.0], 0.99) == 7
    assert milliseconds([0.0123, 0.0456], 0.99) == 45.6


def test_nothing_measured_is_no_good_figure() -> None:
    assert math.isnan(percentile([], 0.99))
    assert not Bar("p99_ms", at_most=250).holds({"p99_ms": percentile([], 0.99)})
    assert not zero("lost").holds({})


def test_a_bar_is_reached_from_its_side() -> None:
    assert Bar("ratio", at_least=0.5).holds({"ratio": 0.5})
    assert not Bar("ratio", at_least=0.5).holds({"ratio": 0.49})
    assert not zero("lost").holds({"lost": 1})
