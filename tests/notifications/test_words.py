"""What people write back is understood, or asked about."""

import pytest

from notifications import words


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "1"),
        (" 1 ", "1"),
        ("１", "1"),
        ("①", "1"),
        ("1。", "1"),
        ("一", "1"),
        ("我去", "1"),
        ("我马上去！", "1"),
        ("1 我去", "1"),
        ("I'm going", "1"),
        ("2", "2"),
        ("去不了", "2"),
        ("Can't.", "2"),
        ("３", "3"),
        ("随时告诉我", "3"),
        ("0", "0"),
        ("转人工", "0"),
    ],
)
def test_an_answer_is_understood_in_digits_and_words(text: str, key: str) -> None:
    assert words.key_of(text) == key


@pytest.mark.parametrize(
    "text",
    ["", "1 去不了", "1号楼哪个门？", "12", "13812345678", "她怎么了", "4", "我不知道去不去"],
)
def test_what_is_not_clearly_an_answer_is_none(text: str) -> None:
    assert words.key_of(text) == ""


@pytest.mark.parametrize("text", ["退订", "ＴＤ", "td", "STOP", "停止。", "Unsubscribe"])
def test_a_wish_to_stop_is_understood(text: str) -> None:
    assert words.wants_stop(text)
    assert not words.wants_start(text)


@pytest.mark.parametrize("text", ["救命", "救命！！", "SOS", "help"])
def test_a_cry_for_help_is_understood(text: str) -> None:
    assert words.wants_help(text)
    assert words.key_of(text) == ""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("服务", "2"),
        ("我要服务！", "2"),
        ("Service", "2"),
        ("今天", "3"),
        ("ｔｏｄａｙ", "3"),
        ("报平安", "9"),
        ("OK", "9"),
        ("人工", "0"),
        ("９", "9"),
        ("今天下雨", ""),
        ("12", ""),
    ],
)
def test_a_word_or_a_digit_of_the_menu_is_its_key(text: str, key: str) -> None:
    assert words.choice_of(text, is_asked=False) == key


@pytest.mark.parametrize(("text", "key"), [("平安", "9"), ("OK", ""), ("9", ""), ("没事", "")])
def test_while_something_is_asked_only_a_word_that_is_no_answer_is_a_key(
    text: str, key: str
) -> None:
    assert words.choice_of(text, is_asked=True) == key
