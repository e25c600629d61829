"""Consents: one item at a time, by the person or their guardian, withdrawn at once."""

from datetime import timedelta

import pytest

from backend.core.models import JournalEvent
from backend.people.actions import give_consent, withdraw_consent
from backend.people.errors import ConsentInForce, NotTheirGuardian
from backend.people.models import Consent, Contact, Resident
from backend.people.queries import consents_in_force
from tests.builders import NOON, a_contact, a_guardian, a_resident

pytestmark = pytest.mark.django_db
BY = "user:somebody"
HEALTH, LOCATION = Consent.Item.HEALTH, Consent.Item.LOCATION


def given(
    resident: Resident, item: Consent.Item = HEALTH, guardian: Contact | None = None
) -> Consent:
    return give_consent(
        resident=resident, item=item, purpose="女儿查看", guardian=guardian, by=BY, now=NOON
    )


def test_one_item_never_opens_another() -> None:
    resident = a_resident()
    given(resident, HEALTH)
    assert consents_in_force(resident.pk) == {"health"}


def test_a_withdrawn_consent_is_not_in_force_and_stays_on_record() -> None:
    resident = a_resident()
    consent = withdraw_consent(given(resident), by=BY, now=NOON + timedelta(days=1))
    assert consents_in_force(resident.pk) == set()
    assert (consent.given_at, consent.withdrawn_at) == (NOON, NOON + timedelta(days=1))


def test_withdrawing_again_changes_nothing() -> None:
    consent = withdraw_consent(given(a_resident()), by=BY, now=NOON)
    again = withdraw_consent(consent, by=BY, now=NOON + timedelta(days=1))
    assert again.withdrawn_at == NOON
    assert JournalEvent.objects.filter(type="consent.withdrawn").count() == 1


def test_an_item_is_in_force_once_and_can_be_given_again_after_it_was_withdrawn() -> None:
    resident = a_resident()
    first = given(resident)
    with pytest.raises(ConsentInForce):
        given(resident)
    withdraw_consent(first, by=BY, now=NOON)
    given(resident)
    assert resident.consents.count() == 2


def test_only_their_own_guardian_decides_for_a_resident() -> None:
    resident = a_resident()
    guardian = a_guardian(resident=resident)
    assert given(resident, HEALTH, guardian).given_by == f"contact:{guardian.pk}"
    for other in (a_contact(resident=resident), a_guardian()):
        with pytest.raises(NotTheirGuardian):
            given(resident, LOCATION, other)
