"""Identity numbers: checksum and date, and nothing else."""

from datetime import date

import pytest

from backend.people.errors import BadIdNumber
from backend.people.identity import check_sign, masked, read_id_number

TODAY = date(2026, 11, 23)


def with_check(first_17: str) -> str:
    return first_17 + check_sign(first_17)


def test_the_example_of_the_standard_is_right() -> None:
    card = read_id_number("11010519491231002X", today=TODAY)
    assert (card.birth_date, card.sex) == (date(1949, 12, 31), "female")


def test_an_odd_serial_is_a_man() -> None:
    assert read_id_number("440524188001010014", today=TODAY).sex == "male"


@pytest.mark.parametrize("county", ["320202", "320203", "320204", "320211", "999999"])
@pytest.mark.parametrize("year", ["1935", "1965"])
def test_people_older_than_their_countys_code_are_not_refused(county: str, year: str) -> None:
    number = with_check(f"{county}{year}0512001")
    assert read_id_number(number, today=TODAY).number == number


def test_a_small_x_spaces_and_wide_digits_are_read() -> None:
    assert read_id_number("１１０１０５ 19491231 002x", today=TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "id_number_length"),
        ("11010519491231002", "id_number_length"),
        ("1101051949123100AX", "id_number_length"),
        ("110105194912310021", "id_number_checksum"),
        (with_check("32020219490231001"), "id_number_date"),
        (with_check("32020220301231001"), "id_number_date"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(number: str, code: str) -> None:
    with pytest.raises(BadIdNumber) as refusal:
        read_id_number(number, today=TODAY)
    assert refusal.value.data == {"fields": {"id_number": [code]}}


@pytest.mark.parametrize("place", range(17))
def test_every_single_wrong_digit_is_seen(place: int) -> None:
    number = "11010519491231002X"
    wrong = str((int(number[place]) + 1) % 10)
    with pytest.raises(BadIdNumber):
        read_id_number(number[:place] + wrong + number[place + 1 :], today=TODAY)


def test_a_page_hides_the_birth_date() -> None:
    assert masked("11010519491231002X") == "1101**********002X"
