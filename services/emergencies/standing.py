"""How a call stands, in plain words for those who are not staff: resident, family, stranger."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from services.emergencies import policies
from services.emergencies.models import EmergencyCall

State = EmergencyCall.State
Outcome = EmergencyCall.Outcome
Words = Mapping[str, Promise]


class Stage(StrEnum):
    """How far help has come."""

    HEARD = "heard"
    LOOKING = "looking"
    STILL_LOOKING = "still_looking"
    COMING = "coming"
    ON_THE_WAY = "on_the_way"
    THERE = "there"
    OVER = "over"


@dataclass(frozen=True)
class Step:
    """Something that has happened, and when."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Standing:
    """What somebody is told: the one sentence, what comes next, and what has happened."""

    stage: Stage
    headline: str
    detail: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Listener:
    """The words for one kind of listener."""

    by_stage: Words
    over: Words
    heard: Promise
    """What comes after being heard, as long as no operator has taken the call."""
    afterwards: Promise | str = ""


_STAGES = {
    State.ACCEPTED: Stage.COMING,
    State.ON_THE_WAY: Stage.ON_THE_WAY,
    State.ARRIVED: Stage.THERE,
    State.RESOLVED: Stage.OVER,
}
_RESIDENT = Listener(
    by_stage={
        Stage.HEARD: _("We have your call."),
        Stage.LOOKING: _("We are looking for somebody who can come to you."),
        Stage.STILL_LOOKING: _("We are still calling people for you."),
        Stage.COMING: _("%(responder)s is coming to you."),
        Stage.ON_THE_WAY: _("%(responder)s is on the way to you."),
        Stage.THERE: _("%(responder)s is with you."),
    },
    over={
        Outcome.HELPED: _("Your call is over. You were helped."),
        Outcome.HOSPITAL: _("Your call is over. You are being taken to hospital."),
        Outcome.FALSE_ALARM: _("Your call is over. It was a mistake, and that is no trouble."),
        Outcome.DUPLICATE: _("Your call is over. It is being looked after already."),
        Outcome.DRILL: _("Your call is over. It was a drill."),
    },
    heard=_("The care centre will ring you at once."),
    afterwards=_("If you need us again, press the red button again."),
)
_STRANGER = Listener(
    by_stage={
        **_RESIDENT.by_stage,
        Stage.COMING: _("Somebody is coming to you."),
        Stage.ON_THE_WAY: _("Somebody is on the way to you."),
        Stage.THERE: _("Somebody is with you."),
    },
    over=_RESIDENT.over,
    heard=_("The care centre is looking at it now."),
    afterwards=_RESIDENT.afterwards,
)
_FAMILY = Listener(
    by_stage={
        Stage.HEARD: _("The care centre has the call of %(who)s."),
        Stage.LOOKING: _("We are looking for somebody who can go to %(who)s."),
        Stage.STILL_LOOKING: _("We are still calling people for %(who)s."),
        Stage.COMING: _("%(responder)s is going to %(who)s."),
        Stage.ON_THE_WAY: _("%(responder)s is on the way to %(who)s."),
        Stage.THERE: _("%(responder)s is with %(who)s."),
    },
    over={
        Outcome.HELPED: _("The call of %(who)s is over. Help was given."),
        Outcome.HOSPITAL: _("%(who)s is being taken to hospital. The care centre will call you."),
        Outcome.FALSE_ALARM: _("The call of %(who)s was a mistake. Everything is well."),
        Outcome.DUPLICATE: _("The call of %(who)s is looked after already."),
        Outcome.DRILL: _("The call of %(who)s was a drill. Everything is well."),
    },
    heard=_("The care centre will ring %(who)s at once."),
)
_RESPONDER = Listener(
    by_stage={
        **_FAMILY.by_stage,
        Stage.COMING: _("You are going to %(who)s."),
        Stage.ON_THE_WAY: _("You are on the way to %(who)s."),
        Stage.THERE: _("You are with %(who)s."),
    },
    over=_FAMILY.over,
    heard=_FAMILY.heard,
)


def stage_of(call: EmergencyCall) -> Stage:
    """How far help has come; one's own people are asked from the second step on."""
    if call.state != State.RINGING:
        return _STAGES[State(call.state)]
    if call.round > 1:
        return Stage.STILL_LOOKING
    return Stage.LOOKING if call.step > 1 else Stage.HEARD


