"""A link signs one account in, once."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from msgspec.structs import replace
from pytest_django import Settings

from backend.accounts import actions
from backend.accounts.actions.links import LINK_LIVES
from backend.accounts.errors import BadLink
from backend.accounts.models import SignInLink, User
from backend.core import clock
from tests.builders import NOON, a_resident_account, a_user
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def in_demo(settings: Settings) -> None:
    """Make this installation the demo."""
    settings.ENV = replace(django_settings.ENV, yian_demo=True)


def a_link(user: User) -> str:
    """The path of a fresh link."""
    address = actions.issue_sign_in_link(user, now=NOON)
    return address.removeprefix(django_settings.ENV.public_url)


def token_of(path: str) -> str:
    """The token in a link."""
    return path.rpartition("/")[2]


def test_a_link_that_came_by_text_is_not_used_up_by_its_preview() -> None:
    user, client = a_resident_account(), Client()
    path = a_link(user)

    with clock.set_to(NOON):
        assert Client().get(path).status_code == 200
        assert client.post(path)["Location"] == "/"

    assert client.get("/api/v1/me/").json()["username"] == user.username


def test_a_link_works_once() -> None:
    path = a_link(a_resident_account())

    with clock.set_to(NOON):
        Client().post(path)
        again = Client().post(path)

    assert again.status_code == 404
    assert "_auth_user_id" not in again.client.session


def test_a_link_works_for_its_days() -> None:
    token = token_of(a_link(a_resident_account()))

    with pytest.raises(BadLink):
        actions.redeem_link(token, now=NOON + LINK_LIVES)
    assert actions.redeem_link(token, now=NOON + LINK_LIVES - timedelta(seconds=1))


def test_in_the_demo_opening_a_staff_link_signs_in_with_both_factors(settings: Settings) -> None:
    in_demo(settings)
    user, client = a_user(role="operator"), Client()
    path = a_link(user)

    with clock.set_to(NOON):
        assert client.get(path)["Location"] == "/desk/"
        assert client.get("/api/v1/me/").json()["username"] == user.username


def test_outside_the_demo_a_staff_link_is_refused() -> None:
    token = token_of(a_link(a_user(role="operator")))

    with pytest.raises(BadLink):
        actions.redeem_link(token, now=NOON)
    assert SignInLink.objects.get().used_at is None


def test_a_link_of_a_closed_account_is_refused() -> None:
    user = a_resident_account()
    token = token_of(a_link(user))
    actions.deactivate_account(user, by="user:1", now=NOON)

    with pytest.raises(BadLink):
        actions.redeem_link(token, now=NOON)


def test_the_token_does_not_stand_in_the_database() -> None:
    token = token_of(a_link(a_resident_account()))

    assert token not in SignInLink.objects.get().hash


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_it_at_the_same_time_one_is_signed_in() -> None:
    token = token_of(a_link(a_resident_account()))

    def open_it() -> User | None:
        try:
            return actions.redeem_link(token, now=NOON)
        except BadLink:
            return None

    assert at_once(open_it, open_it).count(None) == 1
