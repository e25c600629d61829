"""The journal: what happened, in one order, for screens and for readers by cursor.

Writers insert unnumbered events in their own transaction. One sequencer at a time numbers them
once they are committed, so a reader that has seen number n has seen all before it that will ever
be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from backend.core import hints
from backend.core.models import JournalEvent, JournalHead

# Any constant; it only has to differ from other advisory locks of this database.
SEQUENCER_LOCK = 0x5969616E
BATCH = 500
AT_ONCE = "at once"
"""What the hint of new numbers says when an event among them waits for nothing else."""

_pushed_at_once: set[str] = set()


def append(
    subject: str,
    type: str,  # noqa: A002 - the word of the event's form
    *,
    at: datetime,
    by: str = "",
    area_path: str = "",
    resident_id: UUID | None = None,
    audience: Sequence[str] = (),
    data: dict[str, Any] | None = None,
) -> JournalEvent:
    """Record one change in the current transaction.

    `subject` and `by` are references such as "call:<uuid>" and "user:<uuid>"; `data` carries no
    health or identity data, screens fetch those under their own permission.
    """
    return JournalEvent.objects.create(
        subject=subject,
        type=type,
        at=at,
        by=by,
        area_path=area_path,
        resident_id=resident_id,
        audience=list(audience),
        data=data or {},
    )


def append_all(events: Sequence[JournalEvent]) -> None:
    """Record many changes at once in the current transaction; fields as for `append`."""
    JournalEvent.objects.bulk_create(events)


def push_at_once(*types: str) -> None:
    """Have events of these types pushed to screens at once; others may wait and go together."""
    _pushed_at_once.update(types)


@dataclass(frozen=True)
class Viewpoint:
    """What a viewer may see: area subtrees, residents, and what is addressed to them."""

    area_paths: tuple[str, ...] = ()
    resident_ids: frozenset[UUID] = frozenset()
    references: frozenset[str] = field(default_factory=frozenset)
    hidden: frozenset[tuple[UUID, str]] = frozenset()
    """Of which resident events of which beginning ("visit.") are not shared with this viewer."""

    def sees(self, event: JournalEvent) -> bool:
        """Whether one event is for this viewer."""
        return (
            any(event.area_path.startswith(path) for path in self.area_paths if event.area_path)
            or (event.resident_id in self.resident_ids and not self._is_hidden(event))
            or not self.references.isdisjoint(event.audience)
        )

    def _is_hidden(self, event: JournalEvent) -> bool:
        return any(
            event.resident_id == resident and event.type.startswith(beginning)
            for resident, beginning in self.hidden
        )

    def condition(self) -> Q:
        """The same as a database condition."""
        about_theirs = Q(resident_id__in=self.resident_ids)
        for resident, beginning in sorted(self.hidden):
            about_theirs &= ~Q(resident_id=resident, type__startswith=beginning)
        seen = about_theirs | Q(audience__overlap=list(self.references))
        for path in self.area_paths:
            seen |= Q(area_path__startswith=path) & ~Q(area_path="")
        return seen


def since(seq: int, *, viewpoint: Viewpoint | None = None) -> QuerySet[JournalEvent]:
    """Numbered events after `seq`, in order; for one viewer or for all."""
    events = JournalEvent.objects.filter(seq__gt=seq).order_by("seq")
    return events if viewpoint is None else events.filter(viewpoint.condition())


def about(subject: str) -> QuerySet[JournalEvent]:
    """All events of one thing, in the order they were written."""
    return JournalEvent.objects.filter(subject=subject).order_by("at", "id")


def last_seq() -> int:
    """The last number given."""
    head = JournalHead.objects.first()
    return head.last_seq if head else 0


@transaction.atomic
def number_committed() -> int:
    """Give numbers to committed events that have none; returns how many got one.

    Safe to call from anywhere at any time: an advisory lock lets one caller at a time work, and
    the others return 0 at once. The head row is made again when it is missing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            """
            WITH new AS (
              SELECT id, row_number() OVER (ORDER BY id) AS n
              FROM (SELECT id FROM core_journalevent WHERE seq IS NULL ORDER BY id LIMIT %s) AS u
            ), head AS (
              INSERT INTO core_journalhead AS h (id, last_seq)
              SELECT 1, (SELECT coalesce(max(seq), 0) FROM core_journalevent) + count(*)
              FROM new HAVING count(*) > 0
              ON CONFLICT (id) DO UPDATE SET last_seq = h.last_seq + (SELECT count(*) FROM new)
              RETURNING last_seq - (SELECT count(*) FROM new) AS base
            ), numbered AS (
              UPDATE core_journalevent AS e SET seq = head.base + new.n
              FROM new, head WHERE e.id = new.id RETURNING e.type
            )
            SELECT count(*), CASE
              WHEN bool_or(type = ANY(%s)) THEN pg_notify(%s, %s)
              WHEN count(*) > 0 THEN pg_notify(%s, '')
            END FROM numbered
            """,
            [
                BATCH,
                sorted(_pushed_at_once),
                hints.JOURNAL_NUMBERED,
                AT_ONCE,
                hints.JOURNAL_NUMBERED,
            ],
        )
        numbered: int = cursor.fetchone()[0]
    return numbered


def as_message(event: JournalEvent, *, prev: int) -> dict[str, Any]:
    """The form pushed to sockets and listed by the API (DESIGN, Doors)."""
    return {
        "seq": event.seq,
        "prev": prev,
        "type": event.type,
        "at": event.at.isoformat(),
        "id": event.subject.partition(":")[2],
        "data": event.data,
    }


def chained(events: Iterable[JournalEvent], *, after: int) -> Iterable[dict[str, Any]]:
    """Events as messages, each naming the one before it that this viewer could see."""
    prev = after
    for event in events:
        yield as_message(event, prev=prev)
        prev = event.seq or prev
