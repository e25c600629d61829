"""Messages in the person's language, for the eye and for the ear."""

import pytest

from notifications import templates
from notifications.models import Delivery
from notifications.replies import Spoken
from notifications.templates import Template

GSM = "abcdefghij" * 16
CHINESE = "您妈妈按了求助" * 10


def a_message(template: str, **fields: object) -> Delivery:
    given: dict[str, object] = {"context": {"who": "陈女士"}, "language": "en", "asks": True}
    return Delivery(template=template, **{**given, **fields})


def test_a_question_is_said_before_what_is_asked() -> None:
    speech = templates.render_speech(a_message("test_question"))

    assert speech.sentences == ["陈女士 called for help."]
    assert speech.ask == ["To go, press 1."]
    assert templates.render_speech(a_message("test_question", asks=False)).ask == []


def test_what_is_only_written_for_the_ear_can_be_read() -> None:
    assert templates.render_text(a_message("test_notice")) == "陈女士 is well. Good bye."
    chinese = a_message("test_notice", language="zh-hans")
    assert templates.render_text(chinese) == "陈女士 is well.Good bye."


def test_a_missing_value_costs_a_word_and_not_the_message() -> None:
    assert templates.render_text(a_message("test_question", context={})).startswith(" called")


def test_a_secret_stands_in_its_text() -> None:
    assert "246810" in templates.render_text(a_message("sign_in_code", secret="246810"))


def test_a_repeated_text_differs_from_the_one_before() -> None:
    message = a_message("test_question")
    texts = [templates.render_text(message, times_before=times) for times in range(3)]

    assert len(set(texts)) == 3
    assert all(texts[0] in text for text in texts)


def test_an_answer_to_a_key_is_said_in_the_language_asked() -> None:
    said = templates.render_spoken(Spoken("test_thanks", {"who": "Ms Chen"}), language="en")

    assert said == ["Thank you, Ms Chen waits for you."]


def test_a_name_belongs_to_one_template() -> None:
    templates.register("test_notice", Template(say=["%(who)s is well.", "Good bye."]))

    with pytest.raises(ValueError, match="test_notice"):
        templates.register("test_notice", Template(text="another"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        (GSM, 1),
        (GSM + "x", 2),
        (GSM[:159] + "€", 2),
        (CHINESE, 1),
        (CHINESE + "了", 2),
        (CHINESE[:68] + "😀😀", 2),
    ],
)
def test_texts_are_counted_in_the_parts_they_are_sent_as(text: str, parts: int) -> None:
    assert templates.segments(text) == parts
