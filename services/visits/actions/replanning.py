"""A day planned anew: proposed as a difference, accepted with one click."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string

from backend.core import journal
from backend.people.models import Caregiver
from backend.places.models import Area
from services.visits import telling
from services.visits.actions.locking import locked
from services.visits.actions.staffing import set_carers, settle_staffing
from services.visits.errors import DayPlanOutdated
from services.visits.gathering import Gathered, gather
from services.visits.models import DayPlan, Visit
from services.visits.planning import port
from services.visits.record import note_visit

Unserved = Visit.Unserved

TIME_LIMIT_S = 1.0
"""Source: facts of comparable planners: an improved proposal within a second."""
MOVED_LEAST = timedelta(minutes=5)
"""A visit that keeps its carers and begins so little otherwise is left as it is; our choice."""
WHY = {
    port.Reason.NO_SKILL: Unserved.NO_SKILL,
    port.Reason.REFUSED: Unserved.REFUSED,
}
"""What the planner says, as the board does; all else is that nobody has the time."""


def propose_day(area: Area, day: date, *, cause: str, by: str, now: datetime) -> DayPlan:
    """Plan what of a day has not begun; nothing changes until it is accepted.

    The newest proposal of an area and day stands, older ones are outdated.
    """
    gathered = gather(area, day, now=now)
    planner: port.Planner = import_string(settings.VISIT_PLANNER)()
    changes = port.Changes(now_s=gathered.problem.now_s)
    plan = planner.replan(
        gathered.problem, gathered.current, changes, time_limit_s=TIME_LIMIT_S, seed=0
    )
    return _keep(area, day, gathered, plan, cause=cause, by=by, now=now)


@transaction.atomic
def _keep(
    area: Area,
    day: date,
    gathered: Gathered,
    plan: port.Plan,
    *,
    cause: str,
    by: str,
    now: datetime,
) -> DayPlan:
    after = plan.assignments()
    legs = [leg for key in gathered.visits if (leg := _leg(gathered, key, after)) is not None]
    unserved = {each.job: str(WHY.get(each.reason, Unserved.NO_TIME)) for each in plan.unserved}
    unserved |= {str(visit.pk): str(Unserved.NO_PLACE) for visit in gathered.without_place}
    outdate(area, day)
    proposed = DayPlan.objects.create(
        area=area,
        day=day,
        based_on=version_of(area, day),
        cause=cause,
        legs=legs,
        unserved=unserved,
        summary=_summary(gathered, after, legs, unserved),
        made_at=now,
        made_by=by,
    )
    _tell(proposed, "day_plan.proposed", by=by, now=now)
    return proposed


def _leg(gathered: Gathered, key: str, after: Mapping[str, port.Promise]) -> dict[str, Any] | None:
    """What becomes of one visit; None where it stays as it is."""
    visit, was, promise = gathered.visits[key], gathered.going[key], after.get(key)
    if visit.state not in Visit.OPEN:
        return None
    carers = sorted(promise.carers) if promise else []
    if promise is None and (not was or visit.touched_by_person):
        return None
    planned_at = gathered.begin + timedelta(seconds=promise.start_s) if promise else None
    if carers == list(was) and (
        planned_at is None or abs(planned_at - visit.shown_at) < MOVED_LEAST
    ):
        return None
    return {
        "visit": key,
        "carers": carers,
        "was": list(was),
        "planned_at": planned_at.isoformat() if planned_at else None,
    }


def _summary(
    gathered: Gathered,
    after: Mapping[str, port.Promise],
    legs: list[dict[str, Any]],
    unserved: Mapping[str, str],
) -> dict[str, int]:
    standing = gathered.problem.promised
    travel_s = gathered.travel_s(after)
    return {
        "visits": len(gathered.visits) + len(gathered.without_place),
        "changed": sum(bool(leg["was"]) and leg["carers"] != leg["was"] for leg in legs),
        "new": sum(not leg["was"] for leg in legs),
        "moved": sum(leg["carers"] == leg["was"] for leg in legs),
        "unserved": len(unserved),
        "travel_min": travel_s // 60,
        "travel_more_min": (travel_s - gathered.travel_s(standing)) // 60,
    }


def outdate(area: Area, day: date) -> int:
    """Proposals of a day that a newer one stands for."""
    return DayPlan.objects.filter(area=area, day=day, state=DayPlan.State.PROPOSED).delete()[0]


def version_of(area: Area, day: date) -> int:
    """How often a plan of this day was accepted."""
    accepted = DayPlan.objects.filter(area=area, day=day, state=DayPlan.State.ACCEPTED)
    return accepted.aggregate(latest=Max("version"))["latest"] or 0


@transaction.atomic
def accept_day_plan(proposed: DayPlan, *, by: str, now: datetime) -> DayPlan:
    """Let a proposal hold; again changes nothing. What a person changed meanwhile stays.

    Raises:
        DayPlanOutdated: another plan of this day was accepted since, or the day is over.
    """
    area = Area.objects.select_for_update().get(pk=proposed.area_id)
    proposed = DayPlan.objects.select_for_update().select_related("area").get(pk=proposed.pk)
    if proposed.state == DayPlan.State.ACCEPTED:
        return proposed
    version = version_of(area, proposed.day)
    if proposed.state != DayPlan.State.PROPOSED or proposed.based_on != version:
        raise DayPlanOutdated
    kept = [leg["visit"] for leg in _sorted(proposed.legs) if not _apply(leg, by=by, now=now)]
    _say_why(proposed.unserved)
    proposed.state, proposed.version = DayPlan.State.ACCEPTED, version + 1
    proposed.accepted_at, proposed.accepted_by = now, by
    proposed.summary = {**proposed.summary, "left": len(kept)}
    proposed.save()
    _tell(proposed, "day_plan.accepted", by=by, now=now)
    return proposed


def _sorted(legs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """In one order of keys everywhere, so that two who accept never wait for each other."""
    return sorted(legs, key=lambda leg: str(leg["visit"]))


def _apply(leg: dict[str, Any], *, by: str, now: datetime) -> bool:
    """Let one visit be as proposed; False where it has begun or somebody changed it since."""
    standing = Visit.objects.filter(pk=leg["visit"]).first()
    if standing is None:
        return False
    visit = locked(standing)
    going = sorted(
        str(key)
        for key in visit.assignments.filter(released_at=None).values_list("caregiver", flat=True)
    )
    if visit.state not in Visit.OPEN or going != leg["was"]:
        return False
    carers = list(Caregiver.objects.filter(pk__in=leg["carers"], active=True).order_by("pk"))
    if len(carers) != len(leg["carers"]):
        return False
    changed = set_carers(visit, carers, by=by, now=now)
    visit.planned_at = datetime.fromisoformat(leg["planned_at"]) if leg["planned_at"] else None
    settle_staffing(visit, by=by, now=now)
    visit.save()
    note_visit(visit, "visit.assigned", by=by, now=now, data={"carers": len(carers)})
    if changed and leg["was"] and visit.shown_at - now < timedelta(hours=24):
        names = [each.name for each in carers]
        telling.tell_who_comes(visit, names=names, step_run=f"{now:%d%H%M}", now=now)
    return True


def _say_why(unserved: Mapping[str, str]) -> None:
    for key, reason in sorted(unserved.items()):
        Visit.objects.filter(pk=key, state=Visit.State.PLANNED).update(unserved=reason)


def _tell(plan: DayPlan, event: str, *, by: str, now: datetime) -> None:
    journal.append(
        f"day_plan:{plan.pk}",
        event,
        at=now,
        by=by,
        area_path=plan.area.path,
        data={"day": plan.day.isoformat(), **plan.summary},
    )
