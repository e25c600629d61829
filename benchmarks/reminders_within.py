"""The part of `benchmarks.reminders` that has the database: what is due, and who asks it."""

import argparse
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

import django

django.setup()

# The settings have to be read before any model is.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from backend.core import clock, due  # noqa: E402
from backend.core.loops import repeat  # noqa: E402
from backend.people import phones  # noqa: E402
from backend.people.models import Household, Resident  # noqa: E402
from backend.places.models import Address, Area  # noqa: E402
from benchmarks.figures import Figures, percentile, run, say  # noqa: E402
from notifications import preferences  # noqa: E402
from notifications.actions import owe_all  # noqa: E402
from notifications.models import Delivery  # noqa: E402
from services.wellbeing import loops, telling  # noqa: E402
from services.wellbeing.models import Occurrence, Reminder  # noqa: E402

LEAD_S = 3.0
SETTLES_S = 45.0
LOOK_S = 0.05
CLAIMED = "user:2"
Ask = Callable[[threading.Event], None]


def measure(arguments: argparse.Namespace) -> Figures:
    """Ours, spread over a minute and all at once; the limit and the naive peer at once."""
    call_command("migrate", verbosity=0)
    residents = _residents(arguments.a_minute)
    figures: Figures = {"a_minute": arguments.a_minute}
    for name, ask, spread_s in (
        ("reminders_1000_per_min_lateness", loops.ask, float(arguments.seconds)),
        ("burst_lateness", loops.ask, 0.0),
        ("limit_burst_lateness", _only_claim, 0.0),
        ("naive_burst_lateness", _one_by_one, 0.0),
    ):
        say(name)
        figures |= _pass(name, ask, residents, spread_s)
    return figures


def _pass(name: str, ask: Ask, residents: list[Resident], spread_s: float) -> Figures:
    """Let all fall due within a time, and reckon how late each was."""
    _clear()
    begin = clock.now() + timedelta(seconds=LEAD_S)
    moments = _set(residents, begin, spread_s)
    with _asking(ask):
        seen = _seen(ask, len(moments), until=begin + timedelta(seconds=spread_s + SETTLES_S))
    late = [
        (seen[person] - at).total_seconds() if person in seen else SETTLES_S
        for person, at in moments.items()
    ]
    figures: Figures = {
        f"{name}_p50_s": round(percentile(late, 0.5), 3),
        f"{name}_p99_s": round(percentile(late, 0.99), 3),
        f"{name}_max_s": round(max(late), 3),
    }
    if ask is loops.ask:
        asked = Delivery.objects.values_list("person", flat=True)
        figures |= {
            f"{name}_missing": len(moments) - len(set(asked)),
            f"{name}_doubles": len(asked) - len(set(asked)),
        }
    return figures


def _clear() -> None:
    Delivery.objects.all().delete()
    Occurrence.objects.all().delete()
    Reminder.objects.all().delete()


def _residents(count: int) -> list[Resident]:
    area = Area.objects.create(level="district", code="1", path="1.", name="1")
    home = Household.objects.create(address=Address.objects.create(area=area, text="1"))
    people = [
        Resident(
            household=home,
            area=area,
            name="陈桂英",
            phone=(phone := f"+861900000{n:04d}"),
            phone_index=phones.index(phone),
        )
        for n in range(count)
    ]
    return list(Resident.objects.bulk_create(people))


def _set(residents: list[Resident], begin: datetime, spread_s: float) -> dict[str, datetime]:
    """One reminder each; by person, when it is due."""
    step_s = spread_s / len(residents)
    rows = [
        Reminder(
            resident=resident,
            kind=Reminder.Kind.MEDICINE,
            text="氨氯地平一片",
            rule="FREQ=DAILY",
            times=[begin.time().replace(microsecond=0)],
            starts_on=begin.date(),
            set_by="user:1",
            set_by_name="1",
            set_at=begin,
            due_at=begin + timedelta(seconds=n * step_s),
        )
        for n, resident in enumerate(residents)
    ]
    Reminder.objects.bulk_create(rows)
    return {f"resident:{row.resident_id}": row.due_at for row in rows if row.due_at}


@contextmanager
def _asking(ask: Ask, threads: int = 2) -> Iterator[None]:
    """Two loops, as two ticks would run them."""
    stop = threading.Event()
    workers = [threading.Thread(target=_run, args=(ask, stop)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        stop.set()
        for worker in workers:
            worker.join()


def _run(ask: Ask, stop: threading.Event) -> None:
    try:
        ask(stop)
    finally:
        connection.close()


def _seen(ask: Ask, count: int, *, until: datetime) -> dict[str, datetime]:
    """When each person's row was first seen by somebody else, so after its commit."""
    seen: dict[str, datetime] = {}
    while len(seen) < count and (at := clock.now()) < until:
        seen |= dict.fromkeys(_done(ask) - seen.keys(), at)
        time.sleep(LOOK_S)
    return seen


def _done(ask: Ask) -> set[str]:
    if ask is _only_claim:
        claimed = Reminder.objects.filter(set_by=CLAIMED).values_list("resident", flat=True)
        return {f"resident:{pk}" for pk in claimed}
    return set(Delivery.objects.values_list("person", flat=True))


def _only_claim(stop: threading.Event) -> None:
    """The limit: claim as many rows at once, and say when they are due next."""
    repeat(stop, _claim_all, every_s=loops.ASK_EVERY_S)


def _claim_all(now: datetime) -> None:
    while claimed := due.claim(Reminder.objects.all(), now=now, lease_s=30, limit=250):
        keys = [row.pk for row in claimed]
        tomorrow = now + timedelta(days=1)
        Reminder.objects.filter(pk__in=keys).update(
            due_at=tomorrow, set_by=CLAIMED, lease_until=None, lease_token=None
        )


def _one_by_one(stop: threading.Event) -> None:
    """The naive peer: one reminder after the other, each with its own transaction."""
    repeat(stop, partial(_take_one_by_one, stop), every_s=loops.ASK_EVERY_S)


def _take_one_by_one(stop: threading.Event, now: datetime) -> None:
    while not stop.is_set() and _take_one(now):
        pass


@transaction.atomic
def _take_one(now: datetime) -> bool:
    reminder = (
        Reminder.objects.filter(due_at__lte=now)
        .select_related("resident__area")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_at")
        .first()
    )
    if reminder is None or reminder.due_at is None:
        return False
    at = clock.now()
    row = Occurrence.objects.create(
        reminder=reminder,
        resident=reminder.resident,
        occurs_at=reminder.due_at,
        asks_at=reminder.due_at,
        ask_until=at + timedelta(minutes=30),
        due_at=at + timedelta(minutes=5),
    )
    preference = preferences.preference_of(f"resident:{reminder.resident_id}")
    message = telling.reminding(row, preference=preference, number=1, is_last=False, now=at)
    owe_all([message], now=at)
    reminder.due_at = reminder.asks_after(at)
    reminder.save(update_fields=["due_at"])
    return True


if __name__ == "__main__":
    run("reminders_within", measure, a_minute=1_000, seconds=60)
