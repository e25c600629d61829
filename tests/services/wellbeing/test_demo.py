"""The demo district lives: reminders with a week behind them, days said to be well."""

import pytest

from backend.people.models import Consent
from backend.runtime.demo import stories
from services.wellbeing.lists import counted
from services.wellbeing.models import Occurrence, OkDay, Reminder, Watched
from tests.builders import NOON
from tests.services.wellbeing.builders import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_district")]


def test_a_week_lies_behind_and_today_goes_on() -> None:
    hers = Reminder.objects.get(resident=stories.ELDER)
    assert hers.occurrences.filter(state=Occurrence.State.DONE).count() >= 4
    assert hers.due_at is not None
    assert hers.due_at > NOON
    shared = Consent.objects.filter(resident=stories.ELDER, item=Consent.Item.WELLBEING)
    assert shared.count() == 1
    assert OkDay.objects.filter(day=TODAY, state=OkDay.State.OK).exists()
    assert not Occurrence.objects.filter(state=Occurrence.State.ASKED).exists()


def test_a_few_are_overdue_and_most_were_heard_of() -> None:
    counts = {name: count for name, _label, count in counted(Watched.objects.all(), now=NOON)}
    assert 0 < counts["overdue"] + counts["soon"] < Watched.objects.count() / 2
    assert not Watched.objects.filter(heard_at=None).exists()
