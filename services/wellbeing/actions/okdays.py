"""The daily I-am-OK: days are made ahead, a report closes its day, only the silent are asked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from backend.core import due
from backend.core.contained import contained
from backend.people.models import Resident
from services.wellbeing import ladder, policies, signs
from services.wellbeing.actions.answering import Answerer, close_row, ring_the_desk
from services.wellbeing.actions.watching import hear
from services.wellbeing.models import OkDay, Watched, Way
from services.wellbeing.record import note

State = OkDay.State

LEASE_S = 60.0
PORTION = 250
BY = "system:wellbeing"
OWN_WAYS = frozenset({Way.KEY, Way.TEXT, Way.TAP, Way.CALLED, Way.DEVICE, Way.STAFF})
"""By these the person themself was heard of; movement at home is no human contact."""


def make_days(*, now: datetime) -> int:
    """Make today's and tomorrow's days of those who agreed to an hour; returns how many.

    Who agrees to an hour that is over today begins tomorrow. Safe at any number of workers.
    """
    today = timezone.localdate(now)
    made = sum(_make(day, now) for day in (today, today + timedelta(days=1)))
    _follow_changes(today)
    return made


def _make(day: date, now: datetime) -> int:
    known = OkDay.objects.filter(resident=OuterRef("pk"), day=day)
    agreed = Resident.objects.filter(
        ~Exists(known), ok_at__isnull=False, life_state=Resident.LifeState.HOME
    ).values_list("pk", "ok_at")
    rows = (
        OkDay(resident_id=pk, day=day, by_at=by_at, due_at=by_at)
        for pk, by_at in ((pk, by_at_of(day, ok_at)) for pk, ok_at in agreed if ok_at)
        if by_at > now
    )
    return len(OkDay.objects.bulk_create(rows, batch_size=2_000, ignore_conflicts=True))


def by_at_of(day: date, ok_at: time) -> datetime:
    """The moment of a day by which somebody says that all is well."""
    return timezone.make_aware(datetime.combine(day, ok_at))


@transaction.atomic
def _follow_changes(today: date) -> None:
    """Days that are not due yet follow the hour their resident has chosen since."""
    zone = timezone.get_default_timezone_name()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE wellbeing_okday AS d
            SET by_at = (d.day + r.ok_at) AT TIME ZONE %(zone)s,
                due_at = (d.day + r.ok_at) AT TIME ZONE %(zone)s
            FROM people_resident AS r
            WHERE r.id = d.resident_id AND d.state = 'expected' AND d.day >= %(today)s
              AND d.by_at <> (d.day + r.ok_at) AT TIME ZONE %(zone)s
            """,
            {"zone": zone, "today": today},
        )
    OkDay.objects.filter(state=State.EXPECTED, day__gte=today, resident__ok_at=None).delete()


def begin_due(*, now: datetime, limit: int = PORTION) -> int:
    """Look after those who have not said by their hour that all is well; returns how many.

    Whoever was about within the last hours is not asked; the others go up the ladder.
    """
    claimed = due.claim(
        OkDay.objects.filter(state=State.EXPECTED), now=now, lease_s=LEASE_S, limit=limit
    )
    if not claimed:
        return 0
    residents = [row.resident_id for row in claimed]
    seen = signs.signs_of(residents, now - policies.SIGNS_WITHIN)
    busy = ladder.in_emergency(residents)
    for row in claimed:
        sign, is_busy = seen.get(row.resident_id), row.resident_id in busy
        contained(f"begin of {row.reference}", partial(_begin, row, sign, is_busy, now))
    return len(claimed)


