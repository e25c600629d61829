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
from django.db.models import Max

from backend.core import hints, journal
from backend.core.contained import contained
from backend.core.loops import repeat
from backend.core.models import JournalEvent, JournalReader

Handler = Callable[[JournalEvent, datetime], object]

BATCH = 100
LEFT_BEHIND = 500
"""How many events a reader may lie behind whom none of them concerns."""
EVERY_S = 1.0
REST_S = 0.1
"""Between two rounds: when a district rings, each answers dozens of hints at once."""


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
    """Let every reader see what is new; returns how many events were handled.

    The cursors, and which types are new since, are asked once for all readers: most news
    concerns few of them, and the others write nothing. A cursor left behind by that is moved on
    from time to time.
    """
    head = journal.last_seq()
    cursors = _cursors()
    behind = min(cursors.values(), default=head)
    if behind >= head:
        return 0
    newest = dict(
        journal.since(behind)
        .filter(
            seq__lte=head, type__in={each for reader in _readers.values() for each in reader.types}
        )
        .order_by()
        .values("type")
        .annotate(newest=Max("seq"))
        .values_list("type", "newest")
    )
    concerned = [
        reader
        for reader in _readers.values()
        if any(newest.get(each, 0) > cursors[reader.name] for each in reader.types)
    ]
    handled = sum(_read(reader, now) for reader in concerned)
    if head - behind > LEFT_BEHIND:
        idle = cursors.keys() - {reader.name for reader in concerned}
        JournalReader.objects.filter(name__in=idle, seq__lt=head).update(seq=head)
    return handled


def _cursors() -> dict[str, int]:
    """How far each reader has read; one that is new begins at the first event."""
    known = dict(JournalReader.objects.filter(name__in=_readers).values_list("name", "seq"))
    new = _readers.keys() - known.keys()
    JournalReader.objects.bulk_create(map(_at_the_beginning, new), ignore_conflicts=True)
    return known | dict.fromkeys(new, 0)


def _at_the_beginning(name: str) -> JournalReader:
    return JournalReader(name=name)


@transaction.atomic
def _read(reader: _Reader, now: datetime) -> int:
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
    repeat(stop, _read_all, every_s=EVERY_S, wake_on=hints.JOURNAL_NUMBERED, rest_s=REST_S)


def _read_all(now: datetime) -> None:
    while read_on(now=now) >= BATCH:
        pass
