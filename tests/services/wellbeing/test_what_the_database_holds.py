"""What PostgreSQL itself refuses, whatever the code does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from services.wellbeing.models import Occurrence, OkDay, Reminder, Stage, Watched
from tests.builders import NOON
from tests.services.wellbeing.builders import TODAY, a_mother, a_reminder, an_occurrence

pytestmark = pytest.mark.django_db


def refused(**changes: object) -> bool:
    """Whether a change to the only occurrence breaks a constraint."""
    try:
        with transaction.atomic():
            Occurrence.objects.update(**changes)
    except IntegrityError:
        return True
    return False


def test_a_question_that_is_open_is_due_or_on_the_desk() -> None:
    an_occurrence()

    assert refused(due_at=None)
    assert not refused(due_at=None, stage=Stage.DESK)


def test_what_is_answered_is_closed_and_what_is_open_is_not() -> None:
    an_occurrence()

    assert refused(state=Occurrence.State.DONE)
    assert refused(closed_at=NOON)
    assert not refused(state=Occurrence.State.DONE, closed_at=NOON)


def test_a_day_that_waits_is_due() -> None:
    mother = a_mother()

    with pytest.raises(IntegrityError), transaction.atomic():
        OkDay.objects.create(resident=mother, day=TODAY, by_at=NOON)


def test_an_ended_reminder_asks_no_more() -> None:
    reminder = a_reminder()

    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.filter(pk=reminder.pk).update(ended_at=NOON)


def test_whoever_is_owed_a_contact_is_due() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Watched.objects.create(
            resident=a_mother(), every_days=7, since=NOON, owed_at=NOON + timedelta(days=7)
        )
