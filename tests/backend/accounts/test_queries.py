"""A scope is a condition: it reaches what it says, and an empty link reaches nothing."""

from uuid import UUID

import pytest
from django.db.models import QuerySet

from backend.accounts import queries
from backend.accounts.access import Scope
from backend.accounts.actors import Actor, actor_of
from backend.accounts.window import Window
from backend.people.models import Contact, Resident
from tests.builders import (
    a_caregiver,
    a_contact,
    a_family_account,
    a_resident,
    a_resident_account,
    a_user,
    an_area,
)

pytestmark = pytest.mark.django_db


def reached(actor: Actor, scope: Scope | None) -> set[UUID]:
    """Residents a scope reaches; through their contacts the same."""
    residents = Resident.objects.filter(queries.residents_condition(actor, scope))
    contacts = Contact.objects.filter(queries.residents_condition(actor, scope, at="resident"))
    keys = set(residents.values_list("pk", flat=True))
    assert set(contacts.values_list("resident_id", flat=True)) == keys
    return keys


def a_resident_with_contact(**fields: object) -> Resident:
    """A resident whom somebody is a contact of."""
    resident = a_resident(**fields)  # type: ignore[arg-type]
    a_contact(resident=resident)
    return resident


def test_an_area_reaches_those_who_live_below_it() -> None:
    street = an_area(parent=an_area())
    below, _beside = a_resident_with_contact(area=an_area(parent=street)), a_resident_with_contact()

    assert reached(actor_of(a_user(role="operator", area=street)), Scope.AREA) == {below.pk}


def test_family_reach_whom_they_are_contacts_of_and_residents_themselves() -> None:
    mother, father, _neighbour = (a_resident_with_contact() for _ in range(3))
    contacts = [*mother.contacts.all(), *father.contacts.all()]

    daughter = actor_of(a_family_account(*contacts))
    assert reached(daughter, Scope.HOUSEHOLD) == {mother.pk, father.pk}
    assert reached(actor_of(a_resident_account(mother)), Scope.SELF) == {mother.pk}


def test_caregivers_reach_who_was_assigned_to_them_by_any_package_above(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called, visited, _other = (a_resident_with_contact() for _ in range(3))
    caregiver = a_caregiver()

    def assigned(resident: Resident) -> queries.Assignment:
        def to(caregiver_id: UUID, _window: Window) -> QuerySet[Resident, UUID | None]:
            mine = [resident.pk] if caregiver_id == caregiver.pk else []
            return Resident.objects.filter(pk__in=mine).values_list("pk", flat=True)

        return to

    monkeypatch.setattr(queries, "_assignments", [])
    actor = actor_of(a_user(role="caregiver", caregiver=caregiver))
    assert reached(actor, Scope.ASSIGNED) == set()
    for resident in (called, visited):
        queries.register_assignment(assigned(resident))

    assert reached(actor, Scope.ASSIGNED) == {called.pk, visited.pk}


@pytest.mark.parametrize("scope", [None, *Scope])
def test_an_account_without_links_reaches_nobody(scope: Scope | None) -> None:
    resident = a_resident_with_contact()
    unlinked = actor_of(a_user(role="family"))

    assert reached(unlinked, scope) == ({resident.pk} if scope is Scope.ALL else set())


def test_what_lies_in_an_area_is_found_by_the_field_that_holds_its_path() -> None:
    resident = a_resident()
    actor = actor_of(a_user(role="operator", area=resident.area))
    elsewhere = actor_of(a_user(role="operator"))

    def seen(by: Actor, scope: Scope | None) -> bool:
        condition = queries.areas_condition(by, scope, path="household__address__area__path")
        return Resident.objects.filter(condition).exists()

    assert seen(actor, Scope.AREA)
    assert not seen(elsewhere, Scope.AREA)
    assert not seen(actor, None)
    assert seen(elsewhere, Scope.ALL)
