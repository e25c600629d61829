"""Several things at the same moment, each on a database connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, transaction

Result = TypeVar("Result")

PATIENCE_S = 10


def at_once(*works: Callable[[], Result]) -> list[Result]:
    """Run all in threads that start together; results in the order given, errors raised."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], Result]) -> Result:
        barrier.wait(PATIENCE_S)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(on_own_connection, run, work) for work in works]
        return [each.result(PATIENCE_S) for each in running]


def on_own_connection(work: Callable[..., Result], *arguments: object) -> Result:
    """Run in the current thread and close its database connection afterwards."""
    try:
        return work(*arguments)
    finally:
        connection.close()


class Held:
    """A transaction held open in a thread of its own, until it is told to go on.

    Use as a context manager; `commit` or `roll_back` ends it, and leaving the block commits.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        """`work` runs in the open transaction before the block begins."""
        self._work = work
        self._begun, self._go_on = threading.Event(), threading.Event()
        self._keep = True
        self._pool = ThreadPoolExecutor(1)

    def __enter__(self) -> "Held":
        """Open the transaction and do the work."""
        self._running = self._pool.submit(on_own_connection, self._run)
        assert self._begun.wait(PATIENCE_S)
        return self

    def __exit__(self, *_error: object) -> None:
        """End the transaction."""
        self.commit()

    def commit(self) -> None:
        """Let it commit, and wait until it has."""
        self._go_on.set()
        self._running.result(PATIENCE_S)
        self._pool.shutdown()

    def roll_back(self) -> None:
        """Let it roll back, and wait until it has."""
        self._keep = False
        self.commit()

    def _run(self) -> None:
        with transaction.atomic():
            self._work()
            self._begun.set()
            self._go_on.wait(PATIENCE_S)
            transaction.set_rollback(not self._keep)
