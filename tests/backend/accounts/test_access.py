"""The access table: what stands in no row is refused, and a row has one scope."""

import pytest

from backend.accounts import access
from backend.accounts.access import Grant, Scope, grant
from backend.accounts.models import Role
from backend.web.resource_words import RESOURCES


def test_rows_are_made_for_each_action_and_role() -> None:
    rows = grant("calls", "list read", {Role.OPERATOR: Scope.AREA, Role.RESIDENT: Scope.SELF})

    assert len(rows) == 4
    assert Grant(Role.RESIDENT, "calls", "read", Scope.SELF) in rows


def test_what_is_declared_has_its_scope_and_nothing_else_has_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(access, "_table", {})
    access.declare(grant("calls", "read", {Role.OPERATOR: Scope.AREA}))

    assert access.scope_of("operator", "calls", "read") is Scope.AREA
    assert access.scope_of("operator", "calls", "delete") is None
    assert access.scope_of("family", "calls", "read") is None
    assert access.scope_of("administrator", "calls", "read") is None, "nobody is above the table"


def test_two_scopes_for_the_same_thing_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_table", {})
    access.declare(grant("calls", "read", {Role.OPERATOR: Scope.AREA}))

    access.declare(grant("calls", "read", {Role.OPERATOR: Scope.AREA}))
    with pytest.raises(ValueError, match="two scopes"):
        access.declare(grant("calls", "read", {Role.OPERATOR: Scope.ALL}))


def test_no_account_both_runs_the_system_and_reads_its_audit() -> None:
    may_read = {row.role for row in access.table() if row.resource == "audit"}

    assert may_read == {Role.AUDITOR}


def test_every_resource_of_the_table_has_words_and_none_has_words_for_nothing() -> None:
    assert {row.resource for row in access.table()} == set(RESOURCES)
