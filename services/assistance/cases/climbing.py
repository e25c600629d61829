"""Reminding and climbing: no clock stands still until its step is done."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Role, User
from backend.core import due
from backend.core.contained import contained
from backend.places.queries import paths_above
from notifications.actions import owe_as_preferred
from notifications.models import Delivery
from notifications.recipients import user_recipient
from services.alerts.actions import raise_alert
from services.alerts.models import Alert
from services.assistance.cases import clocks, workdays
from services.assistance.cases.actions import end_notice, open_review
from services.assistance.cases.clocks import Wake
from services.assistance.cases.doers import is_county
from services.assistance.cases.machine import OF_THE_COUNTY
from services.assistance.cases.record import note_clock
from services.assistance.models import AssistanceCase, Deadline, DeadlineStep

LEASE_S = 60.0
PORTION = 50
AT_MOST_TOLD = 3
"""So many of an office are told at once."""
REVIEW_TRIED_AGAIN = timedelta(days=1)


class Rung(StrEnum):
    """To whom an overdue clock climbs, round after round."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    COUNTY = "county"


RUNGS = (Rung.OWNER, Rung.SUPERVISOR, Rung.COUNTY)
RUNG_WORDS = {
    Rung.OWNER: _("the officer in charge"),
    Rung.SUPERVISOR: _("the head of the street office"),
    Rung.COUNTY: _("the county"),
}


def run_due(*, now: datetime, limit: int = PORTION) -> int:
    """Do what due clocks ask for; returns how many were due.

    A clock that fails is left to its lease and tried again; it holds up no other.
    """
    rows = due.claim(
        Deadline.objects.filter(stopped_at=None, paused_at=None),
        now=now,
        lease_s=LEASE_S,
        limit=limit,
    )
    for row in rows:
        contained(f"deadline {row.pk}", partial(_wake, row, now))
    return len(rows)


@transaction.atomic
def _wake(claimed: Deadline, now: datetime) -> None:
    # The case first, as every action on it does.
    case = AssistanceCase.objects.select_for_update(of=("self",)).get(pk=claimed.case_id)
    deadline = Deadline.objects.filter(
        pk=claimed.pk, lease_token=claimed.lease_token, stopped_at=None, paused_at=None
    ).first()
    if deadline is None:
        return
    days = workdays.current()
    match clocks.wake_of(deadline):
        case Wake.END_NOTICE:
            end_notice(case, now=now)
            return
        case Wake.OPEN_REVIEW:
            if not open_review(case, now=now):
                due.finish(deadline, due_at=now + REVIEW_TRIED_AGAIN)
                return
        case Wake.REMIND_EARLY | Wake.REMIND_LATE:
            _tell(case, deadline, Rung.OWNER, now=now, is_overdue=False)
        case Wake.CLIMB:
            _climb(case, deadline, now=now)
    stage, due_at = clocks.next_wake(deadline, stage=deadline.stage + 1, days=days, now=now)
    due.finish(deadline, due_at=due_at, stage=stage)


def next_rung(deadline: Deadline) -> Rung:
    """To whom the clock climbs next, or would."""
    return RUNGS[clocks.climbs_before(deadline) % len(RUNGS)]


def _climb(case: AssistanceCase, deadline: Deadline, *, now: datetime) -> None:
    raise_alert(
        kind=Alert.Kind.CASE_OVERDUE,
        area=case.area,
        resident=case.resident,
        detail={"case": str(case.pk), "number": case.number},
        now=now,
    )
    _tell(case, deadline, next_rung(deadline), now=now, is_overdue=True)


def _tell(
    case: AssistanceCase, deadline: Deadline, rung: Rung, *, now: datetime, is_overdue: bool
) -> None:
    people: list[User | None] = list(people_on(case, deadline.kind, rung))
    for person in people or [None]:
        step = DeadlineStep.objects.create(
            deadline=deadline,
            stage=deadline.stage,
            level=rung,
            person=person.reference if person else "",
            person_name=str(person) if person else "",
            is_overdue=is_overdue,
            at=now,
        )
        if person is not None:
            _owe(case, deadline, person, step, now=now, is_overdue=is_overdue)
    event = "case.climbed" if is_overdue else "case.reminded"
    note_clock(case, event, kind=deadline.kind, rung=rung, now=now)


def _owe(
    case: AssistanceCase,
    deadline: Deadline,
    person: User,
    step: DeadlineStep,
    *,
    now: datetime,
    is_overdue: bool,
) -> None:
    owe_as_preferred(
        cause=case.reference,
        step_run=f"clock.{step.pk}",
        to=user_recipient(person),
        template="case_clock_overdue" if is_overdue else "case_clock_soon",
        context={"number": case.number, "day": deadline.ends_on.isoformat()},
        priority=Delivery.Priority.ROUTINE,
        now=now,
        area_path=case.area.path,
    )


def people_on(case: AssistanceCase, kind: str, rung: Rung) -> Iterable[User]:
    """The accounts on a rung of a clock; the nearest office first."""
    officers = _officers_above(case)
    county = [each for each in officers if each.area and is_county(each.area.path)]
    street = [each for each in officers if each not in county]
    owner = [each for each in officers if each.pk == case.owner_id]
    if rung is Rung.COUNTY or kind in OF_THE_COUNTY:
        return county[:AT_MOST_TOLD]
    if rung is Rung.OWNER:
        return owner or street[:AT_MOST_TOLD] or county[:AT_MOST_TOLD]
    heads = [each for each in street if each.pk != case.owner_id]
    return heads[:AT_MOST_TOLD] or county[:AT_MOST_TOLD]


def _officers_above(case: AssistanceCase) -> list[User]:
    serving = Q(area__path__in=paths_above(case.area.path)) | Q(pk=case.owner_id)
    found = User.objects.filter(serving, role=Role.OFFICER, is_active=True).select_related("area")
    return sorted(found, key=lambda each: (-len(each.area.path if each.area else ""), each.pk))
