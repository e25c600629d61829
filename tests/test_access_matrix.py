"""Every door × every role: served as the access table says, and nobody sees another's things.

Doors are found from the URLconf and the rows from the table, so that a door added later is walked
without being named here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from channels.routing import URLRouter
from django.db import transaction
from django.test import Client

from backend.accounts import access
from backend.accounts.access import Scope
from backend.accounts.actors import actor_of
from backend.accounts.models import STAFF_ROLES, Role, User
from backend.core import clock, journal
from backend.core.models import JournalEvent
from backend.web.consumers import JournalConsumer
from backend.web.sockets import application
from tests.builders import NOON, Answer, a_user, signed_in, with_token
from tests.doors import Door, doors
from tests.worlds import World, a_world

pytestmark = pytest.mark.django_db

NARROW = (Scope.HOUSEHOLD, Scope.SELF)
"""Scopes that end before the neighbour's door."""


def declared() -> list[Door]:
    """The doors that the access table opens."""
    return [door for door in doors() if door.resource]


def ask(client: Client, door: Door, address: str) -> Answer:
    """Ask at a door; nothing that it does is kept."""
    with transaction.atomic():
        if door.is_api:
            answer = client.generic(door.verb.upper(), address, b"{}", "application/json")
        else:
            answer = getattr(client, door.verb)(address)
        transaction.set_rollback(True)
    return answer


def knock(client: Client, door: Door, world: World, user: User) -> Answer:
    """Ask at a door for something of a world."""
    return ask(client, door, door.address(lambda name: world.key(name, door.resource, user)))


def test_every_door_says_whom_it_serves_and_open_ones_say_why() -> None:
    assert [str(door) for door in doors() if not door.is_declared] == []


def test_every_declared_door_is_opened_to_somebody() -> None:
    rows = {(row.resource, row.action) for row in access.table()}

    shut = [str(door) for door in declared() if (door.resource, door.action) not in rows]
    assert shut == []


@dataclass(frozen=True)
class Visitor:
    """Somebody with an account, in their own world, beside another and far from a third."""

    user: User
    program: Client
    browser: Client
    own: World
    beside: World
    far: World

    def faults(self, door: Door) -> Iterator[str]:
        """Where the door does not do as the table says."""
        scope = door.scope(self.user.role)
        answer = self._knock(door, self.own)
        if answer.status_code == 405 and not door.is_api:
            return
        if scope is None:
            if answer.status_code != (403 if door.is_api else 404):
                yield f"not granted, and answers {answer.status_code}"
            return
        if answer.status_code in {401, 403, 404} or answer.status_code >= 500:
            yield f"granted for {scope}, and answers {answer.status_code}"
        for world in self._foreign(scope):
            if any(key in answer.content.decode() for key in world.secrets()):
                yield "shows things of others"
            if door.parameters and self._knock(door, world).status_code != 404:
                yield "reaches things of others by their address"

    def _foreign(self, scope: Scope) -> list[World]:
        """Worlds that end outside of a scope."""
        if scope is Scope.ALL:
            return []
        return [self.far, self.beside] if scope in NARROW else [self.far]

    def _knock(self, door: Door, world: World) -> Answer:
        client = self.program if door.is_api else self.browser
        return knock(client, door, world, world.users[Role(self.user.role)])


@pytest.mark.parametrize("role", Role)
def test_each_role_is_served_what_the_table_grants_and_nothing_else(role: Role) -> None:
    own, far = a_world(), a_world()
    user = own.users[role]
    visitor = Visitor(user, with_token(user), signed_in(user), own, a_world(beside=own), far)

    with clock.set_to(NOON):
        wrong = [f"{door}: {fault}" for door in declared() for fault in visitor.faults(door)]

    assert "\n".join(wrong) == ""


def served(client: Client, refused: Callable[[Door, Answer], bool], role: Role) -> list[str]:
    """The doors that serve somebody whom each should refuse."""
    world = a_world()
    answers = ((door, knock(client, door, world, world.users[role])) for door in declared())
    return [
        f"{door}: {answer.status_code}"
        for door, answer in answers
        if not refused(door, answer) and (door.is_api or answer.status_code != 405)
    ]


def test_who_is_not_signed_in_is_told_to_sign_in() -> None:
    def refused(door: Door, answer: Answer) -> bool:
        if door.is_api:
            return answer.status_code == 401
        return answer.get("Location", "").startswith("/sign-in/")

    assert served(Client(), refused, Role.OPERATOR) == []


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_with_one_factor_reach_no_data(role: Role) -> None:
    client = Client()
    client.force_login(a_user(role=role))

    def refused(door: Door, answer: Answer) -> bool:
        if door.is_api:
            return answer.status_code in {401, 403}
        return answer.get("Location", "") == "/sign-in/second-factor/"

    assert served(client, refused, role) == []


@pytest.mark.parametrize("key", ["-" * 36, "0" * 36, "9" * 30])
def test_a_key_of_nothing_is_refused_and_breaks_nothing(key: str) -> None:
    user = a_user(role=Role.LEAD)
    program, browser = with_token(user), signed_in(user)
    statuses = {}
    for door in declared():
        if door.parameters and door.scope(user.role):
            client = program if door.is_api else browser
            answer = ask(client, door, door.address(lambda _name: key))
            statuses[str(door)] = answer.status_code

    assert {door: s for door, s in statuses.items() if s not in {404, 405, 422}} == {}


def sockets() -> list[type[JournalConsumer]]:
    """The consumers behind /ws/."""
    assert isinstance(application, URLRouter)
    return [route.callback.consumer_class for route in application.routes]


@pytest.mark.parametrize("consumer", sockets())
@pytest.mark.parametrize("role", Role)
def test_a_socket_shows_what_concerns_oneself_and_nothing_of_others(
    role: Role, consumer: type[JournalConsumer]
) -> None:
    mine, strange = a_world(), a_world()
    next_door = a_world(beside=mine)
    viewpoint = consumer().viewpoint(actor_of(mine.users[role]))
    if viewpoint is None:
        return
    scope = access.scope_of(role, "journal", "read")
    while journal.number_committed():
        pass

    others = strange.keys[JournalEvent] + (
        [] if scope is Scope.AREA else next_door.keys[JournalEvent]
    )

    assert not journal.since(0, viewpoint=viewpoint).filter(pk__in=others).exists()
