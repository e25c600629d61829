"""Whoever is shown a phone, a door code, an ID number or health of somebody leaves a row.

Doors are found from the URLconf: one that is built later is walked without being named here.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from backend.accounts.models import Role, User
from backend.audit.models import AuditRow
from backend.core import clock
from backend.people.models import Contact, Household, Resident
from tests.builders import NOON, signed_in, with_token
from tests.doors import Door, doors
from tests.worlds import World, a_world

pytestmark = pytest.mark.django_db

ROLES = (Role.CAREGIVER, Role.OPERATOR, Role.OFFICER)
"""One of each reach; residents read of themselves, and the others of no person."""
SENSITIVE = {
    "id_number": "320211194001017777",
    "conditions": "a heart that stumbles",
    "allergies": "hives from penicillin",
    "medicines": "warfarin at eight",
    "responder_notes": "hears on the left only",
}
ENTRY = {
    "door_code": "8642-CODE",
    "key_holder": "Aunt Zhou below",
    "entry_notes": "push the door hard",
}
SPACES = re.compile(r"[\s\-]|&nbsp;")


def told(world: World) -> dict[str, str]:
    """What is sensitive of a world's resident, by the name of its field."""
    resident = Resident.objects.get(pk__in=world.keys[Resident])
    Resident.objects.filter(pk=resident.pk).update(**SENSITIVE)
    Household.objects.filter(pk=resident.household_id).update(**ENTRY)
    phones = {"phone": resident.phone} | {
        f"contacts.{n}": contact.phone
        for n, contact in enumerate(Contact.objects.filter(resident=resident))
    }
    return {**SENSITIVE, **ENTRY, **phones}


def shown(client: Client, door: Door, url: str, secrets: dict[str, str]) -> list[str]:
    """The sensitive fields that an answer shows without leaving a row."""
    with transaction.atomic():
        before = AuditRow.objects.count()
        answer = client.get(url)
        is_recorded = AuditRow.objects.count() > before
        transaction.set_rollback(True)
    if is_recorded or answer.streaming:
        return []
    content = SPACES.sub("", answer.content.decode(errors="replace"))
    return [
        name
        for name, value in secrets.items()
        if SPACES.sub("", value).removeprefix("+86") in content
    ]


def address(door: Door, world: World, user: User) -> str:
    return door.address(lambda name: world.key(name, door.resource, user))


def unrecorded(role: Role) -> Iterator[str]:
    world = a_world()
    secrets, user = told(world), world.users[role]
    clients = {True: with_token(user), False: signed_in(user)}
    for door in doors():
        if door.verb != "get" or not door.resource or door.scope(role) is None:
            continue
        if fields := shown(clients[door.is_api], door, address(door, world, user), secrets):
            yield f"{door}: {', '.join(fields)}"


@pytest.mark.parametrize("role", ROLES)
def test_what_is_sensitive_is_never_shown_without_a_row(role: Role) -> None:
    with clock.set_to(NOON):
        assert "\n".join(unrecorded(role)) == ""
