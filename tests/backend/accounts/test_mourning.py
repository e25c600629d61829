"""Whose death is entered has no account any more, until it was a mistake."""

import pytest

from backend.accounts.actions import deactivate_account
from backend.accounts.models import AccessToken, User
from backend.core import journal, readers
from backend.people.actions import set_life_state
from backend.people.models import Resident
from tests.builders import (
    NOON,
    a_resident,
    a_resident_account,
    reloaded,
    signed_in,
    with_token,
)

pytestmark = pytest.mark.django_db

Life = Resident.LifeState


def say(resident: Resident, state: Life) -> None:
    set_life_state(resident, state=state, since=NOON.date(), by="user:1", now=NOON)
    journal.number_committed()
    readers.read_on(now=NOON)


@pytest.fixture
def user() -> User:
    return a_resident_account(a_resident())


def test_nobody_goes_on_in_the_name_of_who_died(user: User) -> None:
    assert user.resident is not None
    browser, program = signed_in(user), with_token(user)

    say(user.resident, Life.DIED)

    assert not reloaded(user).is_active
    assert browser.get("/my-data/").status_code == 302
    assert program.get("/api/v1/residents/").status_code == 401
    assert not AccessToken.objects.filter(user=user, kind="api", revoked_at=None).exists()


def test_a_death_that_was_none_opens_the_account_again(user: User) -> None:
    assert user.resident is not None
    say(user.resident, Life.DIED)
    say(user.resident, Life.HOME)
    assert reloaded(user).is_active


def test_an_account_closed_for_another_reason_stays_closed(user: User) -> None:
    assert user.resident is not None
    deactivate_account(user, by="user:1", now=NOON)
    say(user.resident, Life.DIED)
    say(user.resident, Life.HOME)
    assert not reloaded(user).is_active


@pytest.mark.parametrize("state", [Life.HOSPITAL, Life.AWAY, Life.MOVED])
def test_who_is_elsewhere_keeps_their_account(user: User, state: Life) -> None:
    assert user.resident is not None
    say(user.resident, state)
    assert reloaded(user).is_active
