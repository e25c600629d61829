"""The access table: who may do what, to what, which fields of it, within which scope.

Each app declares its rows as `ACCESS` and their fields as `FIELDS` in its `policies.py`, found
here at start. API, pages, sockets and the permission-matrix test are all driven by it; what
stands in no row is refused, and a body's field that stands in no row is not taken.
"""

from collections.abc import Iterable, Mapping
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
class Fields:
    """What is read or taken of a resource: these fields whole, those only masked."""

    whole: frozenset[str] = frozenset()
    masked: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return " ".join(sorted([*self.whole, *(f"~{name}" for name in self.masked)]))


NO_FIELDS = Fields()
EVERY = "*"
"""In a row of a reading action: all that its form has. Of a body nothing is taken by it."""
MASKED = "~"
"""Before a field's name in a row: only its masked form is shown."""


@dataclass(frozen=True)
class Grant:
    """One row: the role may do the action on the resource within the scope, on these fields."""

    role: Role
    resource: str
    action: str
    scope: Scope
    fields: Fields = NO_FIELDS


@dataclass(frozen=True)
class FieldRow:
    """The fields of a resource for an action of a role."""

    role: Role
    resource: str
    action: str
    fields: Fields


Key = tuple[str, str, str]

_table: dict[Key, Scope] = {}
_fields: dict[Key, Fields] = {}


def grant(resource: str, actions: str, scopes: dict[Role, Scope]) -> list[Grant]:
    """Rows for several actions (space-separated) and roles at once."""
    return [
        Grant(role, resource, action, scope)
        for action in actions.split()
        for role, scope in scopes.items()
    ]


def fields(resource: str, actions: str, named: str | Mapping[Role, str]) -> list[FieldRow]:
    """The fields of a resource for several actions: the same for all roles, or by role.

    Of reading actions they are what is shown, of others what is taken from a body; "~phone" is
    shown masked. A role gets nothing by them that `grant` does not give it.
    """
    by_role = dict.fromkeys(Role, named) if isinstance(named, str) else named
    return [
        FieldRow(role, resource, action, _read(words))
        for action in actions.split()
        for role, words in by_role.items()
    ]


def _read(words: str) -> Fields:
    named = words.split()
    return Fields(
        whole=frozenset(each for each in named if not each.startswith(MASKED)),
        masked=frozenset(each.removeprefix(MASKED) for each in named if each.startswith(MASKED)),
    )


def declare_fields(rows: Iterable[FieldRow]) -> None:
    """Add fields; the same role, resource and action can have one list only."""
    for row in rows:
        key = (row.role, row.resource, row.action)
        if _fields.get(key, row.fields) != row.fields:
            raise ValueError(f"two lists of fields for {key}")
        _fields[key] = row.fields


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


def fields_of(role: str, resource: str, action: str) -> Fields:
    """The fields a role reads, or may send, for an action; none where the table names none."""
    key = (role, resource, action)
    return _fields.get(key, NO_FIELDS) if key in _table else NO_FIELDS


def table() -> list[Grant]:
    """All rows, for the matrix test and the auditors' page."""
    return [
        Grant(Role(role), resource, action, scope, fields_of(role, resource, action))
        for (role, resource, action), scope in sorted(_table.items())
    ]


def discover() -> None:
    """Take the `ACCESS` rows and the `FIELDS` of every app's `policies` module."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "policies"):
            policies = import_module(f"{config.name}.policies")
            declare(getattr(policies, "ACCESS", []))
            declare_fields(getattr(policies, "FIELDS", []))
