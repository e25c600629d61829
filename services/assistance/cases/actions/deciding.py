"""An opinion is written, shown publicly, confirmed by another person, and put into a letter."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from services.assistance.cases import clocks, verdicts
from services.assistance.cases.actions.moving import locked, move, require_step
from services.assistance.cases.doers import CLOCKWORK, Doer
from services.assistance.cases.errors import (
    ArticleNeeded,
    CountyVisitNeeded,
    NotNow,
    OwnEntry,
    ReasonNeeded,
)
from services.assistance.cases.grounds import articles_of
from services.assistance.cases.letters import write_letter
from services.assistance.cases.machine import Clock, Event
from services.assistance.cases.procedures import limit_of
from services.assistance.models import AssistanceCase, Letter, Opinion, PublicNotice

Kind = Opinion.Kind


@transaction.atomic
def propose(
    case: AssistanceCase,
    *,
    kind: str,
    household_size: int,
    amount_fen: int | None = None,
    grounds: Sequence[str] = (),
    note: str = "",
    by: Doer,
    now: datetime,
) -> Opinion:
    """Write the opinion of the street; a grant is shown publicly where the law says so.

    Raises:
        ArticleNeeded: a refusal, cut or stop without a ground.
        NotNow, NotYourStep: it cannot follow.
    """
    case = locked(case)
    event = _event_of(case, kind)
    require_step(case, event, by)
    articles = articles_of(grounds)
    if kind != Kind.GRANT and not articles:
        raise ArticleNeeded(fields={"grounds": ["needed"]})
    opinion = Opinion.objects.create(
        case=case,
        kind=kind,
        household_size=household_size,
        amount_fen=amount_fen,
        grounds=list(grounds),
        articles=articles,
        note=note,
        verdict=verdicts.kept_verdict_on(case, now=now),
        entered_by_id=case.opened_by_id,
        written_by_id=by.account,
        written_at=now,
    )
    case = move(case, event, by=by, now=now, note=note)
    if event is Event.PROPOSE:
        _show(case, opinion, now=now)
    return opinion


def _event_of(case: AssistanceCase, kind: str) -> Event:
    if kind in {Kind.CUT, Kind.STOP}:
        return Event.PROPOSE_CHANGE
    if kind == Kind.REFUSE:
        return Event.PROPOSE_REFUSAL
    is_published = limit_of(case.procedure, Clock.NOTICE) is not None
    return Event.PROPOSE if is_published else Event.PROPOSE_UNPUBLISHED


def _show(case: AssistanceCase, opinion: Opinion, *, now: datetime) -> None:
    clock = case.deadlines.get(kind=Clock.NOTICE, stopped_at=None)
    PublicNotice.objects.create(
        case=case,
        area=case.area,
        name=case.resident.name,
        household_size=opinion.household_size,
        amount_fen=opinion.amount_fen,
        starts_at=now,
        ends_at=clock.ends_at,
    )


@transaction.atomic
def end_notice(case: AssistanceCase, *, now: datetime) -> AssistanceCase:
    """Take a notice down whose days are over; the case is the county's then."""
    case = move(locked(case), Event.NOTICE_ENDS, by=CLOCKWORK, now=now)
    _take_down(case, now=now)
    return case


@transaction.atomic
def object_to_notice(case: AssistanceCase, *, note: str, by: Doer, now: datetime) -> AssistanceCase:
    """Somebody objects: the notice is taken down and the home is looked at again.

    Source: article 19; the longer limit of article 22 holds from then on.

    Raises:
        ReasonNeeded: nothing says what the objection is.
        NotNow, NotYourStep: it cannot follow.
    """
    if not note.strip():
        raise ReasonNeeded
    case = locked(case)
    require_step(case, Event.OBJECT, by)
    case.opinions.filter(outcome="").update(outcome=Opinion.Outcome.DROPPED)
    case = move(case, Event.OBJECT, by=by, now=now, note=note, is_special=True)
    _take_down(case, now=now)
    _lengthen(case, reason=note, by=by, now=now)
    return case


def _take_down(case: AssistanceCase, *, now: datetime) -> None:
    case.notices.filter(taken_down_at=None).update(taken_down_at=now)


def _lengthen(case: AssistanceCase, *, reason: str, by: Doer, now: datetime) -> None:
    whole = case.deadlines.filter(kind=Clock.WHOLE, stopped_at=None).first()
    limit = limit_of(case.procedure, Clock.WHOLE, is_special=True)
    if whole is not None and limit is not None and limit.days > whole.days:
        clocks.extend(whole, days=limit.days, reason=reason[:200], by=by, now=now)


