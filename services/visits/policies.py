"""The rules of visits: how far ahead, when late, how near is there, who may do what."""

from datetime import datetime, timedelta

from backend.accounts import window
from backend.accounts.access import Scope, fields, grant
from backend.accounts.limits import Limit
from backend.accounts.models import Role
from backend.core.errors import NotAllowed
from services.visits.models import CarePlan, Visit

HORIZON_DAYS = 28
"""Visits are there four weeks ahead, as the multi-week rotas of comparable products."""
LATE_AFTER = timedelta(minutes=15)
"""Source: alerts of late visits in AlayaCare and Birdie; NICE QS123, statement 2."""
MISSED_AFTER = timedelta(minutes=60)
"""Source: NICE QS123, statement 2: missed visits are counted; an hour is our choice."""
UNSTAFFED_BEFORE = timedelta(hours=2)
"""How long before its window a visit that too few go to is an alert; our choice: time enough to
find somebody within the same half of the day."""
ACTS_TAKEN_FOR = timedelta(days=7)
"""So long after a visit a telephone that had no network may still send what was done.
Source: DESIGN, invariant 7, the time that the ledger of messages is kept."""
FENCE_M = 200
"""Source: Birdie, "check in within 200 m of the home"; a home may have its own."""
ACCURACY_MAX_M = 1_000.0
"""A fix that is no better says nothing of where somebody is. Source: AlayaCare marks check-ins
beyond 1,000 m."""
DAYS_AHEAD = 7
"""What a caregiver's telephone holds: today and seven days."""
THROUGH_MIDNIGHT = timedelta(hours=12)
"""So long after its beginning a visit of yesterday that is not over stays with its carer; our
choice: no visit is longer than ten hours."""
CODE_HOLDS = timedelta(minutes=30)
"""How long a code that the resident was given opens a check-in."""
CHECKS = Limit("visit checks", 240, CODE_HOLDS)
"""Of one caregiver: a telephone that was offline for a day sends some forty, a few times over; who
guesses at a code of six digits has a chance of one in two thousand."""
CLOCK_AHEAD_MAX = timedelta(minutes=5)
"""A telephone that is further ahead is taken to mean now."""

_BOARD = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_PLANS = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA}
_GOES = {Role.CAREGIVER: Scope.ASSIGNED}
_OWN = {Role.FAMILY: Scope.HOUSEHOLD, Role.RESIDENT: Scope.SELF}
_ACT = "key at"
_FIX = "lat lon accuracy_m datum"
_PLAN = (
    "service tasks instructions duration_min skills carers_needed rule except_on at window_min "
    "zone starts_on ends_on priority preferred refused version"
)

ACCESS = [
    *grant("visits", "list read", {**_BOARD, **_GOES, **_OWN}),
    *grant("visits", "check-in check-out tasks turn-down not-met door", _GOES),
    *grant("visits", "note", {**_PLANS, **_GOES}),
    *grant("visits", "assign move cancel fence leave", _PLANS),
    *grant("visits", "wish", _OWN),
    *grant("visit-requests", "list read", {**_BOARD, **_OWN}),
    *grant("visit-requests", "create withdraw", _OWN),
    *grant("visit-requests", "agree decline", _PLANS),
    *grant("visits", "code", {**_PLANS, Role.RESIDENT: Scope.SELF}),
    *grant("visits", "text-day", _PLANS),
    *grant("visits", "board", _BOARD),
    *grant("care-plans", "list read", {**_BOARD, **_OWN}),
    *grant("care-plans", "create change end", _PLANS),
    *grant("absences", "list read", {**_BOARD, Role.CAREGIVER: Scope.SELF}),
    *grant("absences", "create cancel", {**_PLANS, Role.CAREGIVER: Scope.SELF}),
    *grant("day-plans", "propose accept", _PLANS),
    *grant("my-day", "read", _GOES),
    *grant("my-visits", "read", {Role.RESIDENT: Scope.SELF}),
    *grant("family-visits", "read", {Role.FAMILY: Scope.HOUSEHOLD}),
]

_VISIT = (
    "id plan resident resident_name area service tasks duration_min carers_needed day "
    "window_starts_at window_ends_at planned_at state carers late_since missed_at started_at "
    "ended_at cancel_reason wish drill"
)
_VISIT_PLANNED = "skills priority unserved touched_by_person"
"""What planning goes by; who is visited, and their family, hear when somebody comes."""

FIELDS = [
    *fields(
        "visits",
        "list read",
        {
            **dict.fromkeys(Role, f"{_VISIT} {_VISIT_PLANNED}"),
            Role.RESIDENT: _VISIT,
            Role.FAMILY: _VISIT,
        },
    ),
    *fields("visits", "code", "code"),
    *fields("visit-requests", "list read", "*"),
    *fields("care-plans", "list read", "*"),
    *fields("absences", "list read", "*"),
    *fields("my-day", "read", "*"),
    *fields("visits", "check-in check-out", f"{_ACT} offline method reason code {_FIX}"),
    *fields("visits", "tasks", f"{_ACT} task outcome reason"),
    *fields("visits", "note not-met", f"{_ACT} text"),
    *fields("visits", "turn-down", f"{_ACT} reason"),
    *fields("visits", "door", _ACT),
    *fields("visits", "assign", "caregivers planned_at"),
    *fields("visits", "move", "starts_at ends_at"),
    *fields("visits", "cancel", "reason"),
    *fields("visits", "fence", "radius_m reason"),
    *fields("visits", "wish", "wish"),
    *fields("visit-requests", "create", "resident service wish"),
    *fields("visit-requests", "agree", "starts_at duration_min"),
    *fields("visit-requests", "decline", "answer"),
    *fields("care-plans", "create", f"resident {_PLAN}"),
    *fields("care-plans", "change", _PLAN),
    *fields("care-plans", "end", "on reason"),
    *fields("absences", "create", "caregiver starts_at ends_at reason"),
]


def late_at(visit: Visit) -> datetime:
    """When a visit that has not begun is late."""
    return visit.expected_at + LATE_AFTER


def missed_at(visit: Visit) -> datetime:
    """When a visit that has not begun is missed: never before its window ends."""
    return max(visit.expected_at + MISSED_AFTER, visit.window_ends_at)


def unstaffed_at(visit: Visit) -> datetime:
    """When it is an alert that too few go."""
    return visit.window_starts_at - UNSTAFFED_BEFORE


def due_at(visit: Visit) -> datetime | None:
    """When the clock of a visit says something next."""
    if visit.state not in Visit.OPEN:
        return None
    if visit.state == Visit.State.PLANNED and visit.unstaffed_since is None:
        return unstaffed_at(visit)
    if visit.late_since is None:
        return late_at(visit)
    return missed_at(visit)


def is_about(visit: Visit, now: datetime) -> bool:
    """Whether it is the time around a visit: from an hour before until it would be missed."""
    return visit.window_starts_at - window.BEFORE <= now < missed_at(visit)


def fits(visit: Visit | CarePlan, skills: list[str]) -> bool:
    """Whether somebody with these skills may be sent."""
    return set(visit.skills) <= set(skills)


def require_own_caregiver(own: object, meant: object) -> None:
    """Allow what a caregiver does for themselves.

    Raises:
        NotAllowed: it is somebody else's.
    """
    if own is None or own != meant:
        raise NotAllowed
