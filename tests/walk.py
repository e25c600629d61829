"""The walk of the access matrix: three worlds, and somebody who knocks at every door with each.

The tests and `benchmarks.access` walk it alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.test import Client

from backend.accounts.access import Scope
from backend.accounts.models import Role, User
from backend.people.actions import remove_contact
from services.alerts.models import Alert
from services.assistance.models import HomeVisit, VisitStaff
from services.emergencies.models import EmergencyCall, Offer
from services.visits.models import Visit, VisitCarer
from services.wellbeing.models import Watched
from tests.builders import NOON, Answer, a_contact, signed_in, with_token
from tests.doors import Door
from tests.worlds import World, worlds

NARROW = (Scope.HOUSEHOLD, Scope.SELF)
"""Scopes that end before the neighbour's door."""
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONG_AGO = NOON - timedelta(days=30)


@dataclass(frozen=True)
class Town:
    """One's own world, the neighbour's, and one far away to which everybody once belonged."""

    own: World
    beside: World
    former: World

    @classmethod
    def built(cls) -> "Town":
        """Three worlds; the people of the own one have left traces in the former one."""
        made = worlds()
        own, former = next(made), next(made)
        town = cls(own, made.send(own), former)
        _leave_family(own, former)
        _leave_caregiver(own, former)
        _leave_staff(own, former)
        return town


def _leave_family(own: World, former: World) -> None:
    """The family was a contact there, and was taken off."""
    user = own.users[Role.FAMILY]
    resident = former.users[Role.RESIDENT].resident
    contact = a_contact(resident=resident, is_guardian=True)
    user.contacts.add(contact)
    remove_contact(contact, by="user:1", now=LONG_AGO)


def _leave_caregiver(own: World, former: World) -> None:
    """The caregiver went there a month ago: to a visit, a call, an alert, a home visit."""
    user = own.users[Role.CAREGIVER]
    carer, old = user.caregiver, former.keys
    assert carer is not None
    visits = Visit.objects.filter(pk__in=old[Visit])
    visits.update(
        day=LONG_AGO.date(),
        window_starts_at=LONG_AGO,
        window_ends_at=LONG_AGO,
        state=Visit.State.DONE,
    )
    calls = EmergencyCall.objects.filter(pk__in=old[EmergencyCall])
    calls.update(
        state=EmergencyCall.State.RESOLVED,
        accepted_by_caregiver=carer,
        resolved_at=LONG_AGO,
        due_at=None,
    )
    Alert.objects.filter(pk__in=old[Alert]).update(
        state=Alert.State.RESOLVED, assigned_to=carer, closed_at=LONG_AGO
    )
    HomeVisit.objects.filter(pk__in=old[HomeVisit]).update(
        done_at=LONG_AGO, household_signed_at=LONG_AGO, household_signed_by="陈桂英"
    )
    Watched.objects.filter(pk__in=old[Watched]).update(assigned_to=None)
    for visit in visits:
        VisitCarer.objects.create(
            visit=visit, caregiver=carer, assigned_at=LONG_AGO, assigned_by="user:1"
        )
    for call in calls:
        Offer.objects.create(
            call=call,
            person=f"caregiver:{carer.pk}",
            person_name=carer.name,
            caregiver=carer,
            offered_at=LONG_AGO,
        )
    for home_visit in HomeVisit.objects.filter(pk__in=old[HomeVisit]):
        VisitStaff.objects.create(visit=home_visit, user=user)


def _leave_staff(own: World, former: World) -> None:
    """An operator worked there, and has a call in their name."""
    calls = EmergencyCall.objects.filter(pk__in=former.keys[EmergencyCall])
    calls.update(handled_by=own.users[Role.OPERATOR].reference)


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


def like(key: object) -> object:
    """A key of the same form that nothing has."""
    return uuid4() if isinstance(key, UUID) else 9 * 10**8


def all_said(answer: Answer) -> tuple[bytes, list[tuple[str, str]]]:
    """All that an answer says."""
    return answer.content, sorted(answer.headers.items())


@dataclass(frozen=True)
class Visitor:
    """Somebody with an account, in their own world, beside another and far from their former."""

    user: User
    program: Client
    browser: Client
    town: Town

    @classmethod
    def of(cls, town: Town, role: Role) -> "Visitor":
        """The one of a role."""
        user = town.own.users[role]
        return cls(user, with_token(user), signed_in(user), town)

    def faults(self, door: Door) -> Iterator[str]:
        """Where the door does not do as the table says."""
        scope = door.scope(self.user.role)
        answer = self._knock(door, self.town.own)
        if answer.status_code == 405 and not door.is_api:
            return
        if scope is None:
            if answer.status_code != (403 if door.is_api else 404):
                yield f"not granted, and answers {answer.status_code}"
            return
        if answer.status_code in {401, 403, 404} or answer.status_code >= 500:
            yield f"granted for {scope}, and answers {answer.status_code}"
        told = set(UUIDS.findall(answer.content.decode()))
        foreign = self._foreign(scope)
        nothing = self._knock_at_nothing(door) if door.parameters and foreign else answer
        for world in foreign:
            if told & world.secrets:
                yield "shows things of others"
            if not door.parameters:
                continue
            there = self._knock(door, world)
            if there.status_code != 404:
                yield "reaches things of others by their address"
            elif all_said(there) != all_said(nothing):
                yield "answers otherwise where there is something than where there is nothing"

    def _foreign(self, scope: Scope) -> list[World]:
        """Worlds that end outside of a scope."""
        if scope is Scope.ALL:
            return []
        town = self.town
        return [town.former, town.beside] if scope in NARROW else [town.former]

    def _knock(self, door: Door, world: World) -> Answer:
        client = self.program if door.is_api else self.browser
        return knock(client, door, world, world.users[Role(self.user.role)])

    def _knock_at_nothing(self, door: Door) -> Answer:
        """Ask for what is not there, by keys of the same form."""
        client, key = self.program if door.is_api else self.browser, self.town.own.key
        return ask(client, door, door.address(lambda n: like(key(n, door.resource, self.user))))
