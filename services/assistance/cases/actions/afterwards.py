"""After the decision: reviews, appeals, withdrawing."""

from datetime import datetime

from django.db import transaction

from services.assistance.cases.actions.moving import locked, move, require_step
from services.assistance.cases.doers import CLOCKWORK, Doer
from services.assistance.cases.errors import ReasonNeeded
from services.assistance.cases.machine import Event, step_for
from services.assistance.models import AssistanceCase, Opinion
from services.assistance.models.cases import State

_UPHELD = {
    State.REFUSED: Event.UPHOLD_REFUSED,
    State.STOPPED: Event.UPHOLD_STOPPED,
    State.IN_FORCE: Event.UPHOLD_GRANTED,
}


@transaction.atomic
def open_review(case: AssistanceCase, *, now: datetime) -> bool:
    """Begin a review that is due; False where the case stands elsewhere just now."""
    case = locked(case)
    if step_for(case.state, Event.START_REVIEW) is None:
        return False
    move(case, Event.START_REVIEW, by=CLOCKWORK, now=now)
    return True


@transaction.atomic
def keep(case: AssistanceCase, *, note: str = "", by: Doer, now: datetime) -> AssistanceCase:
    """The review found nothing to change; the next one is counted from today."""
    return move(locked(case), Event.KEEP, by=by, now=now, note=note)


@transaction.atomic
def appeal(case: AssistanceCase, *, note: str, by: Doer, now: datetime) -> AssistanceCase:
    """Record an appeal against a decision. Source: article 38.

    Raises:
        ReasonNeeded: it does not say against what.
        NotNow: nothing is decided.
    """
    if not note.strip():
        raise ReasonNeeded
    case = locked(case)
    return move(case, Event.APPEAL, by=by, now=now, note=note, state_before_appeal=case.state)


@transaction.atomic
def decide_appeal(
    case: AssistanceCase, *, is_upheld: bool, note: str, by: Doer, now: datetime
) -> AssistanceCase:
    """The decision stands, or the case is looked at anew.

    Raises:
        ReasonNeeded: it does not say why.
        NotNow, NotYourStep: it cannot follow.
    """
    if not note.strip():
        raise ReasonNeeded
    case = locked(case)
    require_step(case, Event.SET_ASIDE, by)
    event = Event.SET_ASIDE
    if is_upheld:
        event = _UPHELD[State(case.state_before_appeal)]
    return move(case, event, by=by, now=now, note=note, state_before_appeal="")


@transaction.atomic
def withdraw(case: AssistanceCase, *, note: str = "", by: Doer, now: datetime) -> AssistanceCase:
    """The applicant takes the application back before it is decided."""
    case = locked(case)
    require_step(case, Event.WITHDRAW, by)
    case.opinions.filter(outcome="").update(outcome=Opinion.Outcome.DROPPED)
    case = move(case, Event.WITHDRAW, by=by, now=now, note=note)
    case.notices.filter(taken_down_at=None).update(taken_down_at=now)
    return case
