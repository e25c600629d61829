"""What is due is a row (DESIGN, invariant 2), and never a message that waits in a queue."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("backend", "notifications", "services", "devices")
DELAYS = {"eta", "countdown"}


def delays_in(source: str) -> Iterator[int]:
    """Lines of calls that ask a queue to wait."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and DELAYS & {each.arg for each in node.keywords}:
            yield node.lineno


def test_a_delayed_task_would_be_found() -> None:
    assert list(delays_in("ring.apply_async(args=[1],\n countdown=30)")) == [1]


def test_nothing_waits_in_a_queue_for_its_time() -> None:
    delayed = [
        f"{path.relative_to(ROOT)}:{line}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for line in delays_in(path.read_text(encoding="utf-8"))
    ]

    assert delayed == []
