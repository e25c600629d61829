"""What contacts are told under a consent is not said once it is taken back."""

import pytest

from backend.core import journal, readers
from backend.people.actions import withdraw_consent
from backend.people.models import Consent, Contact
from notifications import templates
from notifications.actions import Recipient, begin_attempt
from notifications.actions.attempting import NOT_SHARED
from notifications.models import Channel, Delivery
from tests.builders import NOON, a_contact, a_delivery, a_resident, reloaded
from tests.services.trust.builders import shares

pytestmark = pytest.mark.django_db

State = Delivery.State
TOLD = [(item, name) for item in Consent.Item for name in templates.told_under(item)]
"""Every message that contacts get under a consent, found from the templates."""


def owed_to(contact: Contact, template: str) -> Delivery:
    to = Recipient(f"contact:{contact.pk}", contact.name, contact.phone, contact.language)
    return a_delivery(
        to=to,
        template=template,
        channel=Channel.SMS,
        priority=Delivery.Priority.ROUTINE,
        resident_id=contact.resident_id,
        context={},
    )


def test_there_are_messages_under_the_consents_that_families_are_told_by() -> None:
    assert {item for item, _ in TOLD} >= {"visits", "wellbeing", "assistance"}


@pytest.mark.parametrize(("item", "template"), TOLD)
def test_a_contact_is_told_under_its_own_consent_and_under_no_other(
    item: str, template: str, caplog: pytest.LogCaptureFixture
) -> None:
    others, this = a_resident(), a_resident()
    shares(others, *(each for each in Consent.Item if each != item))
    shares(this, item)

    with caplog.at_level("CRITICAL"):
        refused = owed_to(a_contact(resident=others), template)
        begun = begin_attempt(owed_to(a_contact(resident=this), template), now=NOON)

        assert begin_attempt(refused, now=NOON) is None
    assert (reloaded(refused).state, reloaded(refused).failure) == (State.STOPPED, NOT_SHARED)
    assert begun is not None


def test_the_resident_themselves_is_told_without_sharing() -> None:
    elder = a_resident()
    to = Recipient(f"resident:{elder.pk}", elder.name, "+8613900000000", "zh-hans")
    assert begin_attempt(a_delivery(to=to, template="case_kept", asks=False), now=NOON)


def test_what_is_owed_ends_with_the_withdrawal_and_what_is_owed_by_others_stays() -> None:
    elder = a_resident()
    shares(elder, Consent.Item.VISITS, Consent.Item.WELLBEING)
    contact = a_contact(resident=elder)
    visits, wellbeing = (
        owed_to(contact, name) for name in ("visit_family_left", "reminder_family_not_done")
    )

    withdraw_consent(elder.consents.get(item="visits"), by="user:1", now=NOON)
    journal.number_committed()
    readers.read_on(now=NOON)

    assert reloaded(visits).state == State.STOPPED
    assert reloaded(wellbeing).state == State.OWED
