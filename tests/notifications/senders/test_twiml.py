"""What is said on the phone."""

from xml.etree import ElementTree

import pytest

from notifications.senders.demo_phone.twiml import BadTwiml, Gather, Hangup, Say, parse
from notifications.senders.twilio.twiml import (
    CANTONESE,
    ENGLISH,
    MANDARIN,
    Voice,
    ask,
    hang_up,
    no_reply,
    say_goodbye,
    spoken_digits,
    voice_for,
)

SENTENCES = ["您好,这里是颐安。", "要我马上派人来,请按 1 <现在> & 以后。"]
ACTION = "https://yian.example/hooks/v1/twilio/gather/7?round=1&again=2"


def test_a_question_says_each_sentence_and_waits_for_one_key() -> None:
    [gather] = parse(ask(sentences=SENTENCES, voice=MANDARIN, action_url=ACTION))

    assert isinstance(gather, Gather)
    assert [said.text for said in gather.spoken] == SENTENCES
    assert {said.language for said in gather.spoken} == {"cmn-CN"}
    assert (gather.action, gather.num_digits, gather.method) == (ACTION, 1, "POST")
    assert gather.action_on_empty_result
    assert gather.finish_key == ""


def test_language_and_voice_stand_on_every_sentence_together() -> None:
    document = ElementTree.fromstring(  # noqa: S314  made above
        ask(sentences=SENTENCES, voice=CANTONESE, action_url=ACTION)
    )

    voices = {(said.get("language"), said.get("voice")) for said in document.iter("Say")}
    assert voices == {("yue-CN", "Polly.Hiujin-Neural")}


def test_goodbye_is_said_before_hanging_up() -> None:
    spoken, end = parse(say_goodbye(sentences=["Thank you."], voice=ENGLISH))

    assert spoken == Say("Thank you.", "en-US")
    assert end == Hangup()


def test_nothing_to_say_is_still_twiml() -> None:
    assert parse(hang_up()) == [Hangup()]
    assert parse(no_reply()) == []


@pytest.mark.parametrize(
    ("language", "dialect", "voice"),
    [
        ("zh-hans", "mandarin", MANDARIN),
        ("zh-hans", "wu", MANDARIN),
        ("wuu", "", MANDARIN),
        ("zh-hans", "cantonese", CANTONESE),
        ("yue", "", CANTONESE),
        ("en", "cantonese", ENGLISH),
        ("en-GB", "", ENGLISH),
        ("ug", "", MANDARIN),
    ],
)
def test_a_person_hears_a_voice_they_understand(language: str, dialect: str, voice: Voice) -> None:
    assert voice_for(language, dialect) == voice


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("+8613912345678", "1 3 9, 1 2 3 4, 5 6 7 8"),
        ("0510-8812-3456", "0 5 1 0, 8 8 1 2, 3 4 5 6"),
        ("120", "1 2 0"),
        ("1234", "1 2 3 4"),
        ("无", ""),
    ],
)
def test_numbers_are_spoken_digit_by_digit(number: str, spoken: str) -> None:
    assert spoken_digits(number) == spoken


@pytest.mark.parametrize(
    "document",
    [
        "",
        "hello",
        "<Response>",
        "<Reply/>",
        "<!DOCTYPE x><Response/>",
        '<Response><Pause length="soon"/></Response>',
    ],
)
def test_a_demo_phone_refuses_what_is_no_twiml(document: str) -> None:
    with pytest.raises(BadTwiml):
        parse(document)