def to_resident(call: EmergencyCall, *, now: datetime) -> Standing:
    """What the resident is told of their own call."""
    return _standing(call, _RESIDENT, now=now, steps=tuple(_steps(call)))


def to_stranger(call: EmergencyCall, *, now: datetime) -> Standing:
    """What somebody unknown is told of the call they made: no names."""
    return _standing(call, _STRANGER, now=now)


def to_stranger_again(call: EmergencyCall) -> Standing:
    """What whoever pressed on a call that was open already is told: it may be somebody else's."""
    if call.state == State.RESOLVED:
        return Standing(Stage.OVER, gettext("The care centre has seen to your call."), "")
    return Standing(Stage.HEARD, str(_STRANGER.by_stage[Stage.HEARD]), str(_STRANGER.heard))


def to_family(
    call: EmergencyCall, *, who: str, now: datetime, is_responder: bool = False
) -> Standing:
    """What a contact is told; `is_responder`: it is they who go."""
    listener = _RESPONDER if is_responder else _FAMILY
    return _standing(call, listener, now=now, who=who, steps=tuple(_steps(call)))


def _standing(
    call: EmergencyCall,
    listener: Listener,
    *,
    now: datetime,
    who: str = "",
    steps: tuple[Step, ...] = (),
) -> Standing:
    stage = stage_of(call)
    names = {"who": who, "responder": call.accepted_by_name}
    if stage is Stage.OVER:
        headline = listener.over[call.outcome or Outcome.HELPED]
    else:
        headline = listener.by_stage[stage]
    return Standing(stage, str(headline) % names, _detail(call, stage, listener, names, now), steps)


def _detail(
    call: EmergencyCall, stage: Stage, listener: Listener, names: dict[str, str], now: datetime
) -> str:
    match stage:
        case Stage.HEARD if call.handled_by:
            return gettext("The care centre is looking after it.")
        case Stage.HEARD:
            return str(listener.heard) % names
        case Stage.LOOKING | Stage.STILL_LOOKING:
            return gettext("We do not stop until somebody comes.")
        case Stage.COMING | Stage.ON_THE_WAY:
            return _arrival(call, now)
        case Stage.OVER:
            return str(listener.afterwards)
    return ""


def _arrival(call: EmergencyCall, now: datetime) -> str:
    """When somebody will be there, as they said; not said, the limit by which they must be."""
    if call.expected_at is None:
        return ""
    minutes = ceil((call.expected_at - now).total_seconds() / 60)
    if minutes < 1:
        return gettext("It can only be moments now.")
    clock = {"minutes": minutes, "time": f"{timezone.localtime(call.expected_at):%H:%M}"}
    if _is_limit(call):
        return gettext("By %(time)s at the latest.") % clock
    return (
        ngettext(
            "In about %(minutes)s minute, at %(time)s.",
            "In about %(minutes)s minutes, at %(time)s.",
            minutes,
        )
        % clock
    )


def _is_limit(call: EmergencyCall) -> bool:
    limit_min = call.policy.get("arrive_within_min", policies.DEFAULT_ARRIVE_WITHIN_MIN)
    accepted_at, expected_at = call.accepted_at, call.expected_at
    return (
        accepted_at is not None
        and expected_at is not None
        and expected_at - accepted_at == timedelta(minutes=limit_min)
    )


def _steps(call: EmergencyCall) -> Iterator[Step]:
    """What has happened, in the order it happens; nothing is told of other people's refusals."""
    names = {"operator": call.handled_by_name, "responder": call.accepted_by_name}
    happened = [
        (call.opened_at, gettext("Help was called for.")),
        (call.handled_at, gettext("%(operator)s at the care centre has the call.")),
        (call.spoken_at, gettext("The care centre has spoken on the telephone.")),
        (call.accepted_at, gettext("%(responder)s says: I am going.")),
        (call.on_the_way_at, gettext("%(responder)s has set out.")),
        (call.arrived_at, gettext("%(responder)s is there.")),
        (call.resolved_at, gettext("The call is over.")),
    ]
    known = [(at, text) for at, text in happened if at is not None]
    for at, text in sorted(known, key=lambda each: each[0]):
        yield Step(at, text % names)
