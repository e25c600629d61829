"""Each message is taken once in seven days, however often and from wherever it comes."""

from datetime import timedelta

import pytest

from backend.core import clock, ledger
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


@pytest.mark.django_db
def test_what_is_signed_without_a_time_is_remembered_for_three_years() -> None:
    signed = f"{ledger.SIGNED}provider"
    take(source=signed)
    three_years = timedelta(days=3 * 365)

    assert ledger.forget_old(now=NOON + three_years) == 0
    assert take(source=signed) is False
    assert ledger.forget_old(now=NOON + three_years + timedelta(seconds=1)) == 1


@pytest.mark.django_db
def test_of_many_messages_the_new_ones_are_taken() -> None:
    take("m1")

    taken = ledger.take_all({("device:1", "m1"), ("device:1", "m2"), ("device:2", "m1")})

    assert taken == {("device:1", "m2"), ("device:2", "m1")}
    assert ledger.take_all(taken) == set()
    assert ledger.take_all([]) == set()


@pytest.mark.django_db
def test_with_a_limit_an_old_message_that_comes_again_is_another_one() -> None:
    message = ("device:1", "counter 1")
    ledger.take(*message, now=clock.now() - timedelta(minutes=5), result="call:1")

    assert ledger.take_all([message], again_after=timedelta(minutes=6)) == set()
    assert ledger.result_of(message) == "call:1"
    assert ledger.take_all([message], again_after=timedelta(minutes=4)) == {message}
    assert ledger.result_of(message) == ""


@pytest.mark.django_db
def test_what_became_of_a_message_is_noted() -> None:
    take("m1")
    assert ledger.result_of(("device:1", "m1")) == ""

    ledger.note_result(("device:1", "m1"), "call:7")

    assert ledger.result_of(("device:1", "m1")) == "call:7"
    assert ledger.result_of(("device:1", "unknown")) == ""
