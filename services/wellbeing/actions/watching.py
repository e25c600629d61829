"""Nobody forgotten: who is watched, what was heard of them, what is owed and climbs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.accounts.queries import staff_over
from backend.core import due
from backend.core.errors import Invalid
from backend.people.models import Caregiver, Resident
from backend.places.queries import paths_above
from services.wellbeing import policies
from services.wellbeing.models import Watched
from services.wellbeing.portions import all_or_each
from services.wellbeing.record import CHANGE, note, note_write
from services.wellbeing.telling import tell_leader

HOME = Resident.LifeState.HOME
GONE = (Resident.LifeState.MOVED, Resident.LifeState.DIED)
LEASE_S = 60.0
PORTION = 500
BY = "system:wellbeing"


@transaction.atomic
def hear(resident: Resident, *, how: Watched.Heard, by: str, at: datetime) -> None:
    """A person heard of a resident; what is owed next counts from then. Old news change nothing."""
    row = Watched.objects.select_for_update().filter(resident=resident.pk).first()
    if row is None or (row.heard_at is not None and row.heard_at >= at):
        return
    row.heard_at, row.heard_how, row.heard_by = at, how, by[:80]
    if row.event is not None and at >= row.event.declared_at:
        row.event = None
    _owe(row, is_home=resident.life_state == HOME)
    row.save()


def _owe(row: Watched, *, is_home: bool) -> None:
    """Set by when the next contact is owed, and forget how far the last had climbed."""
    row.lease_until, row.lease_token = None, None
    row.climbs, row.climbed_to = 0, ""
    if not is_home:
        row.owed_at, row.due_at = None, None
        return
    owed_at = (row.heard_at or row.since) + timedelta(days=row.every_days)
    if row.event is not None:
        owed_at = min(owed_at, row.event.owed_by)
    row.owed_at, row.due_at = owed_at, owed_at


@transaction.atomic
def follow(resident: Resident, *, now: datetime) -> None:
    """Watch a resident as their risk and their whereabouts say, or no longer."""
    row = Watched.objects.select_for_update().filter(resident=resident.pk).first()
    tier = policies.tier_of(resident, today=timezone.localdate(now))
    if tier is None or resident.life_state in GONE:
        Watched.objects.filter(resident=resident.pk).delete()
        return
    if row is None:
        watch_everybody(now=now, only=[resident])
        return
    is_home = resident.life_state == HOME
    if row.every_days == tier.days and (row.owed_at is not None) == is_home:
        return
    if is_home and row.owed_at is None:
        row.since, row.heard_at = now, None
    row.every_days = tier.days
    _owe(row, is_home=is_home)
    row.save()


@transaction.atomic
def watch_everybody(*, now: datetime, only: Iterable[Resident] | None = None) -> int:
    """Watch all at risk who are not watched yet; returns how many.

    Their days begin now: nobody is overdue for a contact that nobody knew was owed.
    """
    if only is None:
        only = (
            Resident.objects.filter(living__overlap=list(policies.AT_RISK), watched=None)
            .exclude(life_state__in=GONE)
            .select_related("area")
            .iterator(chunk_size=2_000)
        )
    carers = _grid_workers()
    today = timezone.localdate(now)
    rows = (_row_of(resident, carers, today, now) for resident in only)
    new = [row for row in rows if row is not None]
    Watched.objects.bulk_create(new, batch_size=2_000, ignore_conflicts=True)
    return len(new)


def follow_ages(*, now: datetime, limit: int = PORTION) -> int:
    """Watch those who live alone more closely from the birthday on at which they count as frail.

    Nothing else changes on that day, so that no news tells of it; returns how many.
    """
    born_by = timezone.localdate(now) - timedelta(days=round(policies.FRAIL_AGE * 365.25))
    frail = Resident.objects.filter(
        living__contains=[Resident.Living.ALONE],
        birth_date__lte=born_by,
        watched__every_days__gt=policies.FRAIL_DAYS,
    ).select_related("area")[:limit]
    for resident in frail:
        follow(resident, now=now)
    return len(frail)


def _row_of(
    resident: Resident, carers: dict[str, UUID], today: date, now: datetime
) -> Watched | None:
    tier = policies.tier_of(resident, today=today)
    if tier is None:
        return None
    owners = (carers[path] for path in paths_above(resident.area.path)[::-1] if path in carers)
    row = Watched(
        resident=resident,
        every_days=tier.days,
        since=now,
        assigned_to_id=next(owners, None),
    )
    _owe(row, is_home=resident.life_state == HOME)
    return row


def _grid_workers() -> dict[str, UUID]:
    """The grid worker of each area that has one."""
    workers = Caregiver.objects.filter(kind=Caregiver.Kind.GRID_WORKER, active=True)
    return dict(workers.order_by("pk").values_list("area__path", "pk"))


@transaction.atomic
def assign_watched(
    resident: Resident, *, caregiver: Caregiver | None, by: str, now: datetime
) -> Watched:
    """Say who owes the next contact; nobody takes it back.

    Raises:
        Invalid: the resident is not at risk, or the caregiver serves another district.
    """
    row = Watched.objects.select_for_update().filter(resident=resident.pk).first()
    root = resident.area.path.partition(".")[0] + "."
    if row is None or (caregiver is not None and not caregiver.area.path.startswith(root)):
        raise Invalid(fields={"caregiver": ["unknown"]})
    row.assigned_to = caregiver
    row.save(update_fields=["assigned_to"])
    subject = f"resident:{resident.pk}"
    note_write(
        subject, "welfare.assigned", CHANGE, resident, by=by, now=now, fields=["assigned_to"]
    )
    return row


def climb_due(*, now: datetime, limit: int = PORTION) -> int:
    """Let what is overdue climb to whoever leads next; returns how many residents.

    However many climb, each leader gets one message an hour, which counts them all.
    """
    claimed = due.claim(
        Watched.objects.filter(owed_at__isnull=False), now=now, lease_s=LEASE_S, limit=limit
    )
    if claimed:
        all_or_each("climbs of welfare", claimed, partial(_climb, now=now))
    return len(claimed)


@transaction.atomic
def _climb(claimed: Sequence[Watched], *, now: datetime) -> None:
    rows = list(
        Watched.objects.filter(
            pk__in=[each.pk for each in claimed],
            lease_token=claimed[0].lease_token,
            owed_at__isnull=False,
        )
        .select_related("resident__area")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    told: dict[User, int] = defaultdict(int)
    leaders = cache(staff_over)
    for row in rows:
        climb = policies.climb_of(row.climbs)
        for leader in leaders(row.resident.area.path, climb.to):
            told[leader] += 1
        note(
            f"resident:{row.resident_id}",
            "welfare.overdue",
            row.resident,
            by=BY,
            now=now,
            data={"to": climb.to.value, "times": row.climbs + 1},
        )
        row.climbs, row.climbed_to = row.climbs + 1, climb.to
        owed_at = row.owed_at or now
        row.due_at = max(policies.climbs_at(owed_at, row.climbs), now + timedelta(hours=1))
        row.lease_until, row.lease_token = None, None
    Watched.objects.bulk_update(
        rows, ["climbs", "climbed_to", "due_at", "lease_until", "lease_token"]
    )
    for leader, count in told.items():
        if leader.phone:
            tell_leader(leader, count, now=now)