@transaction.atomic
def _begin(claimed: OkDay, sign: signs.Sign | None, is_busy: bool, now: datetime) -> None:
    row = (
        OkDay.objects.select_related("resident__area")
        .select_for_update(of=("self",))
        .filter(pk=claimed.pk, lease_token=claimed.lease_token, state=State.EXPECTED)
        .first()
    )
    if row is None:
        return
    row.lease_until, row.lease_token = None, None
    if row.resident.life_state != Resident.LifeState.HOME:
        row.state, row.closed_at, row.due_at = State.SILENCED, now, None
    elif sign is not None:
        row.state, row.closed_at, row.due_at = State.OK, sign.at, None
        row.way, row.answered_by = sign.way, BY
        note(row.reference, "ok.heard", row.resident, by=BY, now=now)
    elif is_busy:
        row.due_at = now + policies.EMERGENCY_FIRST
    else:
        row.state = State.ASKED
        ladder.step(ladder.OK_DAYS, row, now=now)
    row.save()


@transaction.atomic
def report_ok(resident: Resident, *, who: Answerer, now: datetime) -> OkDay:
    """The person says that all is well today; saying it again changes nothing.

    Nobody goes on asking them about a day before.
    """
    today = _make_today(resident, now)
    before = OkDay.objects.filter(resident=resident, state=State.ASKED, day__lt=today)
    asked = list(before.order_by("day").values_list("day", flat=True)) if who.is_person else []
    rows = [_locked(resident.pk, day) for day in (*asked, today)]
    for row in rows:
        _say_ok(row, who=who, now=now)
    if who.way in OWN_WAYS:
        hear(resident, how=Watched.Heard.OK, by=who.reference, at=now)
    return rows[-1]


@transaction.atomic
def answer_ok(row: OkDay, *, who: Answerer, now: datetime) -> OkDay:
    """The person says on a question that all is well: on the day that it asked about.

    Asked before midnight and answered after it, it says nothing of the day that has begun.
    """
    locked = _locked(row.resident_id, row.day)
    if locked.state not in OkDay.OPEN:
        return report_ok(locked.resident, who=who, now=now)
    _say_ok(locked, who=who, now=now)
    hear(locked.resident, how=Watched.Heard.OK, by=who.reference, at=now)
    return locked


def _say_ok(row: OkDay, *, who: Answerer, now: datetime) -> None:
    if row.state in OkDay.OPEN:
        close_row(row, state=State.OK, who=who, now=now)
        data = {"way": who.way.value}
        note(row.reference, "ok.heard", row.resident, by=who.reference, now=now, data=data)


@transaction.atomic
def want_person(row: OkDay, *, who: Answerer, now: datetime) -> OkDay:
    """The person wants to speak with somebody; that is an answer, and never too late."""
    locked = _locked(row.resident_id, row.day)
    if locked.state == State.PERSON_WANTED:
        return locked
    if locked.state in OkDay.OPEN:
        close_row(locked, state=State.PERSON_WANTED, who=who, now=now)
    note(locked.reference, "ok.person_wanted", locked.resident, by=who.reference, now=now)
    hear(locked.resident, how=Watched.Heard.OK, by=who.reference, at=now)
    ring_the_desk(locked, now=now)
    return locked


@transaction.atomic
def expect_again(resident: Resident, *, now: datetime) -> int:
    """Somebody is at home again: days whose hour is still to come are; returns how many."""
    return OkDay.objects.filter(resident=resident, state=State.SILENCED, by_at__gt=now).update(
        state=State.EXPECTED,
        due_at=F("by_at"),
        closed_at=None,
        answered_by="",
        answered_name="",
        way="",
    )


def _make_today(resident: Resident, now: datetime) -> date:
    """Today, with a row if there is none."""
    day = timezone.localdate(now)
    by_at = by_at_of(day, resident.ok_at) if resident.ok_at else now
    rows: Sequence[OkDay] = [OkDay(resident=resident, day=day, by_at=by_at, due_at=by_at)]
    OkDay.objects.bulk_create(rows, ignore_conflicts=True)
    return day


def _locked(resident_id: UUID, day: date) -> OkDay:
    return (
        OkDay.objects.select_related("resident__area", "resident__household", "alert")
        .select_for_update(of=("self",))
        .get(resident=resident_id, day=day)
    )
