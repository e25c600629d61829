"""Searches, tables and plans are counted by account; nothing of an emergency is."""

from datetime import timedelta

import pytest
from django.test import Client

from backend.accounts import costly
from backend.core import clock
from tests.builders import (
    NOON,
    a_caregiver,
    a_ringing_call,
    a_user,
    api_of,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may be used once a minute; doors hold the limits themselves."""
    for limit in (costly.SEARCHES, costly.TABLES_IN, costly.TABLES_OUT, costly.PLANS):
        monkeypatch.setitem(limit.__dict__, "times", 1)
        monkeypatch.setitem(limit.__dict__, "per", timedelta(minutes=1))


def statuses(browser: Client, path: str, *, times: int = 2) -> list[int]:
    """What the same question is answered."""
    with clock.set_to(NOON):
        return [browser.get(path).status_code for _ in range(times)]


@pytest.mark.parametrize(
    "path",
    ["/desk/residents/?q=x", "/desk/complaints/new/?q=x", "/desk/complaints/12345/answers.csv"],
)
def test_beyond_the_limit_a_page_says_to_wait(path: str) -> None:
    lead = a_user(role="lead")
    assert statuses(signed_in(lead), path) == [200, 429]
    assert statuses(signed_in(a_user(role="lead")), path, times=1) == [200]
    with clock.set_to(NOON + timedelta(minutes=2)):
        assert signed_in(lead).get(path).status_code == 200


def test_a_program_is_told_when_to_come_again() -> None:
    program = api_of(a_user(role="operator"))
    with clock.set_to(NOON):
        assert program.get("/api/v1/places/?q=x").status_code == 200
        answer = program.get("/api/v1/places/?q=x")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "60"


def test_who_may_not_search_spends_nobodys_searches() -> None:
    assert api_of(a_user(role="auditor")).get("/api/v1/places/?q=x").status_code == 403


def test_an_operator_who_looks_for_the_caller_of_an_emergency_never_waits() -> None:
    call = a_ringing_call()
    operator = signed_in(a_user(role="operator", area=call.area))
    assert statuses(operator, f"/desk/calls/{call.pk}/who/?q=x", times=5) == [200] * 5


def test_a_call_is_accepted_however_much_its_caregiver_has_looked_for() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver(area=call.area)
    program = api_of(a_user(role="caregiver", caregiver=caregiver, area=call.area))
    answers = {program.get("/api/v1/calls/").status_code for _ in range(5)}
    assert answers == {200}
