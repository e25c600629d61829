"""A POST sent twice with the same key is done once."""

from typing import Any

import pytest
from django.test import Client

from backend.core import journal
from services.emergencies.models import EmergencyCall
from tests.builders import Answer, a_ringing_call, a_user, with_token

pytestmark = pytest.mark.django_db


def an_operator_of(call: EmergencyCall) -> Client:
    """Somebody at the desk of the call's area."""
    return with_token(a_user(role="operator", area=call.area))


def note(client: Client, call: EmergencyCall, text: str, *, key: str) -> Answer:
    """Write a note to a call."""
    return client.post(
        f"/api/v1/calls/{call.pk}/note/",
        {"text": text},
        "application/json",
        headers={"Idempotency-Key": key},
    )


def notes(call: EmergencyCall) -> list[Any]:
    """The notes that were written."""
    return [event for event in journal.about(call.reference) if event.type == "call.note"]


def test_the_second_is_answered_like_the_first_and_does_nothing() -> None:
    call = a_ringing_call()
    client = an_operator_of(call)

    first, second = (note(client, call, "two keys", key="k1") for _ in range(2))

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert len(notes(call)) == 1


def test_another_key_is_another_request_and_no_key_is_none() -> None:
    call = a_ringing_call()
    client = an_operator_of(call)

    for key in ("k1", "k2", "", ""):
        note(client, call, "two keys", key=key)

    assert len(notes(call)) == 4


def test_a_key_that_comes_with_another_content_is_refused() -> None:
    call, other = a_ringing_call(), a_ringing_call()
    client = an_operator_of(call)
    note(client, call, "two keys", key="k1")

    assert note(client, call, "three keys", key="k1").json()["code"] == "idempotency_key_reused"
    elsewhere = note(an_operator_of(other), other, "two keys", key="k1")
    assert elsewhere.status_code == 200, "keys belong to the account that sent them"


def test_a_refused_request_may_be_sent_again_with_its_key() -> None:
    call = a_ringing_call()
    client = an_operator_of(call)
    refused = note(client, call, "", key="k1")

    assert refused.status_code == 422
    assert note(client, call, "two keys", key="k1").status_code == 200


@pytest.mark.parametrize("key", ["x" * 201])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    call = a_ringing_call()

    assert note(an_operator_of(call), call, "two keys", key=key).json()["code"] == "invalid"


def test_a_form_with_a_key_is_refused_as_any_form_is() -> None:
    call = a_ringing_call()

    answer = an_operator_of(call).post(
        f"/api/v1/calls/{call.pk}/note/", {"text": "x"}, headers={"Idempotency-Key": "k1"}
    )

    assert answer.status_code == 415
