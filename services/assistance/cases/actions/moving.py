"""Moving a case from state to state: the one place where it is done."""

from datetime import datetime
from typing import Any

from services.assistance.cases import clocks
from services.assistance.cases.doers import Doer
from services.assistance.cases.errors import NotNow, NotYourStep
from services.assistance.cases.machine import Event, Level, Step, step_for
from services.assistance.cases.record import note_event
from services.assistance.cases.telling import tell_applicant
from services.assistance.models import AssistanceCase

DELEGATED = frozenset({Event.CONFIRM, Event.RETURN, Event.RETURN_CHANGE, Event.RECORD_DATA})
"""What a street does itself where the county has handed it down. Source: article 2."""


def locked(case: AssistanceCase) -> AssistanceCase:
    """The case as it stands now, for this transaction alone."""
    return (
        AssistanceCase.objects.select_for_update(of=("self",))
        .select_related("area", "resident__area")
        .get(pk=case.pk)
    )


def require_step(case: AssistanceCase, event: Event, by: Doer) -> Step:
    """The row of the table for an event.

    Raises:
        NotNow: it cannot follow where the case stands.
        NotYourStep: another office does it.
    """
    step = step_for(case.state, event)
    if step is None:
        raise NotNow(state=case.state, event=event)
    handed_down = case.is_delegated and event in DELEGATED and by.level is Level.STREET
    if by.level not in step.who and not handed_down:
        raise NotYourStep
    return step


def move(
    case: AssistanceCase,
    event: Event,
    *,
    by: Doer,
    now: datetime,
    note: str = "",
    **changes: Any,
) -> AssistanceCase:
    """Take a locked case along one row of the table: state, clocks, history, a word to whom it is.

    Raises:
        NotNow: it cannot follow where the case stands.
        NotYourStep: another office does it.
    """
    step = require_step(case, event, by)
    changed = AssistanceCase.objects.filter(pk=case.pk, state=step.source).update(
        state=step.target, changed_at=now, **changes
    )
    if not changed:
        raise NotNow(state=case.state, event=event)
    case.refresh_from_db()
    clocks.stop(case, step.stops, now=now)
    clocks.start(case, step.starts, now=now)
    line = note_event(case, event, source=step.source, by=by, now=now, note=note)
    if step.tells:
        tell_applicant(case, step.tells, run=f"event.{line.pk}", now=now)
    return case
