"""The rules of wellbeing: how silence is followed up, who must be heard of how often, who may."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role
from backend.people.models import Consent, Resident
from services.wellbeing.models import Reminder, Way

Kind = Reminder.Kind
Living = Resident.Living

_STAFF = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_GOES = {Role.CAREGIVER: Scope.ASSIGNED}
_OWN = {Role.RESIDENT: Scope.SELF, Role.FAMILY: Scope.HOUSEHOLD}
_SELF = {Role.RESIDENT: Scope.SELF}

ACCESS = [
    *grant("reminders", "list read create change end", {**_STAFF, **_OWN}),
    *grant("occurrences", "list read", {**_STAFF, **_OWN}),
    *grant("occurrences", "answer", {**_STAFF, **_SELF}),
    *grant("ok-days", "list read", {**_STAFF, **_OWN}),
    *grant("ok-days", "create", {**_STAFF, **_SELF}),
    *grant("nobody-forgotten", "list", _STAFF),
    *grant("nobody-forgotten", "assign", {Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}),
    *grant("welfare-contacts", "list read create", {**_STAFF, **_GOES}),
    *grant("area-events", "list read", _STAFF),
    *grant("area-events", "create", {Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}),
    *grant("my-wellbeing", "read", _SELF),
    *grant("family-wellbeing", "read", {Role.FAMILY: Scope.HOUSEHOLD}),
    *grant("my-welfare", "read", _GOES),
]

FIELDS = [
    *fields("reminders", "list read", "*"),
    *fields("occurrences", "list read", "*"),
    *fields("ok-days", "list read", "*"),
    *fields("nobody-forgotten", "list", "*"),
    *fields("welfare-contacts", "list read", "*"),
    *fields("area-events", "list read", "*"),
    *fields("reminders", "create", "resident kind text times rule starts_on ends_on ahead_min"),
    *fields("reminders", "change", "kind text times rule starts_on ends_on ahead_min"),
    *fields("occurrences", "answer", "answer"),
    *fields("ok-days", "create", "resident"),
    *fields("nobody-forgotten", "assign", "caregiver"),
    *fields("welfare-contacts", "create", "resident kind outcome note at"),
    *fields("area-events", "create", "area kind within_h"),
]


WAY_NEEDS: Mapping[str, str] = {
    Way.ACTIVITY: Consent.Item.HEALTH,
    Way.VISIT: Consent.Item.VISITS,
}
"""What must be shared for a family to be told by which sign, and when, somebody was heard of."""


@dataclass(frozen=True)
class Ladder:
    """When who is asked: the person at these times from the first one on, then the others."""

    person_after: Sequence[timedelta]
    family_after: timedelta
    """From the last time the person was asked."""
    contact_apart: timedelta
    desk_after: timedelta
    """From when a caregiver was asked."""

    def until_next(self, turn: int) -> timedelta:
        """How long after the person was asked for the `turn`th time (from 0) the next is due."""
        if turn + 1 < len(self.person_after):
            return self.person_after[turn + 1] - self.person_after[turn]
        return self.family_after

    @property
    def last_turn(self) -> int:
        """The last time the person is asked, from 0."""
        return len(self.person_after) - 1


def _minutes(*minutes: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=each) for each in minutes)


REMINDER_LADDER = Ladder(
    person_after=_minutes(0, 5, 15),
    family_after=timedelta(minutes=5),
    contact_apart=timedelta(minutes=2),
    desk_after=timedelta(minutes=30),
)
"""Source: the house's default for reminders: the elder at 0, 5 and 15 minutes, the family in
order with 2 minutes each, a caregiver, the duty desk; the last wait is our choice."""
OK_LADDER = Ladder(
    person_after=_minutes(0, 15, 30),
    family_after=timedelta(minutes=15),
    contact_apart=timedelta(minutes=2),
    desk_after=timedelta(minutes=30),
)
"""Source: RUOK telephone reassurance (mysafetycall.com; niagara-gazette.com x86523626): three
calls about 15 minutes apart, then contacts, then somebody goes."""

SNOOZE = timedelta(minutes=10)
"""Our choice: after "not yet" the person is asked once more within the half hour of a medicine."""
LATER_MAX = 2

LATE_MAX = {
    Kind.MEDICINE: timedelta(minutes=30),
    Kind.APPOINTMENT: timedelta(minutes=60),
    Kind.OTHER: timedelta(hours=2),
}
"""Later nobody is reminded any more. Source: for medicines 30 minutes, as a dose that is asked
for late may be taken twice (doi 10.1186/1472-6947-8-46: a system stopped for wrong times); the
others are our choice."""

EMERGENCY_FIRST = timedelta(minutes=5)
"""Our choice: while somebody's call for help runs, their questions wait and look again."""
KEPT = timedelta(days=180)
"""Our choice: as long days and times of reminders are kept to look back on; the journal stays."""

