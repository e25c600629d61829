"""Deliveries at the API: what was told to whom, the numbers masked."""

import pytest

from backend.accounts.models import Role
from backend.people import phones
from notifications.actions import report_status
from notifications.senders.states import AttemptState
from tests.builders import NOON, a_begun_attempt, a_phone, a_user, an_area, with_token

pytestmark = pytest.mark.django_db


def test_the_desk_sees_what_became_of_each_message_about_a_call() -> None:
    area, phone = an_area(), a_phone()
    attempt = a_begun_attempt(cause="call:1", phone=phone, area_path=area.path)
    a_begun_attempt(cause="call:2", area_path=area.path)
    report_status(attempt, AttemptState.BUSY, now=NOON)
    operator = with_token(a_user(role=Role.OPERATOR, area=area))

    response = operator.get("/api/v1/deliveries/", {"cause": "call:1"})

    (delivery,) = response.json()["results"]
    assert delivery["phone"] == phones.masked(phone)
    assert phone not in response.content.decode()
    assert [each["state"] for each in delivery["attempts"]] == ["busy"]


def test_another_areas_messages_are_not_listed() -> None:
    a_begun_attempt(area_path=an_area().path)
    operator = with_token(a_user(role=Role.OPERATOR, area=an_area()))

    assert operator.get("/api/v1/deliveries/").json()["results"] == []
