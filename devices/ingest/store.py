"""Storing readings: each message once, a group of messages in one transaction."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from backend.core import clock, ledger
from devices import readings

WEAK_AGAIN_AFTER = timedelta(hours=2)
"""A bare counter that comes again after so long has started anew: a battery was changed."""


class Row(NamedTuple):
    """One reading, ready to be copied; `key` is None for a message without identity."""

    source: str
    key: str | None
    key_is_weak: bool
    line: str


class Stored(NamedTuple):
    """What became of the rows of one message: numbers, and the positions of those refused."""

    accepted: int
    duplicates: int
    refused: tuple[int, ...] = ()


def store(batches: list[list[Row]]) -> list[Stored]:
    """Store the rows of several messages at once; a bad row loses only itself."""
    try:
        with transaction.atomic():
            return _store_together(batches)
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError:
        readings.ensure_partitions(clock.now())
        with transaction.atomic():
            return [_store_singly(rows) for rows in batches]


def _store_together(batches: list[list[Row]]) -> list[Stored]:
    fresh = _taken(row for rows in batches for row in rows)
    lines: list[str] = []
    stored = []
    for rows in batches:
        before = len(lines)
        for row in rows:
            if row.key is None:
                lines.append(row.line)
            elif (message := (row.source, row.key)) in fresh:
                fresh.discard(message)
                lines.append(row.line)
        accepted = len(lines) - before
        stored.append(Stored(accepted, len(rows) - accepted))
    readings.copy(lines)
    return stored


def _taken(rows: Iterable[Row]) -> set[ledger.Message]:
    """The messages that are new to the ledger, weak and strong."""
    strong: set[ledger.Message] = set()
    weak: set[ledger.Message] = set()
    for row in rows:
        if row.key is not None:
            (weak if row.key_is_weak else strong).add((row.source, row.key))
    return ledger.take_all(strong) | ledger.take_all(weak, again_after=WEAK_AGAIN_AFTER)


def _store_singly(rows: list[Row]) -> Stored:
    accepted, duplicates, refused = 0, 0, []
    for position, row in enumerate(rows):
        try:
            with transaction.atomic():
                [one] = _store_together([[row]])
        except (OperationalError, InterfaceError):
            raise
        except DatabaseError:
            refused.append(position)
        else:
            accepted += one.accepted
            duplicates += one.duplicates
    return Stored(accepted, duplicates, tuple(refused))
