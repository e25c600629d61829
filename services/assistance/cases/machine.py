"""The life of a case as one table: from which state which event leads where, and whose it is."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from services.assistance.models.cases import State


class Level(StrEnum):
    """Who acts."""

    STREET = "street"
    COUNTY = "county"
    APPLICANT = "applicant"
    SYSTEM = "system"


OFFICE = frozenset({Level.STREET, Level.COUNTY})
COUNTY = frozenset({Level.COUNTY})
CITIZEN = frozenset({*OFFICE, Level.APPLICANT})
CLOCKWORK = frozenset({Level.SYSTEM})


class Clock(StrEnum):
    """What a deadline is for."""

    INVESTIGATION = "investigation"
    DATA_CHECK = "data_check"
    STREET = "street"
    NOTICE = "notice"
    CONFIRMATION = "confirmation"
    LETTER = "letter"
    WHOLE = "whole"
    REVIEW = "review"
    APPEAL = "appeal"


CLOCK_WORDS = {
    Clock.INVESTIGATION: _("start of the investigation"),
    Clock.DATA_CHECK: _("data check"),
    Clock.STREET: _("opinion of the street"),
    Clock.NOTICE: _("public notice"),
    Clock.CONFIRMATION: _("confirmation by the county"),
    Clock.LETTER: _("letter"),
    Clock.WHOLE: _("the whole case"),
    Clock.REVIEW: _("next review"),
    Clock.APPEAL: _("answer to the appeal"),
}

OF_THE_COUNTY = frozenset({Clock.DATA_CHECK, Clock.CONFIRMATION, Clock.LETTER, Clock.APPEAL})
"""Clocks that the county answers for; the street answers for all others."""


class Event(StrEnum):
    """What can happen with a case."""

    OPEN = "open"
    LIST_MISSING = "list_missing"
    ACCEPT = "accept"
    RECORD_DATA = "record_data"
    FINISH_VISIT = "finish_visit"
    PROPOSE = "propose"
    PROPOSE_UNPUBLISHED = "propose_unpublished"
    PROPOSE_REFUSAL = "propose_refusal"
    PROPOSE_CHANGE = "propose_change"
    OBJECT = "object"
    NOTICE_ENDS = "notice_ends"
    CONFIRM = "confirm"
    RETURN = "return"
    RETURN_CHANGE = "return_change"
    ISSUE_GRANT = "issue_grant"
    ISSUE_REFUSAL = "issue_refusal"
    ISSUE_STOP = "issue_stop"
    START_REVIEW = "start_review"
    KEEP = "keep"
    APPEAL = "appeal"
    UPHOLD_REFUSED = "uphold_refused"
    UPHOLD_STOPPED = "uphold_stopped"
    UPHOLD_GRANTED = "uphold_granted"
    SET_ASIDE = "set_aside"
    WITHDRAW = "withdraw"


EVENT_WORDS = {
    Event.OPEN: _("application entered"),
    Event.LIST_MISSING: _("told once what is missing"),
    Event.ACCEPT: _("application accepted"),
    Event.RECORD_DATA: _("data checked"),
    Event.FINISH_VISIT: _("home visited"),
    Event.PROPOSE: _("grant proposed"),
    Event.PROPOSE_UNPUBLISHED: _("grant proposed"),
    Event.PROPOSE_REFUSAL: _("refusal proposed"),
    Event.PROPOSE_CHANGE: _("change or stop proposed"),
    Event.OBJECT: _("objection to the notice"),
    Event.NOTICE_ENDS: _("notice over, taken down"),
    Event.CONFIRM: _("confirmed"),
    Event.RETURN: _("returned to the street"),
    Event.RETURN_CHANGE: _("returned to the street"),
    Event.ISSUE_GRANT: _("letter issued"),
    Event.ISSUE_REFUSAL: _("letter of refusal issued"),
    Event.ISSUE_STOP: _("letter on the end issued"),
    Event.START_REVIEW: _("review due"),
    Event.KEEP: _("review: stays as it is"),
    Event.APPEAL: _("appeal"),
    Event.UPHOLD_REFUSED: _("appeal decided: stays refused"),
    Event.UPHOLD_STOPPED: _("appeal decided: stays stopped"),
    Event.UPHOLD_GRANTED: _("appeal decided: stays as it is"),
    Event.SET_ASIDE: _("appeal decided: looked at anew"),
    Event.WITHDRAW: _("withdrawn"),
}


@dataclass(frozen=True)
class Step:
    """One row: the event leads from `source` to `target`; it stops and starts clocks."""

    source: State
    event: Event
    target: State
    who: frozenset[Level]
    starts: tuple[Clock, ...] = ()
    stops: tuple[Clock, ...] = ()
    tells: str = ""
    """The message to the applicant."""


_S, _E, _C = State, Event, Clock
_BEGUN = (_C.WHOLE, _C.STREET, _C.INVESTIGATION, _C.DATA_CHECK)
_GOING = (_C.INVESTIGATION, _C.DATA_CHECK, _C.STREET, _C.NOTICE, _C.CONFIRMATION, _C.WHOLE)

TABLE = (
    Step(_S.INTAKE, _E.LIST_MISSING, _S.INCOMPLETE, OFFICE, tells="case_missing"),
    Step(_S.INTAKE, _E.ACCEPT, _S.CHECKING, OFFICE, starts=_BEGUN, tells="case_accepted"),
    Step(_S.INCOMPLETE, _E.ACCEPT, _S.CHECKING, OFFICE, starts=_BEGUN, tells="case_accepted"),
    Step(
        _S.CHECKING,
        _E.RECORD_DATA,
        _S.VISITING,
        COUNTY,
        stops=(_C.DATA_CHECK, _C.INVESTIGATION),
        tells="case_checked",
    ),
    Step(_S.VISITING, _E.FINISH_VISIT, _S.OPINION, OFFICE, stops=(_C.INVESTIGATION,)),
    Step(
        _S.OPINION,
        _E.PROPOSE,
        _S.NOTICE,
        OFFICE,
        starts=(_C.NOTICE,),
        stops=(_C.STREET,),
        tells="case_notice",
    ),
    Step(
        _S.OPINION,
        _E.PROPOSE_UNPUBLISHED,
        _S.CONFIRMING,
        OFFICE,
        starts=(_C.CONFIRMATION,),
        stops=(_C.STREET,),
        tells="case_confirming",
    ),
    Step(
        _S.OPINION,
        _E.PROPOSE_REFUSAL,
        _S.CONFIRMING,
        OFFICE,
        starts=(_C.CONFIRMATION,),
        stops=(_C.STREET,),
        tells="case_confirming",
    ),
    Step(_S.NOTICE, _E.OBJECT, _S.VISITING, OFFICE, starts=(_C.STREET,), stops=(_C.NOTICE,)),
    Step(
        _S.NOTICE,
        _E.NOTICE_ENDS,
        _S.CONFIRMING,
        CLOCKWORK,
        starts=(_C.CONFIRMATION,),
        stops=(_C.NOTICE,),
        tells="case_confirming",
    ),
    Step(
        _S.CONFIRMING,
        _E.CONFIRM,
        _S.LETTER,
        COUNTY,
        starts=(_C.LETTER,),
        stops=(_C.CONFIRMATION, _C.WHOLE),
    ),
    Step(_S.CONFIRMING, _E.RETURN, _S.OPINION, COUNTY, stops=(_C.CONFIRMATION,)),
    Step(_S.CONFIRMING, _E.RETURN_CHANGE, _S.REVIEW, COUNTY, stops=(_C.CONFIRMATION,)),
    Step(
        _S.LETTER,
        _E.ISSUE_GRANT,
        _S.IN_FORCE,
        OFFICE,
        starts=(_C.REVIEW,),
        stops=(_C.LETTER, _C.REVIEW),
        tells="case_letter",
    ),
    Step(_S.LETTER, _E.ISSUE_REFUSAL, _S.REFUSED, OFFICE, stops=(_C.LETTER,), tells="case_letter"),
    Step(
        _S.LETTER,
        _E.ISSUE_STOP,
        _S.STOPPED,
        OFFICE,
        stops=(_C.LETTER, _C.REVIEW),
        tells="case_letter",
    ),
    Step(_S.IN_FORCE, _E.START_REVIEW, _S.REVIEW, CLOCKWORK, tells="case_review"),
    Step(
        _S.REVIEW,
        _E.KEEP,
        _S.IN_FORCE,
        OFFICE,
        starts=(_C.REVIEW,),
        stops=(_C.REVIEW,),
        tells="case_kept",
    ),
    Step(_S.REVIEW, _E.PROPOSE_CHANGE, _S.CONFIRMING, OFFICE, starts=(_C.CONFIRMATION,)),
    Step(_S.IN_FORCE, _E.PROPOSE_CHANGE, _S.CONFIRMING, OFFICE, starts=(_C.CONFIRMATION,)),
    Step(_S.REFUSED, _E.APPEAL, _S.APPEAL, CITIZEN, starts=(_C.APPEAL,), tells="case_appeal"),
    Step(_S.STOPPED, _E.APPEAL, _S.APPEAL, CITIZEN, starts=(_C.APPEAL,), tells="case_appeal"),
    Step(_S.IN_FORCE, _E.APPEAL, _S.APPEAL, CITIZEN, starts=(_C.APPEAL,), tells="case_appeal"),
    Step(
        _S.APPEAL,
        _E.UPHOLD_REFUSED,
        _S.REFUSED,
        COUNTY,
        stops=(_C.APPEAL,),
        tells="case_appeal_over",
    ),
    Step(
        _S.APPEAL,
        _E.UPHOLD_STOPPED,
        _S.STOPPED,
        COUNTY,
        stops=(_C.APPEAL,),
        tells="case_appeal_over",
    ),
    Step(
        _S.APPEAL,
        _E.UPHOLD_GRANTED,
        _S.IN_FORCE,
        COUNTY,
        stops=(_C.APPEAL,),
        tells="case_appeal_over",
    ),
    Step(
        _S.APPEAL,
        _E.SET_ASIDE,
        _S.CHECKING,
        COUNTY,
        starts=_BEGUN,
        stops=(_C.APPEAL, _C.REVIEW),
        tells="case_anew",
    ),
    *(
        Step(state, _E.WITHDRAW, _S.WITHDRAWN, CITIZEN, stops=_GOING, tells="case_withdrawn")
        for state in (
            _S.INTAKE,
            _S.INCOMPLETE,
            _S.CHECKING,
            _S.VISITING,
            _S.OPINION,
            _S.NOTICE,
        )
    ),
)

_BY_KEY = {(step.source, step.event): step for step in TABLE}


def step_for(state: str, event: Event) -> Step | None:
    """The row of an event in a state, or None: it cannot happen now."""
    return _BY_KEY.get((State(state), event))


def steps_from(state: str) -> list[Step]:
    """Everything that can happen in a state."""
    return [step for step in TABLE if step.source == state]
