"""Numbers are kept in one form, found by a keyed index, and hidden in lists."""

import pytest

from backend.people import phones
from backend.people.errors import BadPhone


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("19000000001", "+8619000000001"),
        ("190 0000-0001", "+8619000000001"),
        ("１９００００００００１", "+8619000000001"),
        ("8619000000001", "+8619000000001"),
        ("0086 190 0000 0001", "+8619000000001"),
        ("+86 (190) 0000.0001", "+8619000000001"),
        ("0510-88880000", "+8651088880000"),
        ("400 810 8888", "+864008108888"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str, kept: str) -> None:
    assert phones.normalized(written) == kept


@pytest.mark.parametrize(
    "written",
    ["", "abc", "120", "1234567", "190000000011", "+0123456789", "+86190000000011", "٠١٢"],
)
def test_what_is_no_full_number_is_refused(written: str) -> None:
    with pytest.raises(BadPhone) as refusal:
        phones.normalized(written)
    assert refusal.value.data == {"fields": {"phone": ["bad_phone"]}}


def test_the_index_is_of_the_number_not_of_how_it_was_written() -> None:
    assert phones.index_as_given("190 0000 0001") == phones.index("+8619000000001")
    assert phones.index("+8619000000001") != phones.index("+8619000000002")
    assert phones.index_as_given("nonsense") == phones.index("") == ""


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+8613812341234", "138****1234"),
        ("", ""),
        ("+861234", "****"),
        ("+442079460958", "+44****0958"),
    ],
)
def test_a_list_shows_the_beginning_and_the_end(kept: str, shown: str) -> None:
    assert phones.masked(kept) == shown
