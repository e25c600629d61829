"""The access table: who may do what, to what, within which scope.

Each app declares its rows as `ACCESS` in its `policies.py`, found here at start. API, pages,
sockets and the permission-matrix test are all driven by it; what stands in no row is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from backend.accounts.models import Role


class Scope(StrEnum):
    """Which things a grant reaches."""

    ALL = "all"
    AREA = "area"
    """Within the subtree of the account's area."""
    ASSIGNED = "assigned"
    """What this caregiver was offered or given."""
    HOUSEHOLD = "household"
    """Residents this account is a contact or guardian of."""
    SELF = "self"
    """The account's own person."""


@dataclass(frozen=True)
class Grant:
    """One row: the role may do the action on the resource within the scope."""

    role: Role
    resource: str
    action: str
    scope: Scope


_table: dict[tuple[str, str, str], Scope] = {}


def grant(resource: str, actions: str, scopes: dict[Role, Scope]) -> list[Grant]:
    """Rows for several actions (space-separated) and roles at once."""
    return [
        Grant(role, resource, action, scope)
        for action in actions.split()
        for role, scope in scopes.items()
    ]


def declare(rows: Iterable[Grant]) -> None:
    """Add rows; the same role, resource and action can have one scope only."""
    for row in rows:
        key = (row.role, row.resource, row.action)
        if _table.get(key, row.scope) != row.scope:
            raise ValueError(f"two scopes for {key}")
        _table[key] = row.scope


def scope_of(role: str, resource: str, action: str) -> Scope | None:
    """The scope a role has for an action, or None: refused."""
    return _table.get((role, resource, action))


def table() -> list[Grant]:
    """All rows, for the matrix test and the auditors' page."""
    return [
        Grant(Role(role), resource, action, scope)
        for (role, resource, action), scope in sorted(_table.items())
    ]


def discover() -> None:
    """Take the `ACCESS` rows of every app's `policies` module."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "policies"):
            declare(getattr(import_module(f"{config.name}.policies"), "ACCESS", []))
