"""People who write or ring by themselves."""

from datetime import datetime

import pytest
from django.http import HttpResponse

from notifications import inbound
from notifications.inbound import Caller
from notifications.models import Channel, Delivery, Suppression
from notifications.replies import Spoken
from tests.builders import a_begun_attempt, a_contact, a_delivery, a_phone, phone_index, reloaded
from tests.notifications.twilio_hooks import listens, post, said

pytestmark = pytest.mark.django_db

US = "+8651000000000"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Who was heard, on which channel and with which key, by those who decide about them."""
    calls: list[tuple[str, str, str]] = []

    def meaning(caller: Caller, key: str, _now: datetime) -> Spoken:
        calls.append((caller.phone, caller.channel, key))
        return Spoken("inbound_heard")

    monkeypatch.setattr(inbound, "_meanings", [meaning])
    return calls


def write(phone: str, body: str, *, sid: str = "") -> None:
    """A text from a telephone to ours."""
    message_sid = sid or f"SM{Delivery.objects.count():032d}"
    form = {"MessageSid": message_sid, "From": phone, "To": US, "Body": body}
    assert post("/inbound-sms", **form).status_code == 200


def written_to(phone: str) -> list[str]:
    """The templates owed to a telephone that ask nothing."""
    owed = Delivery.objects.filter(address_index=phone_index(phone), asks=False)
    return list(owed.order_by("created_at").values_list("template", flat=True))


def test_a_text_answers_the_open_question_and_is_thanked_for() -> None:
    phone = a_phone()
    question = a_begun_attempt(channel=Channel.SMS, phone=phone).delivery

    write(phone, "１")

    assert reloaded(question).reply == "1"
    thanks = Delivery.objects.get(template="test_thanks")
    assert (thanks.cause, thanks.person) == (question.cause, question.person)


def test_the_same_text_brought_twice_counts_once() -> None:
    phone = a_phone()
    a_delivery(channel=Channel.SMS, phone=phone)

    write(phone, "我去", sid="SM1")
    write(phone, "我去", sid="SM1")

    assert written_to(phone) == ["test_thanks"]


def test_a_text_nobody_understands_is_asked_about() -> None:
    phone = a_phone()
    question = a_delivery(channel=Channel.SMS, phone=phone)

    write(phone, "她怎么了？")

    assert reloaded(question).reply == ""
    assert written_to(phone) == ["reply_not_understood"]


def test_a_text_out_of_nowhere_is_told_once_that_nobody_reads_it() -> None:
    phone = a_phone()

    write(phone, "你好", sid="SM1")
    write(phone, "在吗", sid="SM2")

    assert written_to(phone) == ["texts_not_read"]


def test_stop_ends_reminders_and_start_brings_them_back() -> None:
    phone = a_phone()

    write(phone, "退订", sid="SM1")
    assert Suppression.objects.get(pk=phone_index(phone)).word == "退订"

    write(phone, "START", sid="SM2")
    assert not Suppression.objects.exists()


def test_a_cry_for_help_by_text_is_heard_whatever_was_asked(
    heard: list[tuple[str, str, str]],
) -> None:
    phone = a_phone()
    a_delivery(channel=Channel.SMS, phone=phone)

    write(phone, "救命！", sid="SM1")
    write(phone, "救命！", sid="SM1")

    assert heard == [(phone, "sms", "1")]
    assert written_to(phone) == ["inbound_heard"]


def ring(phone: str, *, digits: str = "", asked: int = 0) -> HttpResponse:
    """A call from a telephone to ours."""
    path = f"/inbound-voice?asked={asked}" if asked else "/inbound-voice"
    form = {"CallSid": "CA9", "From": phone, "To": US, **({"Digits": digits} if digits else {})}
    response: HttpResponse = post(path, **form)
    return response


def test_who_rings_is_greeted_and_pressing_one_is_a_call_for_help(
    heard: list[tuple[str, str, str]],
) -> None:
    phone = a_phone()
    a_contact(phone=phone, language="en")

    greeting = ring(phone)
    assert heard == []
    thanks, again = ring(phone, digits="1", asked=1), ring(phone, digits="1", asked=1)

    assert said(greeting) == ["This is the care centre.", "If you need help, press 1."]
    assert listens(greeting) == "/hooks/v1/twilio/inbound-voice?asked=1"
    assert said(thanks) == said(again)
    assert heard == [(phone, "voice", "1")]


def test_who_rings_and_says_nothing_is_not_forgotten(heard: list[tuple[str, str, str]]) -> None:
    phone = a_phone()

    assert listens(ring(phone, asked=1)).endswith("?asked=2")
    ring(phone, asked=2)

    assert heard == [(phone, "voice", "")]


def test_a_withheld_number_is_served_too(heard: list[tuple[str, str, str]]) -> None:
    assert said(ring("anonymous", digits="1", asked=1))

    assert heard == [("", "voice", "1")]


def test_where_nobody_takes_calls_the_emergency_number_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbound, "_meanings", [])

    assert "120" in " ".join(said(ring(a_phone(), digits="1", asked=1)))
