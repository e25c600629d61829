"""Scopes as database conditions, for the queries of every package."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.models import (
    STAFF_ROLES,
    AccessToken,
    OpenSession,
    Recovery,
    Role,
    User,
)
from backend.accounts.window import Window, window_at
from backend.core import clock
from backend.people.models import Caregiver
from backend.places.queries import paths_above

NOTHING = Q(pk__in=())
"""Matches no row of any model."""

Assignment = Callable[[UUID, Window], QuerySet[Any, UUID | None]]
"""From a caregiver's id to the ids of residents they were offered or given, as a subquery, within
the span in which it concerns them."""

_assignments: list[Assignment] = []


def register_assignment(assignment: Assignment) -> None:
    """Port: packages above say which residents are assigned to a caregiver."""
    _assignments.append(assignment)


def residents_condition(actor: Actor, scope: Scope | None, *, at: str = "") -> Q:
    """Which residents a scope reaches, as a condition.

    `at` is the way from the model asked to its resident: "" for Resident itself, "resident" for
    a contact, "delivery__resident" and so on.
    """
    way = f"{at}__" if at else ""
    match scope:
        case Scope.ALL:
            return Q()
        case Scope.AREA if actor.area_path:
            return Q(**{f"{way}area__path__startswith": actor.area_path})
        case Scope.ASSIGNED if actor.caregiver_id:
            return _assigned(actor.caregiver_id, f"{way}pk__in")
        case Scope.HOUSEHOLD:
            return Q(**{f"{way}pk__in": actor.household_resident_ids})
        case Scope.SELF if actor.resident_id:
            return Q(**{f"{way}pk": actor.resident_id})
    return NOTHING


def _assigned(caregiver_id: UUID, lookup: str) -> Q:
    reached, window = NOTHING, window_at(clock.now())
    for assignment in _assignments:
        reached |= Q(**{lookup: assignment(caregiver_id, window)})
    return reached


def areas_condition(actor: Actor, scope: Scope | None, *, path: str = "area__path") -> Q:
    """What lies in the actor's area, as a condition; for things that belong to no one person.

    `path` names the field that holds the area's path.
    """
    if scope is Scope.ALL:
        return Q()
    if scope is Scope.AREA and actor.area_path:
        return Q(**{f"{path}__startswith": actor.area_path})
    return NOTHING


def tokens_of(actor: Actor) -> QuerySet[AccessToken]:
    """The actor's own tokens that are not revoked, newest first."""
    return AccessToken.objects.filter(user=actor.user_id, revoked_at=None).order_by("-created_at")


def sessions_of(actor: Actor) -> QuerySet[OpenSession]:
    """The actor's own browser sessions, the last used first."""
    return OpenSession.objects.filter(user=actor.user_id).order_by("-last_used_at")


def staff_in(actor: Actor, action: str = "list") -> QuerySet[User]:
    """Accounts of staff that the actor may do something with, by name."""
    scope = actor.scope("accounts", action)
    return User.objects.filter(areas_condition(actor, scope), role__in=STAFF_ROLES).order_by(
        "name", "username"
    )


def waiting_recoveries(users: Iterable[User], *, now: datetime) -> dict[UUID, Recovery]:
    """By account: what was asked for it and waits for a second person."""
    found = Recovery.objects.filter(
        user__in=users, ended_at=None, confirmed_at=None, confirm_until__gt=now
    ).select_related("asked_by")
    return {recovery.user_id: recovery for recovery in found}


def staff_over(area_path: str, role: Role) -> list[User]:
    """Active accounts of a role whose area is this one or around it; the nearest area's alone."""
    around = User.objects.filter(
        role=role, is_active=True, area__path__in=paths_above(area_path)
    ).select_related("area")
    found = sorted(around, key=lambda user: (-len(_path(user)), user.username))
    return [user for user in found if _path(user) == _path(found[0])]


def _path(user: User) -> str:
    return user.area.path if user.area else ""


def caregivers_without_account(actor: Actor) -> QuerySet[Caregiver]:
    """Caregivers of one's area whom no account belongs to yet."""
    own = User.objects.filter(caregiver=OuterRef("pk"))
    reached = Caregiver.objects.filter(area__path__startswith=actor.area_path, active=True)
    return reached.exclude(Exists(own)).order_by("name", "pk")
