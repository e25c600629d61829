"""Figures: percentiles, and how a benchmark says what it measured."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

Figures = dict[str, Any]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie, by nearest rank."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    rank = min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))
    return ordered[rank]


def milliseconds(seconds: Sequence[float], share: float) -> float:
    """A percentile in milliseconds, to a tenth."""
    return round(percentile(seconds, share) * 1000, 1)


def say(line: str) -> None:
    """Progress goes to stderr, figures to stdout."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def run(name: str, measure: Callable[[argparse.Namespace], Figures], **sizes: int) -> None:
    """Parse `--json` and the sizes, measure, and print the figures as the last line."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--json", action="store_true", help="figures as one JSON line")
    for size, default in sizes.items():
        parser.add_argument(f"--{size.replace('_', '-')}", type=int, default=default)
    arguments = parser.parse_args()
    figures = measure(arguments)
    if not arguments.json:
        for key, value in figures.items():
            print(f"{key:<36} {value}")
    print(json.dumps(figures, ensure_ascii=False))
