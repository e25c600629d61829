"""Who may see and handle alerts, how long each may wait, and whom it climbs to meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role
from services.alerts.models import Alert
from services.alerts.worklists import WITHIN, Level

_DESK = {
    Role.OPERATOR: Scope.AREA,
    Role.LEAD: Scope.AREA,
    Role.OFFICER: Scope.AREA,
}

ACCESS = [
    *grant("alerts", "list read", {**_DESK, Role.CAREGIVER: Scope.ASSIGNED}),
    *grant("alerts", "acknowledge assign mark-false", _DESK),
    *grant("alerts", "resolve", {**_DESK, Role.CAREGIVER: Scope.ASSIGNED}),
    *grant("worklists", "read", _DESK),
    *grant("figures", "read", {**_DESK, Role.AUDITOR: Scope.AREA}),
    *grant("family-alerts", "read", {Role.FAMILY: Scope.HOUSEHOLD}),
]

FIELDS = [
    *fields("alerts", "list read", "*"),
    *fields("alerts", "assign", "caregiver"),
    *fields("alerts", "mark-false", "note"),
    *fields("alerts", "resolve", "at note"),
]

Kind = Alert.Kind

LEVELS: Mapping[str, Level] = {
    **dict.fromkeys(
        [
            Kind.SOS,
            Kind.FALL,
            Kind.SMOKE,
            Kind.GAS,
            Kind.WATER,
            Kind.INACTIVITY,
            Kind.VITALS,
            Kind.NO_ANSWER,
            Kind.NOT_HEARD_OF,
            Kind.VISIT_MISSED,
            Kind.VISIT_UNSTAFFED,
        ],
        Level.RED,
    ),
    **dict.fromkeys(
        [
            Kind.VISIT_LATE,
            Kind.OFFLINE,
            Kind.NO_ROUTE,
            Kind.TAMPER,
            Kind.CASE_OVERDUE,
            Kind.ORDER_OVERDUE,
        ],
        Level.ORANGE,
    ),
    **dict.fromkeys([Kind.BATTERY, Kind.COMPLAINT_OVERDUE, Kind.RIGHTS_OVERDUE], Level.YELLOW),
}
"""Our choice: red where a person may be in need, orange where a promise or the way to somebody
is broken, yellow where either will be. A kind without a level is red."""


@dataclass(frozen=True)
class Climb:
    """After which part of its time an alert climbs, and to whom."""

    after: float
    to: Role
    only_unseen: bool = False


CLIMBS = (
    Climb(after=0.25, to=Role.LEAD, only_unseen=True),
    Climb(after=0.5, to=Role.LEAD),
    Climb(after=1.0, to=Role.OFFICER),
)
"""Our choice, so that whoever leads hears before the time is over and not only afterwards."""
CLIMB_AGAIN = timedelta(hours=24)
"""Beyond its time an alert climbs every day until it is dealt with (预警清零)."""
CLIMBS_APART = timedelta(hours=1)
"""Even after a night in which nothing ran, nobody is told twice within the hour."""


def level_of(kind: str) -> Level:
    """How long an alert of this kind may wait."""
    return LEVELS.get(kind, Level.RED)


def deadline_of(kind: str, raised_at: datetime) -> datetime:
    """Until when an alert has to be dealt with."""
    return raised_at + WITHIN[level_of(kind)]


def climb_of(number: int) -> Climb:
    """What the climb with this number (from 0) is; beyond the last one it stays the last."""
    return CLIMBS[min(number, len(CLIMBS) - 1)]


def climbs_at(kind: str, raised_at: datetime, number: int) -> datetime:
    """When the climb with this number is due."""
    beyond = max(0, number - len(CLIMBS) + 1)
    within = WITHIN[level_of(kind)] * climb_of(number).after
    return raised_at + within + beyond * CLIMB_AGAIN
