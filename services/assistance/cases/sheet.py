"""Everything about one case on one page, and the one obvious next thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms as django_forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from services.assistance.cases import climbing, forms, grounds, verdicts, workdays
from services.assistance.cases.actions import missing_papers
from services.assistance.cases.actions.moving import DELEGATED
from services.assistance.cases.doers import Doer, doer_of
from services.assistance.cases.machine import (
    CLOCK_WORDS,
    EVENT_WORDS,
    Clock,
    Event,
    Level,
    steps_from,
)
from services.assistance.cases.procedures import PAPERS, limit_of
from services.assistance.cases.verdicts import Verdict
from services.assistance.cases.workdays import Workdays
from services.assistance.models import (
    AssistanceCase,
    CaseEvent,
    Deadline,
    HomeVisit,
    Opinion,
)

_OTHER_WORDS: dict[str, str | Promise] = {
    "visit_planned": _("home visit planned"),
    "county_visited": _("home visited by the county"),
    "clock_paused": _("clock paused"),
    "clock_resumed": _("clock goes on"),
    "clock_extended": _("limit extended"),
}


@dataclass(frozen=True)
class ClockLine:
    """A clock as the page shows it."""

    deadline: Deadline
    today: date
    now: datetime
    days: Workdays
    longest: int | None = None
    """To how many days it may be extended."""

    @property
    def word(self) -> str | Promise:
        """What it is for."""
        return CLOCK_WORDS[Clock(self.deadline.kind)]

    @property
    def left(self) -> int:
        """Days left after today."""
        if self.deadline.paused_at:
            return self.deadline.days_left
        return self.days.left(self.today, self.deadline.ends_on, self.deadline.unit)

    @property
    def is_overdue(self) -> bool:
        """Whether its last day is over."""
        return self.deadline.paused_at is None and self.deadline.ends_at <= self.now

    @property
    def status(self) -> str:
        """Kind of its status for the design system."""
        if self.deadline.paused_at:
            return "unknown"
        if self.is_overdue:
            return "overdue"
        return "waiting" if self.left <= 1 else "underway"

    @property
    def is_final(self) -> bool:
        """Whether all days up to its last one are announced."""
        return self.days.is_known(self.deadline.ends_on)

    @property
    def next_rung(self) -> str | Promise:
        """To whom it climbs next, or would."""
        return climbing.RUNG_WORDS[climbing.next_rung(self.deadline)]


@dataclass(frozen=True)
class TimelineLine:
    """A line of the history."""

    event: CaseEvent

    @property
    def word(self) -> str | Promise:
        """What happened."""
        name = self.event.event
        return EVENT_WORDS[Event(name)] if name in set(Event) else _OTHER_WORDS.get(name, name)


@dataclass(frozen=True)
class Paper:
    """A line of the checklist."""

    kind: str
    is_fetched: bool
    received_at: datetime | None

    @property
    def word(self) -> str | Promise:
        """Its name."""
        return PAPERS.get(self.kind, self.kind)


@dataclass(frozen=True)
class Sheet:
    """One case for one officer."""

    case: AssistanceCase
    actor: Actor
    now: datetime
    problem: str = ""
    bound: Mapping[str, django_forms.Form] = field(default_factory=dict)
    """Forms that were sent and cannot be used, by the name of their act."""

    @property
    def today(self) -> date:
        """The day here."""
        return timezone.localdate(self.now)

    @cached_property
    def doer(self) -> Doer:
        """The officer with their office."""
        return doer_of(self.actor)

    @cached_property
    def may(self) -> set[str]:
        """Events that this officer may bring about now."""
        return {
            step.event.value
            for step in steps_from(self.case.state)
            if self.doer.level in step.who
            or (
                self.case.is_delegated
                and step.event in DELEGATED
                and self.doer.level is Level.STREET
            )
        }

    @property
    def waits_for_county(self) -> bool:
        """Whether the next step is the county's and this officer is not."""
        steps = [s for s in steps_from(self.case.state) if s.event is not Event.WITHDRAW]
        return bool(steps) and not any(step.event in self.may for step in steps)

    @cached_property
    def is_own(self) -> bool:
        """Whether this officer entered or proposed what is to be confirmed."""
        opinion = self.opinion
        return opinion is not None and self.actor.user_id in {
            opinion.written_by_id,
            opinion.entered_by_id,
        }

    @cached_property
    def papers(self) -> list[Paper]:
        """The checklist."""
        rows = self.case.documents.all()
        return [Paper(row.kind, row.is_fetched, row.received_at) for row in rows]

    @cached_property
    def missing(self) -> list[str | Promise]:
        """Names of what the applicant must still bring."""
        return [PAPERS.get(row.kind, row.kind) for row in missing_papers(self.case)]

    @cached_property
    def clocks(self) -> list[ClockLine]:
        """Clocks that run or stand still, the first to end first."""
        days = workdays.current()
        rows = self.case.deadlines.filter(stopped_at=None).order_by("ends_at", "pk")
        return [ClockLine(row, self.today, self.now, days, self._longest(row)) for row in rows]

    def _longest(self, deadline: Deadline) -> int | None:
        limit = limit_of(self.case.procedure, deadline.kind, is_special=True)
        return limit.days if limit and limit.days > deadline.days else None

    @property
    def first_clock(self) -> ClockLine | None:
        """The clock that ends first of those that run."""
        running = [each for each in self.clocks if not each.deadline.paused_at]
        return running[0] if running else None

    @cached_property
    def timeline(self) -> list[TimelineLine]:
        """The history, the newest first."""
        return [TimelineLine(event) for event in self.case.events.order_by("-at", "-pk")]

    @cached_property
    def opinions(self) -> list[Opinion]:
        """All opinions, the newest first."""
        rows = self.case.opinions.select_related("written_by", "confirmed_by")
        return list(rows.order_by("-written_at", "-pk"))

    @cached_property
    def opinion(self) -> Opinion | None:
        """The opinion that is to be decided on."""
        return next((each for each in self.opinions if not each.outcome), None)

    @property
    def grounds(self) -> list[grounds.Ground]:
        """Grounds of that opinion."""
        return grounds.named(self.opinion.grounds) if self.opinion else []

    @cached_property
    def verdict(self) -> Verdict:
        """What the rules say today."""
        return verdicts.verdict_on(self.case, self.today)

    @cached_property
    def visits(self) -> list[HomeVisit]:
        """Home visits, with those who make them."""
        return list(self.case.home_visits.prefetch_related("staff__user"))

    @property
    def open_visit(self) -> HomeVisit | None:
        """The visit that is planned and not done."""
        return next((each for each in self.visits if each.done_at is None), None)

    @property
    def needs_county_visit(self) -> bool:
        """Whether the county must see the home before it decides."""
        seen = any(each.is_county and each.done_at for each in self.visits)
        grants = self.opinion is not None and self.opinion.kind == Opinion.Kind.GRANT
        return bool(self.case.relative_of_staff) and grants and not seen

    def form(self, name: str) -> django_forms.Form:
        """The form of an act: as it was sent, or empty."""
        return self.bound.get(name) or _empty(name, self.case, self.now)

    @cached_property
    def forms(self) -> dict[str, django_forms.Form]:
        """All forms of the page by the name of their act."""
        return {name: self.form(name) for name in _FORMS}


