"""What a role may not write is not written, whatever a body names; no door forgets it."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models, transaction
from django.db.models import Model
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from pytest_django import DjangoDbBlocker

from backend.accounts import access
from backend.accounts.models import Role, User
from backend.core import clock
from tests.builders import NOON, Answer, api_of, signed_in
from tests.doors import Door, declared
from tests.worlds import World, our_models, worlds

pytestmark = pytest.mark.django_db

WRITES = ("post", "put", "patch")
DANGEROUS = (
    *("id", "user", "username", "password", "role", "area", "resident"),
    *("is_superuser", "is_staff", "is_active"),
)
LIKENESS = 10
"""Signs by which a value as stored is known again; a time is stored with another ending."""
VALUES: dict[type[models.Field[Any, Any]], Any] = {
    models.BooleanField: True,
    models.DateTimeField: "1999-09-09T09:09:09Z",
    models.DateField: "1999-09-09",
    models.TimeField: "09:09",
    models.UUIDField: str(uuid.UUID(int=9)),
    models.IntegerField: 9,
    models.FloatField: 9.0,
}


@pytest.fixture(scope="module")
def town(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[World, World]]:
    """One's own world and a strange one, for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = worlds()
        yield next(made), next(made)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def at_noon(town: object) -> Iterator[None]:
    """The world's time."""
    with clock.set_to(NOON):
        yield


def model_of(door: Door) -> type[Model] | None:
    """The model whose things a door is about."""
    word = door.resource.rstrip("s").replace("-", "")
    fitting = [m for m in our_models() if (m._meta.model_name or "").endswith(word)]
    return min(fitting, key=lambda m: len(m._meta.model_name or ""), default=None)


def strange(model: type[Model] | None, world: World) -> dict[str, Any]:
    """Every field of a model, and what would give power, each with a value of somebody else's."""
    sent: dict[str, Any] = dict.fromkeys(DANGEROUS, "administrator")
    for field in model._meta.concrete_fields if model else ():
        sent[field.name] = _value(field, world)
        sent[field.attname] = sent[field.name]
    return sent


def _value(field: models.Field[Any, Any], world: World) -> Any:
    if field.related_model:
        keys = world.keys.get(field.related_model, [])
        return str(keys[0]) if keys else None
    if field.choices:
        return list(field.choices)[-1][0]
    fitting = (value for kind, value in VALUES.items() if isinstance(field, kind))
    return next(fitting, "strange")


def send(client: Client, door: Door, world: World, user: User, body: dict[str, Any]) -> Answer:
    address = door.address(lambda name: world.key(name, door.resource, user))
    answer: Answer = getattr(client, door.verb)(address, body)
    return answer


def state(model: type[Model] | None, world: World) -> dict[tuple[str, Any, str], Any]:
    """Every field of the things of a world that a door could change, and of its accounts."""
    asked: list[type[Model]] = [User, *([model] if model else [])]
    return {
        (each.__name__, row["pk"], name): value
        for each in asked
        for row in each._default_manager.filter(pk__in=world.keys[each]).values(
            "pk", *_names_of(each)
        )
        for name, value in row.items()
    }


def _names_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@pytest.mark.parametrize("role", Role)
def test_nothing_outside_the_declared_fields_is_written(
    role: Role, town: tuple[World, World]
) -> None:
    own, other = town
    user = own.users[role]
    client = api_of(user)
    changed, taken = [], 0
    for door in declared():
        if not (door.is_api and door.verb in WRITES and door.scope(role)):
            continue
        model = model_of(door)
        declared_fields = access.fields_of(role, door.resource, door.action).whole
        body = {n: v for n, v in strange(model, other).items() if n not in declared_fields}
        before = state(model, own)
        with transaction.atomic():
            answer = send(client, door, own, user, body)
            after = state(model, own)
            changed += [
                f"{door}: {name}"
                for (kind, key, name), value in before.items()
                if name in body
                and _is_written(door, kind, value, after.get((kind, key, name)), body[name])
            ]
            taken += door.verb == "patch" and answer.status_code == 200
            changed += [str(door) for row in _new_rows(model, own, other) if "strange" in row]
            transaction.set_rollback(True)

    assert changed == []
    assert taken >= (1 if role in {Role.OPERATOR, Role.LEAD, Role.OFFICER} else 0)


