"""One's own sessions and tokens: seen, ended, and over in time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from backend.accounts import actions
from backend.accounts.models import AccessToken, OpenSession, User
from backend.accounts.profiles import ASVS, DENGBAO3, SHIFT
from backend.audit.models import AuditRow
from backend.core import clock
from tests.builders import (
    NOON,
    Answer,
    a_browser_session,
    a_resident_account,
    a_user,
    an_api_token,
    signed_in,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
COOKIE = "sessionid"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it begins at noon."""
    with clock.set_to(NOON):
        yield


def looks(client: Client, at: datetime) -> Answer:
    """Open one's account at a moment."""
    with clock.set_to(at):
        return client.get("/account/", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/600")


def is_in(client: Client, at: datetime) -> bool:
    """Whether the session lives then."""
    return looks(client, at).status_code == 200


def test_the_account_lists_its_sessions_with_device_and_place_and_no_others() -> None:
    user = a_resident_account()
    a_browser_session(a_resident_account())
    client = signed_in(user)
    looks(client, NOON)

    page = looks(client, NOON)

    assert [(str(each), each.network) for each in page.context["sessions"]] == [
        ("iPhone · Safari", "127.0.0.0/24")
    ]
    assert str(client.session.session_key) not in page.content.decode()


def test_one_session_is_ended_and_is_nobodys_at_once() -> None:
    user = a_resident_account()
    here, lost = signed_in(user), signed_in(user)
    looks(lost, NOON)
    opened = OpenSession.objects.get(session=lost.session.session_key)

    here.post(f"/account/sessions/{opened.pk}/end/")

    assert not is_in(lost, NOON)
    assert is_in(here, NOON)
    assert AuditRow.objects.filter(reason="account.session_ended").exists()


def test_somebody_elses_session_is_not_there_to_be_ended() -> None:
    foreign = a_browser_session(a_resident_account())

    answer = signed_in(a_resident_account()).post(f"/account/sessions/{foreign.pk}/end/")

    assert answer.status_code == 404
    assert OpenSession.objects.filter(pk=foreign.pk).exists()


def test_all_but_this_are_ended_with_the_programs_and_help_can_still_be_called() -> None:
    user = a_resident_account()
    here, elsewhere = signed_in(user), signed_in(user)
    an_api_token(user)
    actions.issue_sos_token(user, by=user.reference, now=NOON)
    for each in (here, elsewhere):
        looks(each, NOON)

    here.post("/account/sessions/end-others/")

    assert is_in(here, NOON)
    assert not is_in(elsewhere, NOON)
    assert [t.kind for t in AccessToken.objects.filter(user=user, revoked_at=None)] == ["sos"]


def test_a_token_is_ended() -> None:
    user = a_resident_account()
    an_api_token(user)
    token = AccessToken.objects.get()

    signed_in(user).post(f"/account/tokens/{token.pk}/end/")

    assert AccessToken.objects.exclude(revoked_at=None).get() == token


def test_a_session_that_is_not_used_ends_and_one_that_is_used_goes_on() -> None:
    user = a_user(role="administrator")
    client, idle = signed_in(user), ASVS.idle["administrator"]
    looks(client, NOON)

    assert is_in(client, NOON + idle - MINUTE)
    assert is_in(client, NOON + 2 * idle - 3 * MINUTE)
    assert not is_in(client, NOON + 4 * idle)


def test_what_a_page_asks_by_itself_is_no_use() -> None:
    client, idle = signed_in(a_user(role="administrator")), ASVS.idle["administrator"]
    looks(client, NOON)

    with clock.set_to(NOON + idle - MINUTE):
        client.get("/account/", headers={"HX-Request": "true"})

    assert not is_in(client, NOON + idle)


def test_a_session_of_staff_ends_with_the_shift_however_much_it_is_used() -> None:
    client = signed_in(a_user(role="administrator"))
    for step in range(0, int(SHIFT / MINUTE), 20):
        assert is_in(client, NOON + step * MINUTE)

    assert not is_in(client, NOON + SHIFT)


def test_who_watches_the_board_is_not_signed_out_for_sitting_still() -> None:
    client = signed_in(a_user(role="operator"))
    looks(client, NOON)

    assert is_in(client, NOON + SHIFT - MINUTE)


def test_the_other_profile_ends_sessions_sooner(settings: Settings) -> None:
    settings.SECURITY_PROFILE = DENGBAO3
    client = signed_in(a_user(role="administrator"))
    looks(client, NOON)

    assert not is_in(client, NOON + DENGBAO3.idle["administrator"])
    assert DENGBAO3.idle["administrator"] < ASVS.idle["administrator"]


def a_security_administrator(near: User) -> User:
    """Somebody who gives access where this account works."""
    return a_user(role="security", area=near.area)


def test_security_ends_everything_of_an_account() -> None:
    user = a_user(role="operator")
    client, security = signed_in(user), signed_in(a_security_administrator(user))
    looks(client, NOON)
    an_api_token(user)

    security.post(f"/account/staff/{user.pk}/end/")

    assert not is_in(client, NOON)
    assert not AccessToken.objects.filter(revoked_at=None).exists()


def test_a_closed_account_has_no_session_left() -> None:
    user = a_resident_account()
    looks(signed_in(user), NOON)

    actions.deactivate_account(user, by="user:1", now=NOON)

    assert not OpenSession.objects.exists()


def test_what_was_asked_under_the_key_before_does_not_take_the_new_cookie_away() -> None:
    page = signed_in(a_resident_account())
    session = page.session
    session.cycle_key()

    answer = page.get("/account/")

    assert answer.status_code == 302
    assert COOKIE not in answer.cookies


def test_who_signs_out_keeps_no_cookie() -> None:
    page = signed_in(a_resident_account())
    answer = page.post("/sign-out/")
    assert answer.cookies[COOKIE].value == ""
