"""Every door × every role × {own, foreign, former}: served as the access table says, and nobody
sees another's things.

Doors are found from the URLconf and the rows from the table, so that a door added later is walked
without being named here. The worlds are made once for all tests, in a transaction that none keeps.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle, filterfalse

import pytest
from channels.routing import URLRouter
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse
from pytest_django import DjangoDbBlocker

from backend.accounts import access
from backend.accounts.access import Scope
from backend.accounts.actors import actor_of
from backend.accounts.middleware import DECLARED
from backend.accounts.models import STAFF_ROLES, AccessToken, Role, User
from backend.core import clock, journal
from backend.core.models import JournalEvent
from backend.people.models import Contact, Guardianship
from backend.web import panels
from backend.web.consumers import JournalConsumer
from backend.web.panels import Place
from backend.web.sockets import application
from tests.builders import NOON, Answer, a_user, signed_in, with_token
from tests.doors import Door, declared, doors
from tests.walk import Town, Visitor, ask, knock

pytestmark = pytest.mark.django_db

LONG_AGO = NOON.replace(year=2020)
LEADS = re.compile(r'(?:href|action|hx-get|name|value)="([^"?#]+)')
MADE_ANEW = re.compile("[0-9a-zA-Z]{64}|[0-9a-f]{32}").fullmatch
"""Tokens and keys of forms, other ones on each page."""


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """Three worlds for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Town.built()
        transaction.set_rollback(True)


def test_every_door_says_whom_it_serves_and_open_ones_say_why() -> None:
    assert [str(door) for door in doors() if not door.is_declared] == []


def test_no_open_door_names_a_thing_by_a_number_that_can_be_counted_up() -> None:
    open_ones = [door for door in doors() if door.open_because]
    assert open_ones
    assert [str(door) for door in open_ones if re.search(r"<int:|\\d|\[0-9\]", door.route)] == []


def test_every_declared_door_is_opened_to_somebody() -> None:
    rows = {(row.resource, row.action) for row in access.table()}

    shut = [str(door) for door in declared() if (door.resource, door.action) not in rows]
    assert shut == []


@pytest.mark.parametrize("role", Role)
def test_each_role_is_served_what_the_table_grants_and_nothing_else(role: Role, town: Town) -> None:
    visitor = Visitor.of(town, role)

    with clock.set_to(NOON):
        wrong = [f"{door}: {fault}" for door in declared() for fault in visitor.faults(door)]

    assert "\n".join(wrong) == ""


def opened(family: Visitor) -> dict[str, tuple[int, frozenset[str]]]:
    """What each door says to somebody about their own: its status, and what is pressed there."""
    found = {}
    for door in declared():
        if door.scope(Role.FAMILY) is None:
            continue
        client = family.program if door.is_api else family.browser
        answer = knock(client, door, family.town.own, family.user)
        pressed = set(LEADS.findall(answer.content.decode()))
        found[str(door)] = (answer.status_code, frozenset(filterfalse(MADE_ANEW, pressed)))
    return found


def test_a_guardian_whose_paper_has_ended_is_a_contact_like_others(town: Town) -> None:
    resident = town.own.users[Role.RESIDENT].resident
    family = Visitor.of(town, Role.FAMILY)
    contact = family.user.contacts.get(resident=resident)
    yesterday = NOON.date() - timedelta(days=1)

    with transaction.atomic(), clock.set_to(NOON):
        paper = Guardianship.objects.filter(contact=contact)
        paper.update(verified_at=NOON, verified_by="user:2", since=yesterday, ended_at=None)
        as_guardian = opened(family)
        paper.update(ends_on=yesterday)
        as_former = opened(family)
        paper.update(verified_at=None, verified_by="")
        Contact.objects.filter(pk=contact.pk).update(is_guardian=False)
        as_contact = opened(family)
        transaction.set_rollback(True)

    more = [door for door, said in as_guardian.items() if said != as_contact[door]]
    left = [door for door, said in as_former.items() if said != as_contact[door]]
    assert more
    assert left == []


def served(
    client: Client, refused: Callable[[Door, Answer], bool], role: Role, town: Town
) -> list[str]:
    """The doors that serve somebody whom each should refuse."""
    world = town.own
    answers = ((door, knock(client, door, world, world.users[role])) for door in declared())
    return [
        f"{door}: {answer.status_code}"
        for door, answer in answers
        if not refused(door, answer) and (door.is_api or answer.status_code != 405)
    ]


