"""A proposal as a difference in words: who comes instead of whom, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from backend.people.models import Caregiver
from backend.places.models import Area
from services.visits.models import DayPlan, Visit


@dataclass(frozen=True)
class Change:
    """One visit that would be otherwise."""

    visit: Visit
    was: list[str]
    carers: list[str]
    planned_at: datetime | None

    @property
    def is_moved(self) -> bool:
        """Whether people would be told another minute."""
        shown = self.visit.shown_at.replace(second=0)
        return self.planned_at is not None and self.planned_at.replace(second=0) != shown


@dataclass(frozen=True)
class Difference:
    """A proposal with its changes; those that change carer first."""

    plan: DayPlan
    changes: list[Change]
    more_min: int
    less_min: int


def proposals_of(area: Area, day: date) -> list[Difference]:
    """What is proposed for a day within an area, the newest first."""
    proposed = DayPlan.objects.filter(
        area__path__startswith=area.path, day=day, state=DayPlan.State.PROPOSED
    ).select_related("area")
    return [_difference(plan) for plan in proposed.order_by("-made_at")]


def _difference(plan: DayPlan) -> Difference:
    legs = plan.legs
    keys = [leg["visit"] for leg in legs]
    visits = {str(v.pk): v for v in Visit.objects.filter(pk__in=keys).select_related("resident")}
    names = _names({key for leg in legs for key in (*leg["was"], *leg["carers"])})
    changes = [
        Change(
            visit=visits[leg["visit"]],
            was=[names.get(key, "") for key in leg["was"]],
            carers=[names.get(key, "") for key in leg["carers"]],
            planned_at=datetime.fromisoformat(leg["planned_at"]) if leg["planned_at"] else None,
        )
        for leg in legs
        if leg["visit"] in visits
    ]
    changes.sort(key=lambda each: (each.was == each.carers, each.planned_at is None))
    more = int(plan.summary.get("travel_more_min", 0))
    return Difference(plan, changes, max(more, 0), max(-more, 0))


def _names(keys: Iterable[str]) -> dict[str, str]:
    found = Caregiver.objects.filter(pk__in=list(keys)).values_list("pk", "name")
    return {str(pk): name for pk, name in found}
