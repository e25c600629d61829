"""Whether the database's clock can be relied on: everything that is due is due by it.

Set back, it makes people be rung late; apart from a machine's, one of both is wrong. `tick` looks,
says so in its log and in the journal, and the desk shows it (`trouble`).
"""

import logging
import socket
import threading
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from backend.core import journal
from backend.core.loops import repeat
from backend.core.models import ClockWatch
from backend.places.models import Area

EVERY_S = 5.0
WRONG_S = 5.0
"""Our choice: a third of the time in which an untaken call rings the duty phones."""
SEEN_WITHIN = timedelta(minutes=1)
"""A machine that has not looked for so long says nothing of the present."""
KEPT = timedelta(days=7)

logger = logging.getLogger(__name__)


def watch(stop: threading.Event) -> None:
    """Look at the clocks until told to stop."""
    machine = socket.gethostname()[:80]
    repeat(
        stop,
        lambda now: check(machine=machine, machine_at=datetime.now(UTC), now=now),
        every_s=EVERY_S,
    )


@transaction.atomic
def check(*, machine: str, machine_at: datetime, now: datetime) -> None:
    """Compare the database's clock with a machine's, and with what it said itself before."""
    highest_at = ClockWatch.objects.aggregate(at=Max("highest_at"))["at"] or now
    ClockWatch.objects.get_or_create(
        machine=machine, defaults={"highest_at": highest_at, "seen_at": now}
    )
    row = ClockWatch.objects.select_for_update().get(machine=machine)
    before = row.reason
    row.reason, row.wrong_by_s = _judged(
        back_s=(highest_at - now).total_seconds(), apart_s=(machine_at - now).total_seconds()
    )
    row.highest_at = max(highest_at, now)
    row.seen_at = now
    row.save()
    if row.reason != before:
        _tell(row, now)
        ClockWatch.objects.filter(seen_at__lt=now - KEPT, highest_at__lt=row.highest_at).delete()


def _judged(*, back_s: float, apart_s: float) -> tuple[str, float]:
    if back_s >= WRONG_S:
        return ClockWatch.Reason.BACK, back_s
    if abs(apart_s) >= WRONG_S:
        return ClockWatch.Reason.APART, abs(apart_s)
    return "", 0.0


def _tell(row: ClockWatch, now: datetime) -> None:
    """Write the change into the log, and for every desk into the journal."""
    event = "clock.wrong" if row.reason else "clock.right"
    level = logging.ERROR if row.reason else logging.WARNING
    logger.log(level, "%s: %s by %.0f s at %s", event, row.reason, row.wrong_by_s, row.machine)
    data = {"reason": row.reason, "by_s": round(row.wrong_by_s), "machine": row.machine}
    for path in Area.objects.filter(parent=None).values_list("path", flat=True):
        journal.append(f"clock:{row.machine}"[:80], event, at=now, area_path=path, data=data)


def trouble(*, now: datetime) -> ClockWatch | None:
    """What is wrong with the clocks at the moment, the worst first; None if they are good."""
    wrong = ClockWatch.objects.exclude(reason="").filter(seen_at__gt=now - SEEN_WITHIN)
    return wrong.order_by("-wrong_by_s").first()