def told_to_sign_in(door: Door, answer: Answer) -> bool:
    """Whether somebody unknown is told to sign in."""
    if door.is_api:
        return answer.status_code == 401
    return answer.get("Location", "").startswith("/sign-in/")


def test_who_is_not_signed_in_is_told_to_sign_in(town: Town) -> None:
    assert served(Client(), told_to_sign_in, Role.OPERATOR, town) == []


def test_a_revoked_token_and_a_closed_account_open_no_door(town: Town) -> None:
    user = town.own.users[Role.LEAD]
    revoked, closed = with_token(user), with_token(user)
    browser = signed_in(user)
    newest, before = AccessToken.objects.filter(user=user).order_by("-pk")[:2]
    AccessToken.objects.filter(pk=before.pk).update(revoked_at=LONG_AGO)
    of_programs = [door for door in declared() if door.is_api]

    assert {knock(revoked, d, town.own, user).status_code for d in of_programs} == {401}
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert newest.revoked_at is None
    assert {knock(closed, d, town.own, user).status_code for d in of_programs} == {401}
    pages = [door for door in declared() if not door.is_api]
    assert [d for d in pages if knock(browser, d, town.own, user).status_code == 200] == []


def asked_for_the_second_factor(door: Door, answer: Answer) -> bool:
    """Whether somebody who showed one factor only is sent to show the other."""
    if door.is_api:
        return answer.status_code in {401, 403}
    return answer.get("Location", "") == "/sign-in/second-factor/"


def test_staff_with_one_factor_reach_no_data(town: Town) -> None:
    """Each door is tried by one role, the roles in turn: all are asked the same, and first."""
    browsers = {role: Client() for role in sorted(STAFF_ROLES)}
    for role, browser in browsers.items():
        browser.force_login(a_user(role=role))

    tried = zip(declared(), cycle(browsers.items()), strict=False)
    answers = [
        (door, knock(browser, door, town.own, town.own.users[role]))
        for door, (role, browser) in tried
    ]

    open_to_them = [
        str(door)
        for door, answer in answers
        if not asked_for_the_second_factor(door, answer)
        and (door.is_api or answer.status_code != 405)
    ]
    assert open_to_them == []


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
    role: Role, consumer: type[JournalConsumer], town: Town
) -> None:
    viewpoint = consumer().viewpoint(actor_of(town.own.users[role]))
    if viewpoint is None:
        return
    scope = access.scope_of(role, "journal", "read")
    while journal.number_committed():
        pass

    others = town.former.keys[JournalEvent] + (
        [] if scope is Scope.AREA else town.beside.keys[JournalEvent]
    )

    assert not journal.since(0, viewpoint=viewpoint).filter(pk__in=others).exists()


NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("place", Place)
def test_a_panel_is_offered_to_those_whom_its_door_serves(place: Place) -> None:
    taken = [] if place in panels.TAKES_NOTHING else [NOBODY]
    refused = []
    for panel in panels.registered(place):
        door = getattr(resolve(reverse(panel.url, args=taken)).func, DECLARED)
        for role in Role:
            is_offered = access.scope_of(role, panel.resource, panel.action)
            if is_offered and not access.scope_of(role, door[0], door[1]):
                refused.append(f"{panel.url} to {role}")

    assert refused == []


def test_being_called_superuser_or_staff_grants_nothing() -> None:
    user = a_user(role=Role.FAMILY)
    named = {field.name for field in User._meta.get_fields()}
    user.is_superuser = user.is_staff = True  # type: ignore[attr-defined]

    assert named.isdisjoint({"is_superuser", "is_staff", "groups", "user_permissions"})
    granted = [
        (row.resource, row.action)
        for row in access.table()
        if actor_of(user).scope(row.resource, row.action)
        != access.scope_of(Role.FAMILY, row.resource, row.action)
    ]
    assert granted == []


def test_there_is_no_admin_site_and_no_door_to_files_of_people() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    strange = [
        door.route
        for door in doors()
        if "admin" in door.route.split("/") or door.route.startswith(settings.MEDIA_URL or "media/")
    ]
    assert strange == []
