"""Making visits from care plans, four weeks ahead, each occurrence once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from backend.core import due, journal
from backend.core.fields import EncryptedField
from backend.people.models import Resident
from services.visits import policies
from services.visits.models import CarePlan, Visit

LEASE_S = 120.0
PORTION = 100
"""Plans a transaction; a worker that dies loses no more than one portion's work."""
ROWS_A_STATEMENT = 2_000
MADE_AT = time(1, 0)
"""At night, when the database has time."""
ENDS = (Resident.LifeState.MOVED, Resident.LifeState.DIED)
PAUSES = {
    Resident.LifeState.HOSPITAL: Visit.CancelReason.HOSPITAL,
    Resident.LifeState.AWAY: Visit.CancelReason.AWAY,
}


def make_due(*, now: datetime, portion: int = PORTION) -> int:
    """Make the visits of all plans that are due; returns how many were made.

    Safe at any number of workers, and after a death at any point: a visit is one a plan and day.
    """
    made = 0
    while claimed := due.claim(
        CarePlan.objects.filter(ended_at=None), now=now, lease_s=LEASE_S, limit=portion
    ):
        made += _make_claimed(claimed, now=now)
    return made


@transaction.atomic
def _make_claimed(claimed: Sequence[CarePlan], *, now: datetime) -> int:
    """Make the visits of claimed plans, as the plans stand once they are locked."""
    token = claimed[0].lease_token
    plans = list(
        CarePlan.objects.filter(lease_token=token, ended_at=None)
        .select_related("resident__area")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    return make_locked(plans, now=now)


def make_locked(plans: Sequence[CarePlan], *, now: datetime) -> int:
    """Make what these locked plans owe up to the horizon, and say when they are due again."""
    made = _insert([visit for plan in plans for visit in missing_visits(plan, now=now)])
    for plan in plans:
        plan.made_until = max(plan.made_until or plan.starts_on, _horizon(plan, now))
        plan.due_at, plan.lease_until, plan.lease_token = next_making(plan, now=now), None, None
    CarePlan.objects.bulk_update(
        plans, ["made_until", "due_at", "lease_until", "lease_token"], batch_size=ROWS_A_STATEMENT
    )
    if made:
        journal.append("visits:made", "visits.made", at=now, data={"visits": made})
    return made


def _insert(visits: Sequence[Visit]) -> int:
    """Write those that are not there yet; returns how many.

    By COPY, for at 60,000 a night most of the time went into reading long INSERTs (measured:
    58,000 in 55 s, by COPY in 19 s).
    """
    if not visits:
        return 0
    fields = Visit._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = f'"{Visit._meta.db_table}"'
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS made (LIKE {table}) ON COMMIT DROP")
        cursor.execute("TRUNCATE made")
        with cursor.copy(f"COPY made ({columns}) FROM STDIN") as copy:
            for visit in visits:
                copy.write_row([_plain(field, getattr(visit, field.attname)) for field in fields])
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM made"  # noqa: S608 - our names
            " ON CONFLICT DO NOTHING"
        )
        return int(cursor.rowcount)


def _plain(field: object, value: object) -> object:
    """As it is stored: encrypted if it is to be; a choice as its text, not as psycopg names it."""
    if isinstance(field, EncryptedField):
        return field.get_prep_value(value)
    return str(value) if isinstance(value, str) else value


def missing_visits(plan: CarePlan, *, now: datetime) -> Iterable[Visit]:
    """The visits that a plan owes and that were not made yet."""
    if plan.resident.life_state in ENDS:
        return
    after = plan.made_until or min(plan.starts_on, _today(plan, now)) - timedelta(days=1)
    for begins_at in occurrences(plan, after=after, now=now):
        yield visit_of(plan, begins_at, now=now)


def occurrences(plan: CarePlan, *, after: date, now: datetime) -> Iterable[datetime]:
    """When visits of a plan may begin, after a day and up to the horizon, none in the past."""
    zone = ZoneInfo(plan.zone)
    first = max(datetime.combine(after, time.max, tzinfo=zone), now)
    last = datetime.combine(_horizon(plan, now), time.max, tzinfo=zone)
    return plan.recurrence.between(first, last)


def visit_of(plan: CarePlan, begins_at: datetime, *, now: datetime) -> Visit:
    """The visit of one occurrence, not saved."""
    day = begins_at.astimezone(ZoneInfo(plan.zone)).date()
    visit = Visit(
        plan=plan,
        occurs_on=day,
        resident_id=plan.resident_id,
        area_id=plan.resident.area_id,
        day=day,
        window_starts_at=begins_at,
        window_ends_at=begins_at + timedelta(minutes=plan.window_min),
        unserved=Visit.Unserved.NOT_PLANNED,
        drill=plan.drill,
        made_at=now,
        **what_is_done(plan),
    )
    pause = PAUSES.get(Resident.LifeState(plan.resident.life_state))
    if pause is not None:
        visit.state, visit.cancel_reason, visit.unserved = Visit.State.CANCELLED, pause, ""
    visit.due_at = policies.due_at(visit)
    return visit


def what_is_done(plan: CarePlan) -> dict[str, object]:
    """What a visit takes over from its plan."""
    return {
        "service": plan.service,
        "tasks": list(plan.tasks),
        "duration_min": plan.duration_min,
        "skills": list(plan.skills),
        "carers_needed": plan.carers_needed,
        "priority": plan.priority,
    }


def next_making(plan: CarePlan, *, now: datetime) -> datetime | None:
    """When the horizon of a plan has moved on by a day; None when nothing comes any more."""
    if plan.ends_on is not None and plan.ends_on <= _horizon(plan, now):
        return None
    zone = ZoneInfo(plan.zone)
    return datetime.combine(_today(plan, now) + timedelta(days=1), MADE_AT, tzinfo=zone)


def _horizon(plan: CarePlan, now: datetime) -> date:
    return _today(plan, now) + timedelta(days=policies.HORIZON_DAYS)


def _today(plan: CarePlan, now: datetime) -> date:
    return timezone.localdate(now, ZoneInfo(plan.zone))
