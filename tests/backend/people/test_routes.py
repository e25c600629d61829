"""Whether anybody can reach a number is asked of those who send."""

from collections.abc import Iterator

import pytest

from backend.people import routes


@pytest.fixture
def only_abroad() -> Iterator[None]:
    """As if the only sender reached British numbers."""
    before = routes._checks[:]
    routes._checks[:] = [lambda phone: phone.startswith("+44")]
    yield
    routes._checks[:] = before


@pytest.mark.usefixtures("only_abroad")
def test_a_warning_is_given_when_none_of_the_numbers_can_be_reached() -> None:
    assert routes.warnings_about("+8619000000001", "") == [{"code": "no_route"}]
    assert routes.warnings_about("+8619000000001", "+442079460958") == []


def test_who_has_no_number_cannot_be_reached() -> None:
    assert routes.warnings_about("", "") == [{"code": "no_route"}]
