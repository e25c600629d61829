"""`make bench`: run every benchmark, print one table, and fail if a bar is missed."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.figures import Figures, say

NONE = "–"


@dataclass(frozen=True)
class Bar:
    """What a figure has to reach, and the figures measured beside it."""

    figure: str
    at_least: float = -math.inf
    at_most: float = math.inf
    limit: str = ""
    naive: str = ""

    def holds(self, figures: Figures) -> bool:
        """Whether it is reached; a figure that is missing or no number does not reach it."""
        value: float = figures.get(self.figure, math.nan)
        return self.at_least <= value <= self.at_most

    def __str__(self) -> str:
        if self.at_least == self.at_most:
            return f"{self.at_least:g}"
        return f"≥ {self.at_least:g}" if math.isfinite(self.at_least) else f"≤ {self.at_most:g}"


def zero(figure: str, *, naive: str = "") -> Bar:
    """A bar for what must never happen."""
    return Bar(figure, at_least=0, at_most=0, naive=naive)


BARS = {
    "lifeline": [
        Bar("presses", at_least=200),
        zero("lost"),
        Bar(
            "press_to_screen_p95_ms",
            at_most=250,
            limit="limit_commit_notify_p95_ms",
            naive="naive_poll_to_screen_p95_ms",
        ),
        Bar("press_to_first_ring_p95_ms", at_most=1500),
        Bar("accept_races", at_least=100),
        zero("double_accepts"),
    ],
    "ingest": [
        Bar("single_over_naive", at_least=5),
        Bar("http_single_per_s", at_least=0, naive="naive_drf_per_s"),
        Bar("batch_over_limit", at_least=0.3),
        Bar("http_batch_rows_per_s", at_least=0, limit="dedup_copy_limit_rows_per_s"),
        Bar("mqtt_over_bare_client", at_least=0.5),
        Bar("mqtt_per_s", at_least=0, limit="bare_mqtt_per_s"),
    ],
    "drill": [
        zero("lost", naive="naive_lost"),
        zero("not_rung"),
        zero("unexplained_duplicates"),
        Bar("step_lag_p99_s", at_most=3),
        zero("without_valkey_lost"),
        zero("without_valkey_not_rung"),
        zero("without_valkey_unexplained_duplicates"),
        Bar("without_valkey_step_lag_p99_s", at_most=3),
    ],
    "planning": [
        Bar("plan_s", at_most=5, naive="naive_plan_s"),
        Bar("replan_s", at_most=3, naive="naive_replan_s"),
        zero("violations", naive="naive_violations"),
        Bar("others_changed_share", at_most=0.15, naive="naive_others_changed_share"),
        Bar("unserved", at_least=0, naive="naive_unserved"),
        Bar("travel_h", at_least=0, naive="naive_travel_h"),
    ],
    "reminders": [
        Bar("reminders_1000_per_min_lateness_p99_s", at_most=5),
        zero("reminders_1000_per_min_lateness_missing"),
        zero("reminders_1000_per_min_lateness_doubles"),
        Bar(
            "burst_lateness_p99_s",
            at_most=5,
            limit="limit_burst_lateness_p99_s",
            naive="naive_burst_lateness_p99_s",
        ),
    ],
    "importing": [
        Bar("rows", at_least=5_000),
        Bar("csv_dry_run_s", at_most=30),
        Bar("csv_import_s", at_most=30, limit="limit_copy_s", naive="naive_row_by_row_s"),
        Bar("xlsx_dry_run_s", at_most=30),
        Bar("xlsx_import_s", at_most=30, limit="limit_copy_s", naive="naive_row_by_row_s"),
        Bar("csv_again_s", at_most=30),
        zero("wrong_rows_not_refused"),
        zero("written_by_dry_run"),
        zero("not_known_again"),
        zero("changed_by_again"),
        zero("changes_not_said"),
        zero("overwritten_unasked"),
    ],
    "day": [
        Bar("residents", at_least=100_000),
        Bar("visits_made", at_least=56_000, at_most=56_000),
        Bar("made_28_days_s", at_most=60, limit="limit_copy_s", naive="naive_made_28_days_s"),
        zero("doubles"),
        zero("missing"),
        Bar("plan_200_visits_s", at_most=5),
        Bar("replan_200_s", at_most=3),
        zero("plan_violations"),
        Bar("reminders_1000_per_min_lateness_p99_s", at_most=5),
        Bar("my_day_p95_ms", at_most=60, limit="limit_empty_page_p95_ms"),
        Bar("desk_board_p95_ms", at_most=150, limit="limit_empty_page_p95_ms"),
        Bar("day_board_p95_ms", at_least=0, limit="limit_empty_page_p95_ms"),
        Bar("zero_board_p95_ms", at_least=0, limit="limit_empty_page_p95_ms"),
    ],
    "access": [
        Bar("overhead_ratio", at_most=1.10),
        Bar("checked_list_50_ms", at_least=0, naive="naive_list_50_ms"),
        Bar("list_50_p95_ms", at_least=0, limit="limit_rows_p95_ms"),
        Bar("queries", at_most=8),
        Bar("p95_1m_over_1k", at_most=1.5),
        Bar("matrix_routes", at_least=600),
        zero("matrix_leaks"),
    ],
}
"""Source: the issues that asked for these figures. At least 0 is shown and never missed."""


class Line(NamedTuple):
    """A line of the table."""

    figure: str
    value: str
    bar: str
    limit: str = NONE
    naive: str = NONE
    verdict: str = ""


def measured(name: str) -> Figures:
    """Run one benchmark; its figures, none if it broke off."""
    command = (sys.executable, "-m", f"benchmarks.{name}", "--json")
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        say(f"{name} broke off ({done.returncode})")
        return {}
    figures: Figures = json.loads(lines[-1])
    return figures


def table(name: str, figures: Figures) -> Iterator[Line]:
    """What a benchmark found, beside its bars."""
    for bar in BARS[name]:
        yield Line(
            figure=f"{name}.{bar.figure}",
            value=str(figures.get(bar.figure, NONE)),
            bar=str(bar),
            limit=str(figures.get(bar.limit, NONE)),
            naive=str(figures.get(bar.naive, NONE)),
            verdict="" if bar.holds(figures) else "missed",
        )


def show(lines: list[Line]) -> None:
    """Print the table."""
    head = Line("figure", "value", "bar", "limit", "naive")
    widths = [max(len(line[column]) for line in [head, *lines]) for column in range(len(head))]
    for line in [head, *lines]:
        cells = [text.ljust(width) for text, width in zip(line, widths, strict=True)]
        print("  ".join(cells).rstrip())


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; 0 when every bar is reached."""
    lines: list[Line] = []
    for name in names or BARS:
        say(f"{name} …")
        lines += table(name, measured(name))
    show(lines)
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{os.cpu_count()} cores, load at the end {load}")
    return int(any(line.verdict for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
