"""How people are addressed."""

import pytest

from backend.people import names
from backend.people.models import Resident


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("陈桂英", "陈"),
        ("欧阳修文", "欧阳"),
        ("欧阳", "欧"),
        ("阿卜杜拉·买买提", "阿卜杜拉"),
        ("Mary Smith", "Smith"),
    ],
)
def test_people_are_addressed_by_their_surname(name: str, surname: str) -> None:
    assert names.surname(name) == surname


@pytest.mark.parametrize(
    ("name", "sex", "short"),
    [
        ("陈桂英", "female", "Ms Chen"),
        ("单田芳", "male", "Mr Shan"),
        ("诸葛云", "female", "Ms Zhuge"),
        ("陈桂英", "unknown", "陈桂英"),
    ],
)
def test_in_english_the_surname_is_read_in_pinyin(name: str, sex: str, short: str) -> None:
    assert names.short_name(Resident(name=name, sex=sex), "en") == short


def test_in_chinese_the_surname_stays_as_it_is_written() -> None:
    assert "陈" in names.short_name(Resident(name="陈桂英", sex="female"), "zh-hans")


def test_a_masked_name_shows_one_character() -> None:
    assert names.masked("陈桂英") == "陈**"
    assert names.masked("") == ""
