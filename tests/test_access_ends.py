"""Access ends with its reason: an area's when somebody moves away, a caregiver's when what
concerned a resident is handed on.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from backend.accounts.access import Scope
from backend.accounts.models import Role
from backend.core import clock
from backend.people.actions import change_resident
from backend.people.models import Caregiver, Resident
from services.alerts.actions import assign_alert, raise_alert
from services.alerts.models import Alert
from services.emergencies.actions import decline_call, resolve_call
from services.emergencies.actions.responding import Responder
from services.emergencies.models import EmergencyCall
from services.trust.models import RecordOpening
from services.visits.actions import assign_visit
from services.visits.models import Visit
from services.visits.queries import ACTS
from services.wellbeing.actions import assign_watched, watch_everybody
from services.wellbeing.models import Watched
from tests.builders import NOON, a_caregiver, a_resident, a_ringing_call, an_offer
from tests.doors import Door, declared
from tests.services.visits.builders import a_visit
from tests.walk import Town, Visitor, knock
from tests.worlds import World

pytestmark = pytest.mark.django_db

BY = "user:1"
SECRETS = {
    "phone": "+8613912345678",
    "door_code": "73914#",
    "conditions": "高血压三级",
    "medicines": "华法林",
    "responder_notes": "后门钥匙在花盆下",
}
ONCE_TOLD = {
    "GET /desk/calls/<uuid:call_id>/",
    "GET /desk/enrol/<uuid:enrolment_id>/person/",
    "GET /desk/residents/<uuid:resident_id>/",
}


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """Worlds of this file's own, in a transaction that none keeps."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Town.built()
        transaction.set_rollback(True)


def test_of_somebody_who_moved_away_the_old_area_is_told_nothing_more(town: Town) -> None:
    staff = [Visitor.of(town, role) for role in (Role.LEAD, Role.OPERATOR, Role.OFFICER)]

    with transaction.atomic(), clock.set_to(NOON):
        resident = with_secrets(town.own)
        before = [door for door in declared() if door.verb == "get" and tells(staff[0], door)]
        moves(resident, to=town.former, leaving=town.own)
        after = [str(door) for each in staff for door in before if tells(each, door)]
        transaction.set_rollback(True)

    assert {str(door) for door in before} >= ONCE_TOLD
    assert after == []


def with_secrets(world: World) -> Resident:
    """The resident of a world with things to tell, none of which another shares."""
    resident = world.users[Role.RESIDENT].resident
    assert resident is not None
    return change_resident(Resident.objects.get(pk=resident.pk), changes=SECRETS, by=BY, now=NOON)


def moves(resident: Resident, *, to: World, leaving: World) -> None:
    """Move somebody to a home elsewhere, when nothing is open any more that would need them."""
    lead = leaving.users[Role.LEAD].reference
    for call in EmergencyCall.objects.filter(pk__in=leaving.keys[EmergencyCall]):
        resolve_call(call, by=lead, outcome=EmergencyCall.Outcome.HELPED, now=NOON)
    openings = RecordOpening.objects.filter(pk__in=leaving.keys[RecordOpening])
    openings.update(closed_at=NOON)
    there = to.users[Role.RESIDENT].resident
    assert there is not None
    change_resident(resident, changes={"household": there.household}, by=BY, now=NOON)


def tells(visitor: Visitor, door: Door) -> bool:
    """Whether a door of one's own area says of its resident what is nobody's business."""
    if door.scope(visitor.user.role) is not Scope.AREA:
        return False
    answer = knock(client_for(visitor, door), door, visitor.town.own, visitor.user)
    return any(secret in answer.content.decode() for secret in SECRETS.values())


def client_for(visitor: Visitor, door: Door) -> Client:
    return visitor.program if door.is_api else visitor.browser


def test_what_a_caregiver_handed_on_opens_no_door_to_them_any_more(town: Town) -> None:
    visitor = Visitor.of(town, Role.CAREGIVER)
    caregiver = visitor.user.caregiver
    assert caregiver is not None

    with transaction.atomic(), clock.set_to(NOON):
        given = in_the_hands_of(caregiver, like_world=town.former)
        before = doors_that_open(visitor, given)
        hand_on(given, caregiver, to=a_caregiver(area=given.grid, skills=caregiver.skills))
        after = doors_that_open(visitor, given)
        transaction.set_rollback(True)

    assert {door.resource for door in before} >= {"residents", "visits", "alerts", "calls"}
    assert [str(door) for door in after if not is_act_of_a_visit(door)] == []


def is_act_of_a_visit(door: Door) -> bool:
    """What a telephone without network may still have to send."""
    return door.resource == "visits" and door.action in ACTS


def in_the_hands_of(caregiver: Caregiver, *, like_world: World) -> World:
    """Somebody far away whom a caregiver is to visit, look after, keep in touch with, and help."""
    resident = a_resident(area=like_world.grid)
    call = a_ringing_call(resident=resident)
    an_offer(call, to=caregiver)
    alert = raise_alert(kind="water", area=like_world.grid, resident=resident, now=NOON)
    assign_alert(alert, to=caregiver, by=BY, now=NOON)
    visit = a_visit(to=resident, carers=(caregiver,))
    watch_everybody(now=NOON)
    Watched.objects.filter(resident=resident).update(assigned_to=caregiver)
    keys = {Resident: [resident.pk], EmergencyCall: [call.pk], Alert: [alert.pk], Visit: [visit.pk]}
    return replace(like_world, keys={**like_world.keys, **keys}, _found={})


def hand_on(given: World, caregiver: Caregiver, *, to: Caregiver) -> None:
    """Give all of it to another, and say that one cannot go to the call."""
    resident = Resident.objects.get(pk__in=given.keys[Resident])
    call = EmergencyCall.objects.get(pk__in=given.keys[EmergencyCall])
    decline_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)
    assign_alert(Alert.objects.get(pk__in=given.keys[Alert]), to=to, by=BY, now=NOON)
    visit = Visit.objects.get(pk__in=given.keys[Visit])
    assign_visit(visit, caregivers=[to], by=BY, now=NOON)
    assign_watched(resident, caregiver=to, by=BY, now=NOON)


def doors_that_open(visitor: Visitor, given: World) -> list[Door]:
    """The doors to things of that resident which answer otherwise than to a key of nothing."""
    return [
        door
        for door in declared()
        if door.parameters
        and door.scope(visitor.user.role) is Scope.ASSIGNED
        and knock(client_for(visitor, door), door, given, visitor.user).status_code
        not in (404, 405)
    ]
