"""The demo district's visits are there from yesterday on, done behind and staffed ahead."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from backend.core import clock
from services.visits.models import CarePlan, Visit
from tests.builders import NOON
from tests.services.visits.builders import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_district")]

DAY = timedelta(days=1)


def test_the_day_is_alive() -> None:
    assert CarePlan.objects.count() == 30
    days = set(Visit.objects.values_list("day", flat=True))
    assert days == {TODAY + n * DAY for n in range(-1, 8)}
    today = Visit.objects.filter(day=TODAY)
    assert today.filter(state="done").exists()
    assert today.filter(state="assigned").exists()
    assert not Visit.objects.filter(day=TODAY - DAY, state="assigned").exists()


def test_a_later_start_carries_on(tmp_path: Path) -> None:
    before = Visit.objects.count()

    with clock.set_to(NOON + 2 * DAY):
        call_command("seed_demo", out=tmp_path / "seed.json", small=True)

    assert Visit.objects.count() > before
    assert Visit.objects.filter(day=TODAY + 2 * DAY, state="assigned").exists()
    assert CarePlan.objects.count() == 30
