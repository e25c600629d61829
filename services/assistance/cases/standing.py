"""Where an application stands, in plain words, like a parcel on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from services.assistance.cases.machine import Clock, Event
from services.assistance.models import AssistanceCase
from services.assistance.models.cases import State

_STATIONS: Sequence[tuple[str | Promise, frozenset[str], frozenset[str]]] = (
    (_("Applied"), frozenset({Event.OPEN}), frozenset({State.INTAKE, State.INCOMPLETE})),
    (_("Accepted"), frozenset({Event.ACCEPT}), frozenset({State.CHECKING})),
    (_("Data checked"), frozenset({Event.RECORD_DATA}), frozenset({State.VISITING})),
    (_("Home visited"), frozenset({Event.FINISH_VISIT}), frozenset({State.OPINION})),
    (_("Shown publicly"), frozenset({Event.PROPOSE}), frozenset({State.NOTICE})),
    (
        _("Decided by the county"),
        frozenset({Event.CONFIRM}),
        frozenset({State.CONFIRMING, State.LETTER}),
    ),
    (
        _("Letter"),
        frozenset({Event.ISSUE_GRANT, Event.ISSUE_REFUSAL, Event.ISSUE_STOP}),
        frozenset(),
    ),
)
"""Each station of the way: its word, the events that reach it, the states in which it is last."""


@dataclass(frozen=True)
class Station:
    """One station: reached at a time, or still ahead."""

    word: str | Promise
    at: datetime | None


@dataclass(frozen=True)
class Standing:
    """A case for its applicant."""

    case: AssistanceCase
    sentence: str
    stations: list[Station]

    @property
    def is_over(self) -> bool:
        """Whether it is decided or withdrawn."""
        return self.case.is_closed


def standing_of(case: AssistanceCase) -> Standing:
    """Where a case stands."""
    reached: dict[str, datetime] = {}
    for line in case.events.all():
        reached[line.event] = line.at
    stations = [
        Station(word, max((reached[e] for e in events if e in reached), default=None))
        for word, events, _last in _STATIONS
    ]
    return Standing(case, sentence_of(case), stations)


_SENTENCES: dict[str, str | Promise] = {
    State.INTAKE: _("We look through the papers."),
    State.INCOMPLETE: _("Some papers are missing. They stand below; you are asked only once."),
    State.CHECKING: _("We check the data with other offices."),
    State.VISITING: _("Two of us visit you at home."),
    State.OPINION: _("We write our opinion."),
    State.NOTICE: _("Public notice until %(day)s."),
    State.CONFIRMING: _("The county decides."),
    State.LETTER: _("Decided. The letter is being written."),
    State.IN_FORCE: _("Granted, from %(day)s."),
    State.REVIEW: _("Granted, from %(day)s. We look at it again now."),
    State.REFUSED: _("Not granted. The letter says why and how to appeal."),
    State.STOPPED: _("Ended. The letter says why and how to appeal."),
    State.APPEAL: _("Your appeal is looked at."),
    State.WITHDRAWN: _("Withdrawn."),
}


def sentence_of(case: AssistanceCase) -> str:
    """What happens now, in one sentence."""
    is_shown = case.state == State.NOTICE
    day = _notice_until(case) if is_shown else _day(case.entitled_from)
    return str(_SENTENCES[case.state]) % {"day": day}


def _notice_until(case: AssistanceCase) -> str:
    clock = case.deadlines.filter(kind=Clock.NOTICE, stopped_at=None).first()
    return _day(clock.ends_on) if clock else ""


def _day(day: date | None) -> str:
    if day is None:
        return ""
    return date_format(day, pgettext("a date in this year, as Django's date format", "j F"))
