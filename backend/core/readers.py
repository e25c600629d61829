"""Readers of the journal: news that must go up is read by cursor, each event once.

A package registers what it does with events of some types. Handling an event and moving the
cursor is one transaction, so what a handler writes to the database is written exactly once; what
it does elsewhere, at least once. It runs in `manage.py tick` and needs neither Valkey nor Celery.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from backend.core import hints, journal
from backend.core.contained import contained
from backend.core.loops import repeat
from backend.core.models import JournalEvent, JournalReader

Handler = Callable[[JournalEvent, datetime], object]

BATCH = 100
EVERY_S = 1.0


@dataclass(frozen=True)
class _Reader:
    name: str
    types: tuple[str, ...]
    handle: Handler


_readers: dict[str, _Reader] = {}


def register(name: str, *types: str, handle: Handler) -> None:
    """Let `handle(event, now)` see each event of these types, in order.

    A handler that fails is logged and left out for that event: one event must not hold up all
    that come after it.

    Raises:
        ValueError: another reader has the name.
    """
    reader = _Reader(name, types, handle)
    if _readers.setdefault(name, reader) != reader:
        raise ValueError(f"two readers named {name}")


def read_on(*, now: datetime) -> int:
    """Let every reader see what is new; returns how many events were handled."""
    return sum(_read(reader, now) for reader in list(_readers.values()))


@transaction.atomic
def _read(reader: _Reader, now: datetime) -> int:
    JournalReader.objects.bulk_create([JournalReader(name=reader.name)], ignore_conflicts=True)
    cursor = (
        JournalReader.objects.select_for_update(skip_locked=True).filter(name=reader.name).first()
    )
    head = journal.last_seq()
    if cursor is None or cursor.seq >= head:
        return 0
    new = list(journal.since(cursor.seq).filter(seq__lte=head, type__in=reader.types)[:BATCH])
    for event in new:
        contained(
            f"{reader.name} reading {event.type} {event.pk}", partial(reader.handle, event, now)
        )
    cursor.seq = (new[-1].seq or head) if len(new) == BATCH else head
    cursor.save(update_fields=["seq"])
    return len(new)


def run(stop: threading.Event) -> None:
    """Read each second or at a hint, until told to stop."""
    repeat(stop, _read_all, every_s=EVERY_S, wake_on=hints.JOURNAL_NUMBERED)


def _read_all(now: datetime) -> None:
    while read_on(now=now) >= BATCH:
        pass
