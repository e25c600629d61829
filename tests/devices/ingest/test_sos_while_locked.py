"""Whatever else is locked, help can be called."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from backend.accounts import actions
from backend.accounts.errors import TooManyAttempts
from backend.accounts.models import User
from backend.accounts.profiles import DENGBAO3
from services.emergencies.models import EmergencyCall
from tests.builders import NOON, a_browser_session, a_phone, a_resident, a_resident_account
from tests.devices.ingest.doors import SOS, open_doors

pytestmark = pytest.mark.django_db(transaction=True)


def a_locked_resident() -> tuple[User, str]:
    """Somebody whose telephone calls help, and who can do nothing else any more."""
    user = a_resident_account(a_resident(phone=a_phone()))
    token = actions.issue_sos_token(user, by=user.reference, now=NOON)
    a_browser_session(user)
    for number in range(20):
        with suppress(TooManyAttempts):
            actions.send_code(phone=user.phone, source=f"10.0.{number % 9}.1", now=NOON)
    actions.refuse_codes(phone_index=user.phone_index, now=NOON)
    actions.end_everything_of(user, by="user:1", now=NOON)
    actions.deactivate_account(user, by="user:1", now=NOON)
    return user, token


def test_with_account_session_codes_and_profile_at_their_strictest_a_press_is_a_call(
    settings: Settings,
) -> None:
    settings.SECURITY_PROFILE = DENGBAO3
    user, token = a_locked_resident()
    with pytest.raises(TooManyAttempts):
        actions.send_code(phone=user.phone, source="10.0.1.1", now=NOON + timedelta(seconds=1))

    with open_doors() as doors:
        own = doors.post(SOS, {"token": token})
        strangers = doors.post(SOS, {"phone": user.phone})

    assert (own.status_code, strangers.status_code) == (202, 202)
    call = EmergencyCall.objects.get(pk=own.json()["call"])
    assert (call.verified, call.resident) == (True, user.resident)


def test_the_page_with_the_red_button_asks_nobody_who_they_are(settings: Settings) -> None:
    settings.SECURITY_PROFILE = DENGBAO3
    a_locked_resident()
    browser = Client()
    browser.cookies["sessionid"] = "ended"

    page = browser.get("/")

    assert page.status_code == 200
    assert b'data-sos="/ingest/v1/sos"' in page.content
