"""`manage.py seed_demo`: the same district for the same seed, secrets of its own, run at will."""

import json
import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count
from pytest_django import Settings

from backend.accounts.authentication import user_of_token
from backend.accounts.models import AccessToken, Role, SignInLink, User
from backend.accounts.tokens import hashed
from backend.core import clock
from backend.people.identity import read_id_number
from backend.people.models import Caregiver, Contact, Household, Resident, Shift
from backend.people.queries import caregivers_on_shift, nearest_caregivers
from backend.places.models import Area
from backend.places.queries import area_at
from backend.runtime.demo import stories
from devices.models import Device
from services.emergencies.models import DutyPhone
from tests.builders import NOON

pytestmark = pytest.mark.django_db
MODELS = (Area, Household, Resident, Contact, Caregiver, Shift, User, Device, DutyPhone)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Real hashing takes seconds on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def first(demo_district: Path, tmp_path: Path) -> dict[str, Any]:
    """What the first run handed out, with its file where `seeded` finds it."""
    shutil.copy2(demo_district, tmp_path / "demo.json")
    content: dict[str, Any] = json.loads(demo_district.read_text("utf-8"))
    return content


def seeded(folder: Path, *, now: datetime = NOON, **options: Any) -> dict[str, Any]:
    """What the command hands out."""
    out = folder / "demo.json"
    with clock.set_to(now):
        call_command("seed_demo", out=out, small=True, **options)
    content: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return content


def everything() -> dict[str, list[Any]]:
    """What stands in the database, without what differs per installation."""
    secret = ("password", "token_hash", "claim_index", "claim_code")
    rows = {}
    for model in MODELS:
        fields = [field.attname for field in model._meta.fields if field.attname not in secret]
        rows[model.__name__] = list(model._default_manager.order_by("pk").values_list(*fields))
    return rows


@pytest.mark.usefixtures("demo_district")
def test_the_district_is_whole() -> None:
    levels = dict(Area.objects.values_list("level").annotate(Count("pk")))
    assert levels == {"district": 1, "street": 1, "community": 8, "grid": 40}
    assert Resident.objects.count() == 200
    assert not Resident.objects.filter(contacts=None).exists()
    installed = Device.objects.exclude(household=None)
    assert installed.filter(adapter="zigbee2mqtt").count() == 160
    assert installed.filter(adapter="chirpstack").count() == 15
    assert installed.filter(adapter="watch").count() == 4
    assert installed.filter(kind="gateway").count() == 40 + 1


@pytest.mark.usefixtures("demo_district")
def test_every_home_stands_in_the_grid_it_belongs_to() -> None:
    for home in Household.objects.select_related("address__area"):
        address = home.address
        assert address.lat is not None
        assert address.lon is not None
        assert area_at(address.lat, address.lon) == address.area


@pytest.mark.usefixtures("demo_district")
def test_invented_cards_are_right_and_of_no_real_county() -> None:
    for resident in Resident.objects.all():
        card = read_id_number(resident.id_number, today=NOON.date())
        assert (card.birth_date, card.sex) == (resident.birth_date, resident.sex)
        assert card.number.startswith("320299")


@pytest.mark.usefixtures("demo_district")
def test_somebody_is_on_shift_at_every_hour_of_the_next_four_weeks() -> None:
    """Every fifth hour is looked at, which comes to each hour of the day in turn."""
    for hour in range(0, 28 * 24, 5):
        moment = NOON + timedelta(hours=hour)
        assert caregivers_on_shift(area_path="320299.", now=moment).count() > 2


@pytest.mark.usefixtures("demo_district")
@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=13), timedelta(days=9)])
def test_the_storys_caregivers_are_the_nearest_to_the_elder_at_any_time(later: timedelta) -> None:
    address = Resident.objects.get(pk=stories.ELDER).household.address
    assert address.lat is not None
    assert address.lon is not None
    near = nearest_caregivers(
        lat=address.lat, lon=address.lon, area_path="320299.", now=NOON + later, limit=2
    )
    assert {each.caregiver.pk for each in near} == set(stories.NEAR_CAREGIVERS)


def test_a_second_run_changes_nothing(tmp_path: Path, first: dict[str, Any]) -> None:
    before = everything()
    assert seeded(tmp_path, now=NOON + timedelta(hours=1)) == first
    assert everything() == before


def test_without_its_file_new_secrets_are_made_and_the_old_ones_are_worth_nothing(
    tmp_path: Path, first: dict[str, Any]
) -> None:
    before = everything()
    (tmp_path / "demo.json").unlink()
    second = seeded(tmp_path)
    assert everything() == before
    assert second["stories"]["elder"]["resident"] == first["stories"]["elder"]["resident"]
    for old, new in zip(first["users"], second["users"], strict=True):
        assert old["username"] == new["username"]
        assert user_of_token(old["api_token"]) is None
        assert user_of_token(new["api_token"]) == User.objects.get(username=new["username"])
    old_hashes = {hashed(device["token"]) for device in first["devices"]}
    assert not Device.objects.filter(token_hash__in=old_hashes).exists()


def test_the_file_is_read_by_its_owner_alone_and_opens_the_doors(
    demo_district: Path, first: dict[str, Any]
) -> None:
    assert stat.S_IMODE(demo_district.stat().st_mode) == 0o600
    roles = [user["role"] for user in first["users"]]
    assert set(roles) == set(Role.values)
    assert roles.count("caregiver") >= 20
    assert [roles.count(role) for role in ("operator", "resident", "family")] == [3, 3, 2]
    for entry in first["users"]:
        user = User.objects.get(username=entry["username"])
        assert user.check_password(entry["password"])
        assert bool(entry["totp_secret"]) == user.is_staff_role
        if user.role == Role.RESIDENT:
            sos = AccessToken.Kind.SOS
            assert user_of_token(entry["sos_token"], kind=sos) == user
    given = len(first["devices"]) + len(first["stock"])
    assert given == Device.objects.exclude(token_hash="").count()
    assert first["stories"]["daughter"]["phone"] in first["phones"]


def test_a_used_sign_in_link_is_made_anew_at_the_next_run_and_others_stay(
    tmp_path: Path, first: dict[str, Any]
) -> None:
    links = {user["username"]: user["sign_in_link"] for user in first["users"]}
    used = links["operator1"].rstrip("/").rpartition("/")[2]
    SignInLink.objects.filter(hash=hashed(used)).update(used_at=NOON)
    second = {user["username"]: user["sign_in_link"] for user in seeded(tmp_path)["users"]}
    assert [name for name in links if links[name] != second[name]] == ["operator1"]


@pytest.mark.usefixtures("first")
def test_the_rota_is_carried_on_when_a_week_of_it_is_over(tmp_path: Path) -> None:
    later = NOON + timedelta(days=40)
    assert not caregivers_on_shift(area_path="", now=later).exists()
    seeded(tmp_path, now=later)
    assert caregivers_on_shift(area_path="", now=later).count() > 2
