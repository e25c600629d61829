"""People who write or ring by themselves."""

from datetime import datetime

import pytest

from notifications import inbound
from notifications.inbound import Caller, Choice
from notifications.models import Channel, Delivery, Suppression
from notifications.replies import Spoken
from tests.builders import a_begun_attempt, a_delivery, a_phone, phone_index, reloaded
from tests.notifications.twilio_hooks import post

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
    choices = {key: Choice(key, f"Press {key}.", meaning) for key in "2390"}
    monkeypatch.setattr(inbound, "_choices", choices)
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


@pytest.mark.parametrize(
    ("body", "key"), [("服务", "2"), ("今天谁来?", "3"), ("Today", "3"), ("２", "2"), ("1", "1")]
)
def test_a_word_or_a_digit_by_itself_is_a_key_of_the_menu(
    heard: list[tuple[str, str, str]], body: str, key: str
) -> None:
    phone = a_phone()

    write(phone, body)

    assert heard == [(phone, "sms", key)]


def test_a_word_of_the_menu_counts_while_something_is_asked_but_an_ok_answers_the_question(
    heard: list[tuple[str, str, str]],
) -> None:
    phone = a_phone()
    question = a_delivery(channel=Channel.SMS, phone=phone)

    write(phone, "平安", sid="SM1")
    write(phone, "OK", sid="SM2")
    write(phone, "2", sid="SM3")

    assert heard == [(phone, "sms", "9")]
    written = ["inbound_heard", "reply_not_understood", "test_thanks"]
    assert sorted(written_to(phone)) == written
    assert reloaded(question).reply == "2"


def test_who_writes_for_a_person_is_not_put_through_but_told_of_a_call_back(
    heard: list[tuple[str, str, str]],
) -> None:
    phone = a_phone()

    write(phone, "转人工")

    assert heard == [(phone, "sms", "0")]


def test_a_choice_that_breaks_costs_nobody_their_text(
    heard: list[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_caller: Caller, _key: str, _now: datetime) -> Spoken:
        raise RuntimeError("this room is broken")

    monkeypatch.setitem(inbound._choices, "2", Choice("2", "Press 2.", breaks))
    phone = a_phone()

    write(phone, "服务")

    assert heard == [(phone, "sms", "")]
    assert written_to(phone) == ["inbound_heard"]