def _is_written(door: Door, kind: str, before: Any, after: Any, sent: Any) -> bool:
    """Whether a value is the sender's; what an act itself does to its thing is not."""
    if after == before:
        return False
    if kind == User.__name__:
        return True
    if door.verb != "patch":
        return bool(after == "strange")
    return str(after)[:LIKENESS] == str(sent)[:LIKENESS]


def _new_rows(model: type[Model] | None, *known: World) -> list[tuple[Any, ...]]:
    if model is None:
        return []
    keys = [key for world in known for key in world.keys[model]]
    return list(model._default_manager.exclude(pk__in=keys).values_list())


def test_what_is_declared_is_written_and_the_rest_of_the_body_is_not(
    town: tuple[World, World],
) -> None:
    own, other = town
    resident = own.users[Role.RESIDENT].resident
    assert resident is not None
    kept = resident.area_id, resident.life_state
    body = {"name": "周玉兰", "area": other.grid.pk, "life_state": "died", "conditions": "—"}

    answer = api_of(own.users[Role.OFFICER]).patch(f"/api/v1/residents/{resident.pk}/", body)

    resident.refresh_from_db()
    assert answer.status_code == 200
    assert resident.name == "周玉兰"
    assert (resident.area_id, resident.life_state, resident.conditions) == (*kept, "")


def test_what_a_role_reads_is_what_the_table_names(town: tuple[World, World]) -> None:
    own, _other = town
    resident = own.users[Role.RESIDENT].resident
    assert resident is not None
    for role in Role:
        fields = access.fields_of(role, "residents", "read")
        if access.scope_of(role, "residents", "read") is None:
            continue

        told = api_of(own.users[role]).get(f"/api/v1/residents/{resident.pk}/").json()

        assert set(told) == fields.whole | fields.masked, role
        assert ("door_code" in told, "id_number" in told) == (False, "id_number" in set(told))


def test_officers_see_no_way_in_and_emergency_staff_no_papers(
    town: tuple[World, World],
) -> None:
    own, _other = town
    resident = own.users[Role.RESIDENT].resident
    assert resident is not None
    type(resident).objects.filter(pk=resident.pk).update(id_number="320202193501011234")
    home, person = (
        f"/api/v1/households/{resident.household_id}/",
        f"/api/v1/residents/{resident.pk}/",
    )
    officer, operator = api_of(own.users[Role.OFFICER]), api_of(own.users[Role.OPERATOR])

    assert "door_code" not in officer.get(home).json()
    assert operator.get(home).json()["door_code"] == "1357#"
    assert "1357#" not in _page(own, Role.OFFICER)
    assert "1357#" in _page(own, Role.OPERATOR)
    assert officer.get(person).json()["id_number"] == "320202193501011234"
    assert operator.get(person).json()["id_number"] != "320202193501011234"


def _page(world: World, role: Role) -> str:
    browser = signed_in(world.users[role])
    resident = world.users[Role.RESIDENT].resident_id
    return browser.get(f"/desk/residents/{resident}/").content.decode()


def test_a_door_with_a_body_says_which_fields_it_takes() -> None:
    schema: dict[str, Any] = SchemaGenerator().get_schema(  # type: ignore[no-untyped-call]
        request=None, public=True
    )
    named = {
        (row.resource, row.action): row.fields.whole for row in access.table() if row.fields.whole
    }
    forms = {
        (re.sub(r"\{\w+\}", "{}", path), verb): _names(schema, operation)
        for path, operations in schema["paths"].items()
        for verb, operation in operations.items()
        if verb in WRITES
    }

    undeclared = []
    for door in declared():
        form = forms.get((door.address(lambda _name: "{}"), door.verb), frozenset())
        if door.is_api and form and not named.get((door.resource, door.action)):
            undeclared.append(f"{door}: {' '.join(sorted(form))}")
    assert undeclared == []


def _names(schema: dict[str, Any], operation: dict[str, Any]) -> frozenset[str]:
    content = operation.get("requestBody", {}).get("content", {})
    form = content.get("application/json", {}).get("schema", {})
    if "$ref" in form:
        form = schema["components"]["schemas"][form["$ref"].rpartition("/")[2]]
    return frozenset(form.get("properties", {}))
