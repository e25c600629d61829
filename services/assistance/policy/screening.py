"""What the rules say of everybody: each resident looked at for each benefit, when it is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from backend.accounts.actors import Actor
from backend.accounts.queries import residents_condition
from backend.core import due, readers
from backend.core.contained import contained
from backend.core.models import JournalEvent
from backend.people.models import Resident
from backend.places.models import Area
from services.assistance.models import Screening
from services.assistance.policy import gathering, rules
from services.assistance.policy.actions import screen_again
from services.assistance.policy.answers import Answer
from services.assistance.policy.judging import Judged, judge_by
from services.assistance.policy.knowledge import Parameter
from services.assistance.policy.packs import Entered

LEASE_S = 120.0
PORTION = 500
AGAIN = timedelta(days=1)
WRITTEN = (
    "answer",
    "amount_fen",
    "missing",
    "screened_at",
    "due_at",
    "lease_until",
    "lease_token",
)
GONE = (Resident.LifeState.DIED, Resident.LifeState.MOVED)


def list_new(*, now: datetime, limit: int = 20_000) -> int:
    """Put residents who were never screened on the list; returns how many rows."""
    made = 0
    for name in rules.benefits():
        living = Resident.objects.exclude(life_state__in=GONE).filter(frozen_since=None)
        new = living.exclude(screenings__benefit=name)
        keys = list(new.order_by("pk").values_list("pk", flat=True)[:limit])
        Screening.objects.bulk_create(
            (Screening(resident_id=key, benefit=name, due_at=now) for key in keys),
            ignore_conflicts=True,
            batch_size=2_000,
        )
        made += len(keys)
    return made


def run_due(*, now: datetime, limit: int = PORTION) -> int:
    """Screen what is due; returns how many rows were.

    Where a portion fails, each of its rows is screened by itself, and what fails then comes
    again the next day: nobody waits behind it.
    """
    rows = due.claim(Screening.objects.all(), now=now, lease_s=LEASE_S, limit=limit)
    held = [Screening.objects.filter(pk=row.pk, lease_token=row.lease_token) for row in rows]
    if rows and not contained("a portion of screenings", partial(_screen, rows, now=now)):
        for row in held:
            _screen_alone(row, now=now)
    return len(rows)


def _screen_alone(held: QuerySet[Screening], *, now: datetime) -> None:
    """Screen one row, read anew while its lease is still ours."""
    for row in held.all():
        if not contained(f"screening {row.pk}", partial(_screen, [row], now=now)):
            held.update(due_at=now + AGAIN, lease_until=None, lease_token=None)


def _screen(rows: list[Screening], *, now: datetime) -> None:
    day = timezone.localdate(now)
    people = {
        each.pk: each
        for each in Resident.objects.select_related("area").filter(
            pk__in={row.resident_id for row in rows}
        )
    }
    facts = gathering.facts_of(list(people.values()), day=day)
    law = _Law(day)
    for row in rows:
        resident = people[row.resident_id]
        judged = judge_by(
            row.benefit,
            day=day,
            facts=facts[resident.pk],
            parameters=law.of(resident.area),
        )
        _write(row, judged, is_gone=resident.life_state in GONE, now=now)
    _save(rows)


@dataclass
class _Law:
    """Parameters by district, read once a portion."""

    day: date

    def __post_init__(self) -> None:
        self._entered: list[Entered] = gathering.entered_parameters()
        self._by_district: dict[str, Mapping[str, Parameter]] = {}

    def of(self, area: Area) -> Mapping[str, Parameter]:
        district = gathering.district_of(area.path)
        if district not in self._by_district:
            self._by_district[district] = gathering.parameters_of(
                area, day=self.day, entered=self._entered
            )
        return self._by_district[district]


def _write(row: Screening, judged: Judged, *, is_gone: bool, now: datetime) -> None:
    row.answer = judged.judgement.answer
    row.amount_fen = judged.judgement.amount_fen
    row.missing = list(judged.judgement.missing)
    row.screened_at = now
    row.due_at = None if is_gone else _next_time(now)


def _next_time(now: datetime) -> datetime:
    """The early morning of the next month's first day, when ages and values of the law change."""
    local = timezone.localtime(now)
    first = (local.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first.replace(hour=2, minute=0, second=0, microsecond=0)


@transaction.atomic
def _save(rows: list[Screening]) -> None:
    """Write those whose lease is still ours; what became due anew meanwhile stays due."""
    tokens = {row.lease_token for row in rows}
    ours = set(
        Screening.objects.select_for_update()
        .filter(pk__in=[row.pk for row in rows], lease_token__in=tokens)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    kept = [row for row in rows if row.pk in ours]
    for row in kept:
        row.lease_until = row.lease_token = None
    # One statement that writes over rows which are locked and there: bulk_update's CASE for each
    # field and row takes many times as long.
    Screening.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["pk"], update_fields=WRITTEN
    )


def hear_of_resident(event: JournalEvent, now: datetime) -> None:
    """A resident's life or record changed: what the rules say of them is looked at anew."""
    if event.resident_id is not None:
        screen_again(event.resident_id, now=now)


@dataclass(frozen=True)
class BenefitCount:
    """How a benefit's screening came out."""

    benefit: str
    yes: int
    no: int
    unknown: int


def counts_for(actor: Actor) -> list[BenefitCount]:
    """How many meet, do not meet, and are not known, by benefit; unknown is never among no."""
    reached = residents_condition(actor, actor.scope("screenings", "list"), at="resident")
    rows = (
        Screening.objects.filter(reached, screened_at__isnull=False)
        .exclude(resident__life_state__in=GONE)
        .values_list("benefit")
        .annotate(yes=_those(Answer.YES), no=_those(Answer.NO), unknown=_those(Answer.UNKNOWN))
        .order_by("benefit")
    )
    return [BenefitCount(*row) for row in rows]


def _those(answer: Answer) -> Count:
    return Count("pk", filter=Q(answer=answer))


readers.register(
    "assistance.screening", "resident.life_state", "resident.changed", handle=hear_of_resident
)
