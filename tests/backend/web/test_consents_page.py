"""The page of what is shared with whom: who decides, who reads, and what follows at once."""

import pytest
from django.test import Client

from backend.accounts.actors import actor_of
from backend.accounts.models import User
from backend.core import clock, journal
from backend.core.models import JournalEvent
from backend.people.actions import give_consent, withdraw_consent
from backend.people.models import Consent, Contact, Resident
from backend.people.queries import consents_in_force
from services.alerts.actions import raise_alert
from tests.builders import (
    NOON,
    Answer,
    a_contact,
    a_family_account,
    a_guardianship,
    a_resident,
    a_resident_account,
    reloaded,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident() -> Resident:
    """Somebody with a daughter."""
    return a_resident()


@pytest.fixture
def daughter(resident: Resident) -> Contact:
    """Their first contact."""
    return a_contact(resident=resident)


def ask(client: Client, resident: Resident, act: str, **said: object) -> Answer:
    with clock.set_to(NOON):
        return client.post(f"/consents/{resident.pk}/{act}/", said)


def shares(resident: Resident, item: str) -> Consent:
    return give_consent(
        resident=resident, item=Consent.Item(item), purpose="x", by="user:1", now=NOON
    )


def test_a_resident_gives_and_withdraws_with_one_press(resident: Resident) -> None:
    client = signed_in(a_resident_account(resident))

    ask(client, resident, "give", item="alerts")
    assert consents_in_force(resident.pk) == {"alerts"}

    ask(client, resident, "withdraw", item="alerts")
    assert consents_in_force(resident.pk) == frozenset()


def test_a_contact_reads_and_decides_nothing(resident: Resident, daughter: Contact) -> None:
    shares(resident, "visits")
    client = signed_in(a_family_account(daughter))

    page = client.get("/consents/").content.decode()
    ask(client, resident, "withdraw", item="visits")

    assert daughter.name in page
    assert "withdraw-" not in page
    assert consents_in_force(resident.pk) == {"visits"}


def test_a_guardian_decides_and_stands_in_the_record(resident: Resident, daughter: Contact) -> None:
    a_guardianship(daughter)
    client = signed_in(a_family_account(daughter))

    ask(client, resident, "give", item="health")

    assert Consent.objects.get().given_by == f"contact:{daughter.pk}"


def test_an_unknown_item_changes_nothing(resident: Resident) -> None:
    client = signed_in(a_resident_account(resident))

    assert ask(client, resident, "give", item="everything").status_code == 302
    assert not Consent.objects.exists()


def test_a_contact_who_is_shut_out_sees_nothing_and_stays_a_contact(
    resident: Resident, daughter: Contact
) -> None:
    family = a_family_account(daughter)
    client = signed_in(a_resident_account(resident))

    ask(client, resident, "end-access", contact=daughter.pk)

    assert actor_of(reloaded(family)).household_resident_ids == frozenset()
    assert resident.contacts.get() == daughter
    assert JournalEvent.objects.filter(type="contact.access_ended").exists()


def seen_by(user: User) -> list[str]:
    journal.number_committed()
    events = journal.since(0, viewpoint=actor_of(user).viewpoint())
    return list(events.values_list("type", flat=True))


def test_the_journal_tells_a_family_of_alerts_only_while_they_are_shared(
    resident: Resident, daughter: Contact
) -> None:
    family = a_family_account(daughter)
    raise_alert(kind="water", area=resident.area, resident=resident, now=NOON)
    assert "alert.raised" not in seen_by(family)

    consent = shares(resident, "alerts")
    assert "alert.raised" in seen_by(family)

    withdraw_consent(consent, by="user:1", now=NOON)
    assert "alert.raised" not in seen_by(family)
    assert "consent.withdrawn" in seen_by(family)


def test_hidden_events_are_the_same_for_sockets_and_for_the_database(
    resident: Resident, daughter: Contact
) -> None:
    family = a_family_account(daughter)
    shares(resident, "visits")
    raise_alert(kind="water", area=resident.area, resident=resident, now=NOON)
    journal.number_committed()
    viewpoint = actor_of(family).viewpoint()

    by_database = set(journal.since(0, viewpoint=viewpoint).values_list("pk", flat=True))
    by_socket = {each.pk for each in journal.since(0) if viewpoint.sees(each)}

    assert by_database == by_socket


def test_the_family_card_shows_alerts_only_by_consent(
    resident: Resident, daughter: Contact
) -> None:
    client = signed_in(a_family_account(daughter))
    raise_alert(kind="water", area=resident.area, resident=resident, now=NOON)
    address = f"/family/{resident.pk}/alerts/"

    before = client.get(address).content.decode()
    shares(resident, "alerts")
    after = client.get(address).content.decode()

    assert ("<li>" in before, "<li>" in after) == (False, True)


def test_the_way_to_undo_is_still_there_when_the_page_fetches_itself_anew() -> None:
    hers = signed_in(a_resident_account(a_resident()))

    page = hers.get("/consents/?undo=visits").content.decode()

    assert 'hx-get="/consents/?undo=visits"' in page
