"""The doors for Twilio: signed or refused, and always an answer that can be spoken."""

import uuid

import pytest
from django.db import connection
from django.test import Client

from backend.core.models import JournalEvent
from notifications.actions import stop
from notifications.models import Channel, Delivery
from notifications.senders.states import AttemptState
from tests.builders import NOON, a_begun_attempt, a_phone, reloaded
from tests.notifications.twilio_hooks import HOOKS, answer, listens, post, press, said
from tests.threads import at_once

pytestmark = pytest.mark.django_db

State = Delivery.State


def test_who_answers_hears_the_question_and_is_listened_to() -> None:
    attempt = a_begun_attempt()

    response = answer(attempt)

    assert said(response) == ["陈女士 called for help.", "To go, press 1."]
    assert listens(response) == f"{HOOKS}/gather/{attempt.pk}?asked=1"
    assert reloaded(attempt.delivery).state == State.ANSWERED
    assert reloaded(attempt).provider_id == "CA1"


def test_a_notice_is_said_and_the_call_ends() -> None:
    attempt = a_begun_attempt(asks=False, template="test_notice")

    response = answer(attempt)

    assert said(response) == ["陈女士 is well.", "Good bye."]
    assert listens(response) == ""


def test_a_key_is_stored_with_what_it_means_and_answered() -> None:
    attempt = a_begun_attempt()
    answer(attempt)

    response = press(attempt, "1")

    assert said(response) == ["Thank you, 陈女士 waits for you."]
    assert listens(response) == ""
    delivery = reloaded(attempt.delivery)
    assert (delivery.state, delivery.reply) == (State.REPLIED, "1")
    types = list(JournalEvent.objects.filter(subject=delivery.cause).values_list("type", flat=True))
    assert types == ["delivery.sending", "delivery.answered", "test.key_1", "delivery.replied"]


def test_a_key_sent_twice_is_answered_twice_and_means_it_once() -> None:
    attempt = a_begun_attempt()

    first, again = press(attempt, "1"), press(attempt, "1")

    assert said(first) == said(again)
    assert JournalEvent.objects.filter(type="test.key_1").count() == 1


def test_a_key_whose_meaning_fails_is_not_stored_and_the_caller_is_told() -> None:
    attempt = a_begun_attempt()

    response = press(attempt, "9")

    assert said(response)
    assert (reloaded(attempt.delivery).reply, reloaded(attempt).keys) == ("", "")


def test_a_key_without_meaning_is_said_to_have_none_and_the_question_comes_again() -> None:
    attempt = a_begun_attempt()

    response = press(attempt, "7")

    assert said(response) == ["That key has no meaning.", "To go, press 1."]
    assert listens(response).endswith("?asked=2")
    assert reloaded(attempt.delivery).state != State.REPLIED


def test_star_repeats_everything_but_not_for_ever() -> None:
    attempt = a_begun_attempt()

    repeated, at_last = press(attempt, "*"), press(attempt, "*", asked=9)

    assert said(repeated) == ["陈女士 called for help.", "To go, press 1."]
    assert listens(repeated)
    assert not listens(at_last)


def test_silence_is_asked_once_more_and_then_left() -> None:
    attempt = a_begun_attempt()

    first, second = press(attempt, ""), press(attempt, "", asked=2)

    assert listens(first)
    assert said(second)
    assert not listens(second)
    assert reloaded(attempt.delivery).reply == ""


def test_a_mind_that_is_changed_in_another_call_counts() -> None:
    phone = a_phone()
    first = a_begun_attempt(cause="test:mind", phone=phone)
    again = a_begun_attempt(cause="test:mind", phone=phone, step_run="2.0")
    press(first, "2")

    press(again, "1")

    assert [reloaded(each.delivery).reply for each in (first, again)] == ["2", "1"]


def test_who_replies_is_not_asked_on_another_channel() -> None:
    attempt = a_begun_attempt(cause="test:both")
    other = a_begun_attempt(cause="test:both", channel=Channel.SMS).delivery
    Delivery.objects.filter(pk=other.pk).update(
        person=attempt.delivery.person, state=State.OWED, due_at=NOON
    )

    press(attempt, "2")

    assert reloaded(other).state == State.STOPPED


def test_who_answers_when_it_is_over_is_thanked() -> None:
    attempt = a_begun_attempt()
    stop(cause=attempt.delivery.cause, now=NOON)

    response = answer(attempt)

    assert said(response)
    assert not listens(response)
    assert reloaded(attempt.delivery).state == State.STOPPED


def test_a_reply_that_comes_after_the_end_is_still_taken() -> None:
    attempt = a_begun_attempt()
    stop(cause=attempt.delivery.cause, now=NOON)

    press(attempt, "1")

    assert reloaded(attempt.delivery).reply == "1"


def test_how_a_call_and_a_text_go_on_is_taken_in() -> None:
    call, text = a_begun_attempt(), a_begun_attempt(channel=Channel.SMS)

    rings = post(f"/call-status/{call.pk}", CallSid="CA1", CallStatus="ringing")
    lost = post(
        f"/message-status/{text.pk}", MessageSid="SM1", MessageStatus="failed", ErrorCode="30005"
    )

    assert (rings.status_code, lost.status_code) == (204, 204)
    assert reloaded(call).state == AttemptState.RINGING
    assert reloaded(call.delivery).state == State.SENT
    assert reloaded(text.delivery).failure == "dead_number"
    assert reloaded(text).provider_code == 30005


@pytest.mark.parametrize("signature", ["", "wrong"])
@pytest.mark.parametrize("door", ["voice", "gather", "call-status", "message-status"])
def test_what_twilio_did_not_sign_is_refused(door: str, signature: str) -> None:
    attempt = a_begun_attempt()

    response = post(f"/{door}/{attempt.pk}", signature=signature, CallSid="CA1", Digits="1")

    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
    assert reloaded(attempt).state == AttemptState.STARTED


def test_what_is_signed_for_another_attempt_is_refused() -> None:
    mine, other = a_begun_attempt(), a_begun_attempt()
    genuine = post(f"/gather/{mine.pk}", CallSid="CA1", Digits="7")
    stolen = genuine.wsgi_request.headers["X-Twilio-Signature"]

    response = post(f"/gather/{other.pk}", signature=stolen, CallSid="CA1", Digits="7")

    assert (genuine.status_code, response.status_code) == (200, 403)


def test_an_attempt_nobody_knows_is_not_found() -> None:
    assert post(f"/voice/{uuid.uuid4()}", CallSid="CA1").status_code == 404
    assert post("/voice/7", CallSid="CA1").status_code == 404


def test_a_signed_form_without_its_call_is_invalid() -> None:
    attempt = a_begun_attempt()

    assert post(f"/call-status/{attempt.pk}", CallStatus="ringing").status_code == 422


def test_the_doors_take_posts_only() -> None:
    assert Client().get(f"{HOOKS}/inbound-sms").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_a_key_pressed_while_the_database_restarts_is_taken_down() -> None:
    attempt = a_begun_attempt()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    at_once(lambda: end_connection(own))

    assert said(press(attempt, "1"))

    assert reloaded(attempt.delivery).reply == "1"


def end_connection(backend_pid: int) -> None:
    """Let the database end somebody's connection, as when it restarts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend_pid])
