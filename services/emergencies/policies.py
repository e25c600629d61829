"""The rules of emergencies: who is called when, how long is waited, who may do what."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from backend.accounts.access import Scope, fields, grant
from backend.accounts.actors import Actor
from backend.accounts.models import Role
from services.emergencies.errors import BadPolicy
from services.emergencies.models import EmergencyCall

_DESK = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA}
_SEES = {
    **_DESK,
    Role.OFFICER: Scope.AREA,
    Role.CAREGIVER: Scope.ASSIGNED,
    Role.FAMILY: Scope.HOUSEHOLD,
    Role.RESIDENT: Scope.SELF,
}
_GOES = {**_DESK, Role.CAREGIVER: Scope.ASSIGNED, Role.FAMILY: Scope.HOUSEHOLD}

ACCESS = [
    *grant("calls", "list read timeline", _SEES),
    *grant("calls", "accept on-the-way arrive hand-over", _GOES),
    *grant("calls", "decline", {Role.CAREGIVER: Scope.ASSIGNED, Role.FAMILY: Scope.HOUSEHOLD}),
    *grant("calls", "resolve", {**_DESK, Role.CAREGIVER: Scope.ASSIGNED}),
    *grant("calls", "reopen take spoken note call-back identify", _DESK),
    *grant("calls", "mistake", {Role.RESIDENT: Scope.SELF}),
    *grant("calls", "press", {Role.RESIDENT: Scope.SELF}),
    *grant(
        "escalation-policies",
        "read",
        {**_DESK, Role.OFFICER: Scope.AREA, Role.ADMINISTRATOR: Scope.AREA},
    ),
    *grant(
        "escalation-policies", "change", {Role.LEAD: Scope.AREA, Role.ADMINISTRATOR: Scope.AREA}
    ),
    *grant(
        "journal",
        "read",
        {
            **_DESK,
            Role.OFFICER: Scope.AREA,
            Role.CAREGIVER: Scope.ASSIGNED,
            Role.FAMILY: Scope.HOUSEHOLD,
            Role.RESIDENT: Scope.SELF,
        },
    ),
    *grant("desk", "read", {**_DESK, Role.OFFICER: Scope.AREA}),
    *grant(
        "desk-phone",
        "change",
        {Role.OPERATOR: Scope.SELF, Role.LEAD: Scope.SELF, Role.OFFICER: Scope.SELF},
    ),
    *grant("family-today", "read", {Role.FAMILY: Scope.HOUSEHOLD}),
    *grant("care", "read position", {Role.CAREGIVER: Scope.ASSIGNED}),
]

FIELDS = [
    *fields("calls", "list read timeline", "*"),
    *fields("escalation-policies", "read", "*"),
    *fields("journal", "read", "*"),
    *fields("family-today", "read", "*"),
    *fields("calls", "accept", "minutes responder"),
    *fields("calls", "on-the-way", "at minutes"),
    *fields("calls", "arrive", "at"),
    *fields("calls", "decline", "stay_informed"),
    *fields("calls", "hand-over", "to"),
    *fields("calls", "identify", "resident"),
    *fields("calls", "note", "text"),
    *fields("calls", "resolve", "at note outcome"),
    *fields("escalation-policies", "change", "steps arrive_within_min"),
]


def shown_of_people(actor: Actor) -> frozenset[str]:
    """Which fields of a resident, their home and their contacts a page shows this actor."""
    contacts = {f"contacts.{name}" for name in actor.reads("contacts")}
    return actor.reads("residents") | actor.reads("households") | contacts


def has_moved_away(call: EmergencyCall, actor: Actor) -> bool:
    """Whether a call is over, and its resident lives outside of the actor's area by now.

    What happened stays with the old area, who they are has gone with them.
    """
    is_over = call.state == EmergencyCall.State.RESOLVED
    if not is_over or call.resident is None or actor.scope("calls", "read") is not Scope.AREA:
        return False
    return not call.resident.area.path.startswith(actor.area_path)


class Target(StrEnum):
    """Whom a step calls."""

    OPERATORS = "operators"
    RESIDENT = "resident"
    FIRST_CONTACT = "first_contact"
    NEXT_CONTACTS = "next_contacts"
    NEAREST_CAREGIVER = "nearest_caregiver"
    NEXT_CAREGIVERS = "next_caregivers"
    GRID_WORKER = "grid_worker"
    DUTY_LEAD = "duty_lead"


CHANNELS = frozenset({"screen", "voice", "sms", "app"})

DEFAULT_STEPS: list[dict[str, Any]] = [
    {"to": ["operators", "resident"], "wait_s": 0, "channels": ["screen", "voice"]},
    {
        "to": ["first_contact", "nearest_caregiver"],
        "wait_s": 30,
        "channels": ["voice", "app"],
        "unless_spoken": True,
    },
    {
        "to": ["next_contacts", "next_caregivers"],
        "wait_s": 90,
        "channels": ["voice", "sms", "app"],
    },
    {"to": ["grid_worker", "duty_lead"], "wait_s": 180, "channels": ["voice", "sms", "app"]},
]
"""Source: issue of the lifeline; answer within 60 s as EN 50134 services do (97.5 %)."""

UNVERIFIED_STEPS: list[dict[str, Any]] = [
    {"to": ["operators"], "wait_s": 0, "channels": ["screen"]},
    {"to": ["duty_lead"], "wait_s": 60, "channels": ["voice"]},
]
SERVICE_STEPS: list[dict[str, Any]] = [
    {"to": ["operators"], "wait_s": 0, "channels": ["screen"]},
    {"to": ["duty_lead"], "wait_s": 1800, "channels": ["sms"]},
]

AT_ONCE = frozenset({"smoke", "gas", "fall"})
"""Dangers in which contacts and caregivers are called without the first wait."""

DEFAULT_ARRIVE_WITHIN_MIN = 30
ROUND_GAP = timedelta(seconds=60)
"""From the last step of a round to the first of the next."""
SERVICE_ROUND_GAP = timedelta(minutes=30)
ON_THE_WAY_WITHIN = timedelta(minutes=3)
"""DESIGN, invariant 4."""
ARRIVAL_GRACE = timedelta(minutes=2)
SPOKEN_HOLDS = timedelta(seconds=60)
"""How long talking with the resident keeps an `unless_spoken` step back."""
TAKE_WITHIN = timedelta(seconds=15)
"""DESIGN, invariant 10: an untaken call rings the duty phones."""
DUTY_AGAIN = timedelta(seconds=60)
UNWATCHED_AFTER = timedelta(seconds=60)
UNWATCHED_AGAIN = timedelta(minutes=10)
ARRIVAL_HOLDS = timedelta(hours=1)
"""Our choice: a press later than this after an arrival is taken for a new need."""
CLOSE_WITHIN = ARRIVAL_HOLDS
"""Our choice: so long after an arrival a press still belongs to the call; from then on whoever is
there is asked whether it is over. No sensor and no clock closes it, only a person."""
CLOSE_AGAIN = timedelta(minutes=30)
"""Our choice: a person who has forgotten it is reminded within a visit, one who helps is not
disturbed every few minutes."""
PRESS_PULLS_AGAIN = timedelta(seconds=10)
"""A stuck button pulls the next step forward at most this often."""
NEXT_CAREGIVERS = 3

DANGER = {"smoke": 0, "gas": 0, "fall": 1, "sos": 1}
"""Order on the board; smaller is more dangerous, what is not named comes last."""
UNNAMED_DANGER = 2


def danger_of(call: EmergencyCall) -> int:
    """Rank of a call on the board, 0 first."""
    if call.kind != EmergencyCall.Kind.EMERGENCY:
        return 4
    return DANGER.get(call.source_metric, UNNAMED_DANGER) if call.verified else 3


def is_worse(metric: str, *, than: str) -> bool:
    """Whether a danger stands before another on the board."""
    return DANGER.get(metric, UNNAMED_DANGER) < DANGER.get(than, UNNAMED_DANGER)


def checked_steps(steps: object) -> list[dict[str, Any]]:
    """Steps as given through the API, in their stored form.

    Raises:
        BadPolicy: empty, an unknown target or channel, waits that go backward, or nobody who
            could come.
    """
    if not isinstance(steps, list) or not steps:
        raise BadPolicy(why="steps")
    checked = [_checked_step(step) for step in steps]
    waits = [step["wait_s"] for step in checked]
    if waits != sorted(waits):
        raise BadPolicy(why="wait_s")
    return checked


def _checked_step(step: object) -> dict[str, Any]:
    if not isinstance(step, Mapping):
        raise BadPolicy(why="steps")
    to = step.get("to")
    targets = [to] if isinstance(to, str) else to
    if not isinstance(targets, list) or not targets or not set(targets) <= set(Target):
        raise BadPolicy(why="to")
    wait_s = step.get("wait_s", 0)
    if isinstance(wait_s, bool) or not isinstance(wait_s, int | float) or not 0 <= wait_s <= 3600:
        raise BadPolicy(why="wait_s")
    channels = step.get("channels", ["screen", "voice", "app"])
    if not isinstance(channels, list) or not channels or not set(channels) <= CHANNELS:
        raise BadPolicy(why="channels")
    unless_spoken = bool(step.get("unless_spoken", False))
    return {
        "to": [str(target) for target in targets],
        "wait_s": wait_s,
        "channels": [str(channel) for channel in channels],
        "unless_spoken": unless_spoken,
    }
