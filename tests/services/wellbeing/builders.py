"""Reminders, days and whom nobody has heard of, with sensible defaults."""

from datetime import date, time, timedelta
from itertools import count
from typing import Any

from backend.core import journal, readers
from backend.people.actions import give_consent
from backend.people.models import Consent, Resident
from notifications.actions import reply_by_key
from notifications.models import Attempt, Delivery
from notifications.replies import Spoken
from notifications.senders.states import AttemptState
from services.wellbeing import actions
from services.wellbeing.actions.answering import Answerer
from services.wellbeing.models import Occurrence, Reminder, Way
from tests.builders import NOON, a_contact, a_phone, a_resident

TODAY = date(2026, 11, 23)
"""A Monday; NOON is 12:00 of it in Shanghai."""
BY = "user:lead"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_count = count(1)


def a_reminder(*, resident: Resident | None = None, now: Any = None, **fields: Any) -> Reminder:
    """A medicine every day at noon, set an hour before."""
    details = {
        "kind": Reminder.Kind.MEDICINE,
        "text": "氨氯地平一片",
        "rule": "FREQ=DAILY",
        "times": [time(12, 0)],
        **fields,
    }
    return actions.set_reminder(
        resident=resident or a_mother(),
        details=details,
        by=BY,
        by_name="王丽",
        now=now or NOON - HOUR,
    )


def a_mother(**fields: Any) -> Resident:
    """A resident with a telephone, who lives alone."""
    return a_resident(**{"phone": a_phone(), **fields})


def shares(resident: Resident, item: str = Consent.Item.WELLBEING) -> Consent:
    """The resident lets the family see and set reminders, or see what another item says."""
    return give_consent(
        resident=resident, item=Consent.Item(item), purpose="w", by="user:x", now=NOON - DAY
    )


def with_family(resident: Resident, *names: str) -> Resident:
    """The same, with contacts who are asked in this order."""
    shares(resident)
    for name in names or ("王丽",):
        a_contact(resident=resident, name=name)
    return resident


def an_occurrence(*, reminder: Reminder | None = None, **fields: Any) -> Occurrence:
    """A reminder that has just asked."""
    own = reminder or a_reminder(**fields)
    actions.ask_due(now=NOON)
    return own.occurrences.get()


def the_person(resident: Resident) -> Answerer:
    """The resident themself, by a tap."""
    return Answerer(f"resident:{resident.pk}", resident.name, Way.TAP, is_person=True)


def press(delivery: Delivery, key: str, *, now: Any = NOON) -> Spoken:
    """Somebody answers the telephone that rings for a delivery and presses a key."""
    attempt = Attempt.objects.create(
        delivery=delivery,
        number=next(_count),
        sender="test",
        state=AttemptState.ANSWERED,
        started_at=now,
        state_at=now,
    )
    return reply_by_key(attempt, key, now=now)


def read_news(*, now: Any) -> None:
    """Let everybody who reads the journal hear what has happened."""
    while journal.number_committed():
        pass
    while readers.read_on(now=now):
        pass


def asked(template: str) -> list[Delivery]:
    """What was owed by templates whose names begin so, in order."""
    found = Delivery.objects.filter(template__startswith=template)
    return list(found.order_by("created_at", "person"))
