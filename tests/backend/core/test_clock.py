"""The one clock is the database's."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.core import clock
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def test_now_is_aware_and_moves_within_a_transaction() -> None:
    first, second = clock.now(), clock.now()

    assert first.utcoffset() == timedelta(0)
    assert first < second
    assert abs(second - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_test_holds_the_clock_and_lets_it_go() -> None:
    with clock.set_to(NOON):
        assert clock.now() == NOON
        with clock.set_to(NOON + timedelta(hours=1)):
            assert clock.now() == NOON + timedelta(hours=1)
        assert clock.now() == NOON

    assert clock.now() != NOON