@transaction.atomic
def confirm(case: AssistanceCase, *, note: str = "", by: Doer, now: datetime) -> AssistanceCase:
    """The county confirms the opinion; whoever entered or proposed the case cannot.

    Raises:
        OwnEntry: it is their own.
        CountyVisitNeeded: the family is related to staff and the county has not been there.
        NotNow, NotYourStep: it cannot follow.
    """
    case = locked(case)
    require_step(case, Event.CONFIRM, by)
    opinion = _opinion_before(case)
    needs_county = case.relative_of_staff and opinion.kind == Kind.GRANT
    if needs_county and not case.home_visits.filter(is_county=True, done_at__isnull=False).exists():
        raise CountyVisitNeeded
    _decide(opinion, Opinion.Outcome.CONFIRMED, by=by, now=now)
    return move(
        case,
        Event.CONFIRM,
        by=by,
        now=now,
        note=note,
        decided_at=now,
        **_effect(case, opinion, now),
    )


def _effect(case: AssistanceCase, opinion: Opinion, now: datetime) -> dict[str, object]:
    """What a decision changes: from the month after it. Source: article 21."""
    next_month = first_of_next_month(timezone.localdate(now))
    match opinion.kind:
        case Kind.GRANT:
            return {
                "household_size": opinion.household_size,
                "amount_fen": opinion.amount_fen,
                "entitled_from": next_month,
                "entitled_until": None,
            }
        case Kind.CUT:
            return {
                "household_size": opinion.household_size,
                "amount_fen": opinion.amount_fen,
                "entitled_from": case.entitled_from or next_month,
            }
        case Kind.STOP:
            return {"entitled_until": next_month - timedelta(days=1)}
    return {}


def first_of_next_month(day: date) -> date:
    """From when a decision of this day is paid."""
    return day.replace(day=1) + relativedelta(months=1)


@transaction.atomic
def return_case(case: AssistanceCase, *, note: str, by: Doer, now: datetime) -> AssistanceCase:
    """The county sends an opinion back with what is wrong.

    Raises:
        ReasonNeeded: it does not say what.
        OwnEntry: it is their own.
        NotNow, NotYourStep: it cannot follow.
    """
    if not note.strip():
        raise ReasonNeeded
    case = locked(case)
    require_step(case, Event.RETURN, by)
    opinion = _opinion_before(case)
    _decide(opinion, Opinion.Outcome.RETURNED, by=by, now=now)
    is_change = opinion.kind in {Kind.CUT, Kind.STOP}
    event = Event.RETURN_CHANGE if is_change else Event.RETURN
    return move(case, event, by=by, now=now, note=note)


def _opinion_before(case: AssistanceCase) -> Opinion:
    opinion = case.opinions.filter(outcome="").first()
    if opinion is None:
        raise NotNow(event=Event.CONFIRM)
    return opinion


def _decide(opinion: Opinion, outcome: Opinion.Outcome, *, by: Doer, now: datetime) -> None:
    """Decide on an opinion that is not one's own, by one guarded update."""
    decided = (
        Opinion.objects.filter(pk=opinion.pk, outcome="")
        .exclude(written_by=by.user_id)
        .exclude(entered_by=by.user_id)
        .update(outcome=outcome, confirmed_by=by.user_id, confirmed_at=now)
    )
    if not decided:
        raise OwnEntry


@transaction.atomic
def issue_letter(case: AssistanceCase, *, by: Doer, now: datetime) -> Letter:
    """Write the letter with its number and code; from now on the decision is known.

    Raises:
        NotNow, NotYourStep: it cannot follow.
    """
    case = locked(case)
    opinion = (
        case.opinions.filter(outcome=Opinion.Outcome.CONFIRMED, letter=None)
        .order_by("-confirmed_at")
        .first()
    )
    if opinion is None:
        raise NotNow(event="issue_letter")
    event = {
        Kind.REFUSE: Event.ISSUE_REFUSAL,
        Kind.STOP: Event.ISSUE_STOP,
    }.get(Kind(opinion.kind), Event.ISSUE_GRANT)
    require_step(case, event, by)
    letter = write_letter(case, opinion, issued_by=by, now=now)
    move(case, event, by=by, now=now, note=letter.number)
    return letter
