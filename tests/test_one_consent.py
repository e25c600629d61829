"""One consent never opens another: all items × all that a family can see.

Doors, panels, facts of the day and events are found, not named here; messages are walked in
`notifications/test_withdrawing.py`.
"""

from collections.abc import Iterator
from itertools import combinations
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from backend.accounts.actors import SHARED_BY, Actor, actor_of
from backend.accounts.models import Role
from backend.core import clock, journal
from backend.people.models import Consent
from backend.web import today
from tests.builders import NOON, signed_in, with_token
from tests.doors import Door, doors
from tests.services.trust.builders import shares
from tests.worlds import World, a_world

pytestmark = pytest.mark.django_db

Item = Consent.Item
Shown = frozenset[tuple[str, str]]

OF_APP = {
    "alerts": {Item.ALERTS},
    "visits": {Item.VISITS},
    "community": {Item.VISITS},
    "wellbeing": {Item.WELLBEING},
    "assistance": {Item.ASSISTANCE},
    "devices": {Item.HEALTH, Item.LOCATION},
    "people": {Item.VISITS},  # who comes
}
"""Under which item a package's things are shown at all."""


def family_doors() -> list[Door]:
    """Whatever a family may ask for."""
    return [door for door in doors() if door.verb == "get" and door.scope(Role.FAMILY)]


class Family:
    """The daughter of a world, who looks everywhere."""

    def __init__(self, world: World) -> None:
        """Signed in, in a browser and by a program."""
        self.world = world
        self.user = world.users[Role.FAMILY]
        self.browser, self.program = signed_in(self.user), with_token(self.user)
        self.resident = self.user.contacts.select_related("resident").get().resident
        Consent.objects.update(withdrawn_at=NOON)
        names = {model: model._meta.app_label for model in world.keys}
        self.things = {
            str(key): names[model]
            for model, keys in world.keys.items()
            for key in keys
            if isinstance(key, UUID)
        }
        while journal.number_committed():
            pass

    @property
    def actor(self) -> Actor:
        """As she is now."""
        return actor_of(self.user)

    def sees(self, *items: str) -> Shown:
        """What she sees anywhere while exactly these items are shared: package and key."""
        with transaction.atomic():
            shares(self.resident, *items)
            with clock.set_to(NOON):
                shown = frozenset(self._looked())
            transaction.set_rollback(True)
        return shown

    def _looked(self) -> Iterator[tuple[str, str]]:
        for door in family_doors():
            text = self._asked(door)
            yield from ((app, key) for key, app in self.things.items() if key in text)
        for event in journal.since(0, viewpoint=self.actor.viewpoint()):
            if event.resident_id and not self.actor.viewpoint().references & set(event.audience):
                yield "event", event.type

    def _asked(self, door: Door) -> str:
        client: Client = self.program if door.is_api else self.browser
        address = door.address(lambda name: self.world.key(name, door.resource, self.user))
        return client.get(address).content.decode()


def test_with_exactly_one_consent_only_its_own_things_are_shown() -> None:
    family = Family(a_world())
    without = family.sees()
    opened = {item: family.sees(item) - without for item in Item}

    wrong = [
        (item, app, key)
        for item, shown in opened.items()
        for app, key in shown
        if app != "event" and item not in OF_APP.get(app, set())
    ]
    assert wrong == []
    twice = {(one, other) for one, other in combinations(Item, 2) if opened[one] & opened[other]}
    assert twice == set()
    for item, shown in opened.items():
        events = {key for app, key in shown if app == "event"}
        assert all(event.startswith(SHARED_BY.get(item, ())) for event in events)
    assert all(opened[item] for item in (Item.ALERTS, Item.VISITS, Item.WELLBEING, Item.ASSISTANCE))


def test_a_fact_of_the_day_is_asked_under_its_own_consent_only() -> None:
    family = Family(a_world())
    asked = 0
    for source in today._sources.values():
        if source.consent is None:
            continue
        asked += 1
        with transaction.atomic():
            shares(family.resident, *(item for item in Item if item != source.consent))
            facts = today.facts_for(family.actor, family.resident.pk, now=NOON)
            transaction.set_rollback(True)
        hidden = [each for each in facts if each.name == source.name]
        assert [(each.is_shared, each.fact) for each in hidden] == [(False, None)], source.name
    assert asked