SIGNS_WITHIN = timedelta(hours=3)
"""Our choice: movement in the three hours before says that somebody is up and about; at night it
says nothing of the morning."""
STARTS_WITHIN = timedelta(days=3_660)
"""Our choice: a rule that counts is walked from its first day each time it asks; two thousand
years of days take a second, and everybody else's reminders wait for it."""
RUNNING_MAX = 50
"""Our choice: nobody is rung more often by those who set reminders for them."""
TIMES_MAX = 6
TEXT_MAX = 200


@dataclass(frozen=True)
class Tier:
    """Who must be heard of at least once in so many days, and where that is from."""

    days: int
    name: str | Promise
    source: str | Promise
    holds: Callable[[Resident, int | None], bool]
    """Of a resident and their age in years, if it is known."""


def _lives(resident: Resident, *ways: str) -> bool:
    return not set(resident.living).isdisjoint(ways)


def _alone_and_in_bed(resident: Resident, _age: int | None) -> bool:
    helpless = _lives(resident, Living.DISABLED_ELDER) or resident.mobility == "bed"
    return helpless and _lives(resident, Living.ALONE)


def _alone_and_frail(resident: Resident, age: int | None) -> bool:
    frail = (age or 0) >= FRAIL_AGE or _lives(resident, Living.SEVERE_DISABILITY)
    return frail and _lives(resident, Living.ALONE)


def _alone_or_in_need(resident: Resident, _age: int | None) -> bool:
    return _lives(
        resident,
        Living.ALONE,
        Living.DISABLED_ELDER,
        Living.SEVERE_DISABILITY,
        Living.LOST_ONLY_CHILD,
    )


def _empty_nest(resident: Resident, _age: int | None) -> bool:
    return _lives(resident, Living.EMPTY_NEST, Living.LEFT_BEHIND, Living.EXTREME_POVERTY)


FRAIL_AGE, FRAIL_DAYS = 80, 3
_OUR_CHOICE = _("our choice; stricter than the weekly visit that is asked for high risk")
_WEEKLY = _("practice of the provinces: high risk at least once a week (People's Daily 2022-10-28)")
_MONTHLY = _("practice of the provinces: key residents at least once a month, all by end of 2025")
TIERS = (
    Tier(1, _("alone and cannot care for self"), _OUR_CHOICE, _alone_and_in_bed),
    Tier(FRAIL_DAYS, _("alone, and 80 or severely disabled"), _OUR_CHOICE, _alone_and_frail),
    Tier(7, _("alone, disabled, or family-planning hardship"), _WEEKLY, _alone_or_in_need),
    Tier(30, _("empty nest, left behind, extreme poverty"), _MONTHLY, _empty_nest),
)
"""The first that holds counts."""
AT_RISK = (
    Living.ALONE,
    Living.EMPTY_NEST,
    Living.LEFT_BEHIND,
    Living.DISABLED_ELDER,
    Living.SEVERE_DISABILITY,
    Living.LOST_ONLY_CHILD,
    Living.EXTREME_POVERTY,
)
EVENT_WITHIN_H = 24
"""Source: practice of the provinces: within 24 hours after a major event (szb.northnews.cn)."""
SOON = timedelta(hours=24)
UNASKED_SHOWN = timedelta(hours=36)
"""Our choice: what is dropped every day stands on the list without a gap."""


@dataclass(frozen=True)
class WelfareClimb:
    """How long after the day was over, and to whom."""

    after: timedelta
    to: Role


CLIMBS = (
    WelfareClimb(timedelta(0), Role.LEAD),
    WelfareClimb(timedelta(hours=24), Role.OFFICER),
)
CLIMB_AGAIN = timedelta(hours=24)


def tier_of(resident: Resident, *, today: date) -> Tier | None:
    """How often a resident must be heard of; None: not at risk."""
    age = _age(resident.birth_date, today)
    return next((tier for tier in TIERS if tier.holds(resident, age)), None)


def tier_named(days: int) -> Tier:
    """The tier of so many days, or the nearest above."""
    return next((tier for tier in TIERS if tier.days >= days), TIERS[-1])


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def climb_of(number: int) -> WelfareClimb:
    """The climb with this number (from 0); beyond the last one it stays the last."""
    return CLIMBS[min(number, len(CLIMBS) - 1)]


def climbs_at(owed_at: datetime, number: int) -> datetime:
    """When the climb with this number is due."""
    beyond = max(0, number - len(CLIMBS) + 1)
    return owed_at + climb_of(number).after + beyond * CLIMB_AGAIN
