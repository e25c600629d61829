"""The caregiver's page accepts a call at the API, with its session and its form's token."""

import pytest
from django.test import Client

from backend.accounts.models import Role
from backend.core import clock
from services.emergencies.models import EmergencyCall
from tests.builders import (
    NOON,
    Answer,
    a_caregiver_on_shift,
    a_resident,
    a_ringing_call,
    a_user,
    an_offer,
    reloaded,
    signed_in,
)

pytestmark = pytest.mark.django_db


def accept(browser: Client, call: EmergencyCall, token: str) -> Answer:
    return browser.post(
        f"/api/v1/calls/{call.pk}/accept/",
        {"arrival_in_s": 600},
        content_type="application/json",
        headers={"Idempotency-Key": "the same press", "X-CSRFToken": token},
    )


def test_with_the_token_of_its_page_and_not_without_it() -> None:
    resident = a_resident()
    carer = a_caregiver_on_shift(near=resident)
    call = a_ringing_call(resident=resident)
    an_offer(call, to=carer)
    browser = signed_in(a_user(role=Role.CAREGIVER, area=resident.area, caregiver=carer))
    browser.handler.enforce_csrf_checks = True

    with clock.set_to(NOON):
        browser.get("/care/")
        without = accept(browser, call, "")
        answer = accept(browser, call, browser.cookies["csrftoken"].value)

    assert without.status_code == 403
    assert answer.status_code == 200, answer.content
    assert reloaded(call).accepted_by == f"caregiver:{carer.pk}"
