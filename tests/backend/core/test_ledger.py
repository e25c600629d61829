"""Each message is taken once in seven days, however often and from wherever it comes."""

from datetime import timedelta

import pytest

from backend.core import ledger
from tests.builders import NOON
from tests.threads import Held, at_once


def take(key: str = "m1", *, source: str = "device:1") -> bool:
    """Take a message at noon."""
    return ledger.take(source, key, now=NOON)


@pytest.mark.django_db
def test_a_message_is_taken_once_by_source_and_key() -> None:
    assert take() is True
    assert take() is False
    assert take("m2") is True
    assert take(source="device:2") is True


@pytest.mark.django_db(transaction=True)
def test_of_many_bringers_at_the_same_time_one_takes_it() -> None:
    assert sorted(at_once(*[take] * 4)) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_a_message_whose_taker_failed_is_still_to_be_taken() -> None:
    with Held(take) as failing:
        failing.roll_back()

    assert take() is True


@pytest.mark.django_db
def test_messages_are_forgotten_after_seven_days() -> None:
    take()

    assert ledger.forget_old(now=NOON + timedelta(days=7)) == 0
    assert ledger.forget_old(now=NOON + timedelta(days=7, seconds=1)) == 1
    assert take() is True
