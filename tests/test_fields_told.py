"""Of an answer only those fields are told that the access table names for the role."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from backend.accounts import access
from backend.accounts.access import EVERY, NO_FIELDS, Fields
from backend.accounts.bodies import PAGE
from backend.accounts.models import Role
from backend.core import clock
from tests.builders import NOON
from tests.doors import Door, declared
from tests.walk import Town, Visitor, knock

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Town.built()
        transaction.set_rollback(True)


def reading(role: Role) -> list[Door]:
    """The doors of the API at which a role reads."""
    return [door for door in declared() if door.is_api and door.verb == "get" and door.scope(role)]


def named_for(role: Role, door: Door) -> Fields:
    return access.fields_of(role, door.resource, door.action)


def rows_of(told: Any) -> list[dict[str, Any]]:
    if isinstance(told, dict):
        told = told.get(PAGE, told)
    return told if isinstance(told, list) else [told]


def test_the_table_names_fields_for_everybody_who_reads() -> None:
    lacking = [
        f"{role} {door}"
        for role in Role
        for door in reading(role)
        if named_for(role, door) == NO_FIELDS
    ]
    assert lacking == []


@pytest.mark.parametrize("role", Role)
def test_nothing_is_told_that_the_table_does_not_name(role: Role, town: Town) -> None:
    visitor = Visitor.of(town, role)
    narrowed = [door for door in reading(role) if EVERY not in named_for(role, door).whole]
    too_much, seen = [], 0

    with clock.set_to(NOON):
        for door in narrowed:
            named = named_for(role, door)
            answer = knock(visitor.program, door, town.own, visitor.user)
            if answer.status_code != 200:
                continue
            told = {name for row in rows_of(answer.json()) for name in row}
            seen += len(told)
            too_much += [f"{door}: {name}" for name in told - named.whole - named.masked]

    assert too_much == []
    assert seen or not narrowed


def test_what_a_table_row_loses_no_form_tells(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor.of(town, Role.OPERATOR)
    (door,) = (each for each in reading(Role.OPERATOR) if str(each) == "GET /api/v1/^alerts/$")
    key = (Role.OPERATOR, "alerts", "list")
    monkeypatch.setitem(access._fields, key, Fields(whole=frozenset({"id", "kind"})))

    with clock.set_to(NOON):
        answer = knock(visitor.program, door, town.own, visitor.user)

    rows = rows_of(answer.json())
    assert rows
    assert all(set(row) == {"id", "kind"} for row in rows)


def test_a_refusal_is_told_whole(town: Town) -> None:
    visitor = Visitor.of(town, Role.FAMILY)
    answer = visitor.program.get("/api/v1/cases/00000000-0000-0000-0000-000000000000/")
    assert answer.json()["code"] == "not_found"
