"""The consent race: whatever is under way when a consent is taken back, nothing is shown after.

Readers and the engine of deliveries run while it is taken back; what they begin afterwards shows
and brings nothing. The open page and its socket have the same promise in
`browser/test_consent_withdrawn.py` and `web/test_live.py`.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest

from backend.accounts.actors import actor_of
from backend.core import clock
from backend.people.actions import withdraw_consent
from backend.people.models import Consent, Contact, Resident
from notifications.actions import Recipient, begin_attempt, owe
from notifications.actions.attempting import NOT_SHARED
from notifications.models import Attempt, Channel, Delivery
from services.visits.queries import visits_visible_to
from tests.builders import a_contact, a_family_account, a_resident, with_token
from tests.services.trust.builders import shares
from tests.services.visits.builders import a_visit
from tests.threads import PATIENCE_S, at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS, OWED = 6, 21
WITHIN = timedelta(seconds=2)
"""Our promise, for what began before. Source: PIPL, article 15 (withdrawal)."""


@dataclass(frozen=True)
class Seen:
    """One look: when it began and ended, and whether it showed anything."""

    began_at: datetime
    ended_at: datetime
    shows: bool


def a_mother_and_daughter() -> tuple[Resident, Contact]:
    """She shares her visits."""
    mother = a_resident()
    shares(mother, Consent.Item.VISITS)
    return mother, a_contact(resident=mother)


def test_reads_in_flight_show_nothing_once_it_is_taken_back() -> None:
    mother, daughter = a_mother_and_daughter()
    visit = a_visit(to=mother)
    account = a_family_account(daughter)
    program = with_token(account)
    withdrawn = threading.Event()

    def look() -> list[Seen]:
        looks = []
        after = 0
        while after < ROUNDS:
            after += withdrawn.is_set()
            began_at = clock.now()
            shows = program.get(f"/api/v1/visits/{visit.pk}/").status_code == HTTPStatus.OK
            looks.append(Seen(began_at, clock.now(), shows))
        return looks

    def take_back() -> list[Seen]:
        withdraw_consent(mother.consents.get(), by="user:1", now=clock.now())
        withdrawn.set()
        return []

    assert visits_visible_to(actor_of(account)).exists()
    looks = at_once(look, look, take_back)
    gone_at = mother.consents.get().withdrawn_at
    assert gone_at is not None
    late = [each for each in [*looks[0], *looks[1]] if each.shows and each.ended_at > gone_at]

    assert [each for each in late if each.ended_at - gone_at > WITHIN] == []
    assert not [*looks[0]][-1].shows
    assert not visits_visible_to(actor_of(account)).exists()


def owed_to(daughter: Contact, *, run: str, now: datetime, template: str) -> Delivery:
    """Something a contact is still to be told."""
    to = Recipient(f"contact:{daughter.pk}", daughter.name, daughter.phone, daughter.language)
    delivery = owe(
        cause="visit:1",
        step_run=run,
        to=to,
        channel=Channel.SMS,
        template=template,
        context={"who": "", "carer": "", "time": ""},
        asks=False,
        priority=Delivery.Priority.ROUTINE,
        now=now,
        resident_id=daughter.resident_id,
    )
    assert delivery is not None
    return delivery


def test_what_was_owed_before_is_not_sent_after_however_many_are_being_sent() -> None:
    mother, daughter = a_mother_and_daughter()
    now = clock.now()
    owed = [
        owed_to(daughter, run=str(number), now=now, template="visit_family_arrived")
        for number in range(OWED)
    ]
    begun = threading.Event()

    def bring(some: list[Delivery]) -> int:
        sent = 0
        for delivery in some:
            sent += begin_attempt(delivery, now=clock.now()) is not None
            begun.set()
        return sent

    def take_back() -> int:
        begun.wait(PATIENCE_S)
        withdraw_consent(mother.consents.get(), by="user:1", now=clock.now())
        return bring(owed[-1:])

    half = (OWED - 1) // 2
    *sent, sent_after = at_once(lambda: bring(owed[:half]), lambda: bring(owed[half:-1]), take_back)

    gone_at = mother.consents.get().withdrawn_at
    assert gone_at is not None
    assert sent_after == 0
    assert Attempt.objects.count() == sum(sent) >= 1
    assert not Attempt.objects.filter(started_at__gt=gone_at + WITHIN).exists()
    refused = Delivery.objects.filter(failure=NOT_SHARED, state=Delivery.State.STOPPED)
    assert refused.count() == OWED - sum(sent)
