"""`make security`: every tool, every finding, and the reason of each that stays.

    python -m tests.security [--bounded]

`--bounded` asks the API for less than a minute and does not complain of reasons that it had no
time to need; the rest is the same.
"""

import sys
import time
from collections.abc import Callable, Iterable, Mapping

from tests.security import fuzz, licences, openapi, rules, source
from tests.security.findings import Finding, acceptances, judge

Tools = Mapping[str, Callable[[], Iterable[Finding]]]
SKIPPED = {
    "pip-audit": "asks a server of known faults, which is not there without a network",
}
"""Said each time, so that nobody takes what did not run for a pass."""


def tools(*, is_bounded: bool) -> Tools:
    """What runs, by name."""
    return {
        rules.TOOL: rules.findings,
        source.TOOL: source.findings,
        licences.TOOL: licences.findings,
        fuzz.TOOL: lambda: fuzz.findings(is_bounded=is_bounded),
        openapi.TOOL: lambda: openapi.findings(is_bounded=is_bounded),
    }


def main(arguments: list[str]) -> int:
    """Run them; 0 when nothing is left open and no reason is stale."""
    is_bounded = "--bounded" in arguments
    found: list[Finding] = []
    chosen = tools(is_bounded=is_bounded)
    for name, run in chosen.items():
        began = time.monotonic()
        now_found = list(run())
        found += now_found
        _say(f"{name}: {len(set(now_found))} found in {time.monotonic() - began:.0f} s")
    for name, why in SKIPPED.items():
        _say(f"{name}: skipped, which is no pass: {why}")
    needing = [each for each in chosen if not (is_bounded and each == openapi.TOOL)]
    verdict = judge(found, acceptances(), tools=needing)
    for acceptance, count in verdict.accepted:
        _say(f"accepted {count} × {acceptance.tool} {acceptance.rule} {acceptance.where}")
        _say(f"    because {acceptance.reason}")
    for stale in verdict.stale:
        _say(f"STALE reason: {stale.tool} {stale.rule} {stale.where}")
    for finding in verdict.open:
        _say(f"OPEN {finding}")
    _say(f"{len(verdict.open)} findings open, {len(verdict.stale)} reasons stale")
    return 1 if verdict.open or verdict.stale else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
