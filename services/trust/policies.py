"""Who may open a record in an emergency, what they then read, and who looks at it afterwards."""

from datetime import datetime, timedelta

from django.conf import settings

from backend.accounts.access import Scope, fields, grant
from backend.accounts.actors import Actor
from backend.accounts.limits import Limit
from backend.accounts.models import Role
from backend.people.models import Shift
from services.alerts.policies import Climb, climb_of
from services.alerts.worklists import WITHIN, Level
from services.trust.errors import NotOnShift
from services.trust.models import CEILING

_DESK = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_OPENS = (Role.OPERATOR, Role.LEAD, Role.OFFICER, Role.CAREGIVER)
_REVIEWS = {Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA, Role.AUDITOR: Scope.AREA}
_OWN = {Role.RESIDENT: Scope.SELF, Role.FAMILY: Scope.HOUSEHOLD}

ACCESS = [
    *grant("record-openings", "create", dict.fromkeys(_OPENS, Scope.ALL)),
    *grant("record-openings", "read close", dict.fromkeys(_OPENS, Scope.SELF)),
    *grant("opening-reviews", "list review", _REVIEWS),
    *grant("looks", "read ask", _OWN),
    *grant("look-questions", "list answer", _REVIEWS),
    *grant("guardianships", "list verify review end", _DESK),
    *grant("desk-sharing", "read change", _DESK),
]
"""Families see who looked only as guardians in force; `queries.whose_looks` asks for that."""

FIELDS = [
    *fields("record-openings", "read", "*"),
    *fields("opening-reviews", "list", "*"),
    *fields("record-openings", "create", "kind reason minutes phone id_number name address"),
    *fields("opening-reviews", "review", "verdict note"),
]

RESIDENT_FIELDS = (
    "name",
    "birth_date",
    "sex",
    "language",
    "dialect",
    "mobility",
    "phone",
    "second_phone",
    "conditions",
    "allergies",
    "medicines",
    "responder_notes",
)
HOME_FIELDS = ("address", "door_code", "key_holder", "entry_notes")
GRANTED = (*RESIDENT_FIELDS, *HOME_FIELDS, "contacts")
"""All that an opened record shows: what is needed to reach somebody and to help them. No identity
number, no benefits, no measurements, no visits, nothing of the past."""

REASON_MIN, REASON_MAX = 10, 500
"""Characters; fewer say nothing."""
OPENINGS = Limit("records opened in an emergency", 10, timedelta(hours=1))
LOOK_UPS = Limit("look-ups to open a record", 10, timedelta(hours=1))
"""Our choice: nobody is in ten emergencies an hour with people who are not theirs; whoever tries
numbers is stopped soon."""
TOLD_WITHIN = timedelta(hours=24)

REVIEWED_WITHIN = WITHIN[Level.ORANGE]
ANSWERED_WITHIN = timedelta(days=15)
"""Calendar days, stricter than the 15 working days of practice. Source: Personal Information
Protection Law, articles 44, 45 and 50 (the right to know, answered in time)."""
LOOKS_SHOWN_FOR = timedelta(days=180)
"""As long as the audit is kept at least. Source: Cybersecurity Law, article 21 (six months)."""
GUARDIANS_AHEAD = timedelta(days=30)
"""A paper stands on the worklist so long before its review or end; our choice."""

CLIMBS_APART = timedelta(hours=1)
CLIMB_AGAIN = timedelta(hours=24)
_FIRST_CLIMB = 1
"""The ladder of alerts, without the step for alerts that nobody has seen."""


def opened_for() -> timedelta:
    """How long a record may be open at most: the setting, and never over the ceiling."""
    return min(timedelta(minutes=settings.ENV.break_glass_minutes), CEILING)


def require_may_open(actor: Actor, *, now: datetime) -> None:
    """Caregivers open a record only while on shift.

    Raises:
        NotOnShift: they are not.
    """
    on_duty = Shift.objects.filter(
        caregiver=actor.caregiver_id, starts_at__lte=now, ends_at__gt=now, caregiver__active=True
    )
    if actor.role == Role.CAREGIVER and not on_duty.exists():
        raise NotOnShift


def climb_number(climbs: int) -> Climb:
    """To whom the climb with this number (from 0) goes."""
    return climb_of(climbs + _FIRST_CLIMB)


def climbs_at(since: datetime, within: timedelta, climbs: int, *, now: datetime) -> datetime:
    """When the climb with this number is due: within the time, then every day."""
    part = climb_number(climbs).after * within
    beyond = max(0, climbs - 1) * CLIMB_AGAIN
    return max(since + part + beyond, now + CLIMBS_APART)