_FORMS: dict[str, Any] = {
    "record-data": forms.DataForm,
    "plan-visit": forms.PlanVisitForm,
    "propose": forms.ProposeForm,
    "object": forms.ReasonForm,
    "confirm": forms.NoteForm,
    "send-back": forms.ReasonForm,
    "keep": forms.NoteForm,
    "appeal": forms.ReasonForm,
    "decide-appeal": forms.AppealDecisionForm,
    "note": forms.ReasonForm,
    "withdraw": forms.NoteForm,
}
_OF_A_CASE = ("plan-visit", "propose")


def _empty(name: str, case: AssistanceCase, now: datetime) -> django_forms.Form:
    options: dict[str, Any] = {"auto_id": f"{name}-%s"}
    if name in _OF_A_CASE:
        options["case"] = case
    if name == "plan-visit":
        start = timezone.localtime(now).strftime("%Y-%m-%dT%H:%M")
        options["initial"] = {"planned_at": start}
    made: django_forms.Form = _FORMS[name](**options)
    return made


def sent_form(name: str, case: AssistanceCase, data: Any) -> django_forms.Form:
    """The form of an act as it was sent."""
    options: dict[str, Any] = {"auto_id": f"{name}-%s"}
    if name in _OF_A_CASE:
        options["case"] = case
    made: django_forms.Form = _FORMS[name](data, **options)
    return made
