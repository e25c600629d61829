"""`manage.py seed_demo` in a database of its own: by its seed, all of it or nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from backend.core import clock
from backend.core.errors import DomainError
from backend.people.models import Resident
from backend.places.models import Area
from tests.builders import NOON, an_area

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Real hashing takes seconds on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def plant(folder: Path, **options: int) -> None:
    with clock.set_to(NOON):
        call_command("seed_demo", out=folder / "demo.json", small=True, **options)


def test_the_same_seed_makes_the_same_district_and_another_seed_another(
    tmp_path: Path, settings: Settings
) -> None:
    settings.DEMO_SEEDERS = settings.DEMO_SEEDERS[:1]  # the people; the others ask for them

    def names_after(seed: int) -> list[str]:
        with transaction.atomic():
            plant(tmp_path, seed=seed)
            names = list(Resident.objects.order_by("pk").values_list("name", flat=True))
            transaction.set_rollback(True)
        return names

    assert names_after(7) == names_after(7)
    assert names_after(7) != names_after(8)


def test_real_residents_are_never_mixed_with_invented_ones(tmp_path: Path) -> None:
    an_area()
    with pytest.raises(CommandError):
        plant(tmp_path)
    assert not Resident.objects.exists()
    assert not (tmp_path / "demo.json").exists()


def test_a_seeder_that_fails_leaves_nothing_planted(tmp_path: Path, settings: Settings) -> None:
    settings.DEMO_SEEDERS = [settings.DEMO_SEEDERS[0], f"{__name__}.failing"]
    with pytest.raises(DomainError):
        plant(tmp_path)
    assert not Area.objects.exists()


def failing(_context: object) -> None:
    """A seeder with a fault."""
    raise DomainError
