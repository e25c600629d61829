"""The list of invariants names tests that are there."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def test_every_invariant_is_held_by_a_test_that_exists() -> None:
    listed = (TESTS.parent / "docs" / "invariants.md").read_text(encoding="utf-8")
    named = NAMED.findall(listed)

    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (TESTS / path).exists() or f"def {test}(" not in (TESTS / path).read_text("utf-8")
    ]
    assert missing == []
    assert len(named) == len([row for row in listed.splitlines() if "::" in row])
