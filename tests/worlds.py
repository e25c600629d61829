"""A district with one of everything and an account of every role: what the access matrix walks.

What a package adds to the database is made by `fill(cast)` in a module `world` beside its tests;
the matrix says so when a door names something that no world has.
"""

import pkgutil
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

import tests
from backend.accounts.models import Role, User
from backend.people.models import Caregiver, Consent, Contact, Resident
from backend.places.models import Area
from services.alerts.actions import assign_alert, raise_alert
from tests.builders import (
    NOON,
    a_browser_session,
    a_caregiver_on_shift,
    a_contact,
    a_device,
    a_duty_phone,
    a_family_account,
    a_passkey,
    a_phone,
    a_resident,
    a_resident_account,
    a_ringing_call,
    a_user,
    an_area,
    an_offer,
    with_token,
)

PACKAGES = ("backend.", "services.", "notifications", "devices")


def our_models() -> list[type[Model]]:
    """The project's own models."""
    return [model for model in apps.get_models() if model.__module__.startswith(PACKAGES)]


@dataclass(frozen=True)
class Cast:
    """Who lives and works in a world, for the packages that add what they do."""

    grid: Area
    resident: Resident
    contact: Contact
    caregiver: Caregiver


@dataclass
class World:
    """What was made together, by model; and who lives and works there."""

    grid: Area
    users: dict[Role, User] = field(default_factory=dict)
    keys: dict[type[Model], list[Any]] = field(default_factory=dict)
    _found: dict[tuple[str, str, Any], object] = field(default_factory=dict)

    def key(self, name: str, resource: str, user: User) -> object:
        """The key of the thing that a route's parameter names, the user's own if it has one."""
        asked = (name, resource, user.pk)
        if asked not in self._found:
            self._found[asked] = self._key(name, resource, user)
        return self._found[asked]

    def _key(self, name: str, resource: str, user: User) -> object:
        word = resource.rstrip("s") if name in {"pk", "id"} else name.removesuffix("_id")
        model = _model_called(word.replace("-", ""))
        if model is User:
            return user.pk
        rows = model._default_manager.filter(pk__in=self.keys[model])
        if any(f.name == "user" for f in model._meta.get_fields()):
            rows = rows.filter(user=user)
        newest = rows.order_by("pk").last()
        assert newest is not None, (
            f"this world has no {model.__name__}: add one to its package's `world`"
        )
        return newest.pk

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Keys that nobody elsewhere should ever be shown."""
        return frozenset(
            str(key) for keys in self.keys.values() for key in keys if isinstance(key, UUID)
        )


def _model_called(word: str) -> type[Model]:
    names = {model._meta.model_name or "": model for model in our_models()}
    fitting = [name for name in names if name.endswith(word)]
    assert word in names or len(fitting) == 1, f"which model is a {word!r}? {fitting}"
    return names[word if word in names else fitting[0]]


def worlds() -> Generator[World, World | None, None]:
    """A district after the other with one of everything in it; or, sent one, a grid beside it."""
    before, beside = _all_keys(), None
    while True:
        community = beside.grid.parent if beside else an_area(parent=an_area(parent=an_area()))
        world = World(an_area(parent=community))
        _fill(world)
        after = _all_keys()
        world.keys = {model: sorted(after[model] - before[model], key=str) for model in after}
        before, beside = after, (yield world)


def a_world() -> World:
    """A district with one of everything in it."""
    return next(worlds())


def _all_keys() -> dict[type[Model], set[Any]]:
    return {
        model: set(model._default_manager.values_list("pk", flat=True)) for model in our_models()
    }


def _fill(world: World) -> None:
    resident = a_resident(area=world.grid, phone=a_phone())
    contact = a_contact(resident=resident)
    caregiver = a_caregiver_on_shift(near=resident)
    Consent.objects.create(
        resident=resident,
        item=Consent.Item.VISITS,
        purpose="visits",
        given_by=f"resident:{resident.pk}",
        given_at=NOON,
        recorded_by="user:1",
    )
    a_device(resident=resident)
    a_duty_phone(area=world.grid)
    an_offer(a_ringing_call(resident=resident), to=caregiver)
    alert = raise_alert(kind="water", area=world.grid, resident=resident, now=NOON)
    assign_alert(alert, to=caregiver, by="user:1", now=NOON)
    district = Area.objects.get(path=world.grid.path.partition(".")[0] + ".")
    for role in Role:
        match role:
            case Role.RESIDENT:
                user = a_resident_account(resident)
            case Role.FAMILY:
                user = a_family_account(contact)
            case Role.CAREGIVER:
                user = a_user(role=role, area=world.grid, caregiver=caregiver)
            case _:
                user = a_user(role=role, area=district)
        with_token(user)
        a_browser_session(user)
        a_passkey(user)
        world.users[role] = user
    for filler in _fillers():
        filler.fill(Cast(world.grid, resident, contact, caregiver))


def _fillers() -> list[ModuleType]:
    """The modules named `world` beside the tests of packages."""
    found = pkgutil.walk_packages(tests.__path__, "tests.")
    return [import_module(each.name) for each in found if each.name.endswith(".world")]
