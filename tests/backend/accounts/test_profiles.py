"""Two sets of rules that contradict each other; each does what its standard says."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from django.contrib.auth.password_validation import get_password_validators
from django.contrib.auth.password_validation import validate_password as validate
from django.core.exceptions import ValidationError
from pytest_django import Settings

from backend import env
from backend.accounts import actions
from backend.accounts.models import User
from backend.accounts.profiles import ASVS, DENGBAO3, Profile
from backend.core import clock
from backend.core.errors import Invalid
from backend.runtime.checks import check_profile
from tests.builders import NOON, PASSWORD, a_user, reloaded, signed_in, with_token

pytestmark = pytest.mark.django_db

PHRASE, COMPOSED = "four quiet winter boats", "Quiet-Boats-1948"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it begins at noon."""
    with clock.set_to(NOON):
        yield


def takes(profile: Profile, password: str) -> bool:
    """Whether a password is good enough."""
    try:
        validate(password, None, get_password_validators(profile.password_validators))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("password", "asvs", "dengbao3"),
    [
        (PHRASE, True, False),
        (COMPOSED, True, True),
        ("Short-1", False, False),
        ("password1234", False, False),
    ],
)
def test_a_phrase_is_enough_for_one_and_not_for_the_other(
    password: str, asvs: bool, dengbao3: bool
) -> None:
    assert (takes(ASVS, password), takes(DENGBAO3, password)) == (asvs, dengbao3)


def an_operator(settings: Settings, profile: Profile) -> User:
    """Somebody whose password was chosen at noon."""
    settings.SECURITY_PROFILE = profile
    return a_user(role="operator", password=PASSWORD, password_changed_at=NOON)


def test_passwords_are_changed_in_time_under_dengbao3_only(settings: Settings) -> None:
    for profile, leads_to in ((DENGBAO3, "/account/password/"), (ASVS, "")):
        user = an_operator(settings, profile)
        with clock.set_to(NOON + timedelta(days=91)):
            client, program = signed_in(user), with_token(user)
            assert client.get("/account/").get("Location", "") == leads_to
            code = program.get("/api/v1/me/").json().get("code", "")
            assert code == ("password_expired" if leads_to else "")


def test_who_chooses_another_goes_on_and_is_signed_out_elsewhere(settings: Settings) -> None:
    user = an_operator(settings, DENGBAO3)
    with clock.set_to(NOON + timedelta(days=91)):
        client, other = signed_in(user), signed_in(user)
        for each in (client, other):
            each.get("/account/password/")
        client.post("/account/password/", {"password": PASSWORD, "new_password": COMPOSED})

        assert client.get("/account/").status_code == 200
        assert other.get("/account/").status_code == 302
    assert reloaded(user).check_password(COMPOSED)


@pytest.mark.parametrize("new", [PASSWORD, "short", "password1234"])
def test_the_same_again_or_a_weak_one_is_refused(new: str) -> None:
    user = a_user(role="operator", password=PASSWORD)

    with pytest.raises(Invalid):
        actions.change_password(user, password=new, now=NOON)
    assert reloaded(user).check_password(PASSWORD)


def test_to_change_it_the_old_one_is_shown() -> None:
    user = a_user(role="operator", password=PASSWORD)

    page = signed_in(user).post(
        "/account/password/", {"password": "a guess", "new_password": COMPOSED}
    )

    assert page.context["form"].errors["password"]
    assert reloaded(user).check_password(PASSWORD)


@pytest.mark.parametrize("profile", [ASVS, DENGBAO3])
def test_the_check_says_which_is_in_force(settings: Settings, profile: Profile) -> None:
    settings.SECURITY_PROFILE = profile

    assert f"profile {profile.name} is in force" in str(check_profile()[0].msg)


def test_a_profile_that_nobody_wrote_stops_the_start() -> None:
    given = {f"{name}".upper(): value for name, value in msgspec.structs.asdict(env.read()).items()}

    with pytest.raises(SystemExit):
        env.read({**{name: str(value) for name, value in given.items()}, "SECURITY_PROFILE": "x"})
