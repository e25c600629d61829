"""Tries are counted in the database, by what is tried and from where."""

from datetime import timedelta

import pytest
from django.db import connection

from backend.accounts import limits
from backend.accounts.errors import TooManyAttempts
from backend.accounts.limits import Limit
from tests.builders import NOON
from tests.threads import at_once

TWICE = Limit("test", 2, timedelta(minutes=10))


def take(*of: str, after_s: int = 0) -> None:
    """One try, some seconds after noon."""
    limits.take(TWICE, *(of or ("anna", "10.0.0.1")), now=NOON + timedelta(seconds=after_s))


@pytest.mark.django_db
def test_the_try_after_the_last_allowed_one_is_refused_and_says_how_long() -> None:
    take()
    take(after_s=60)

    with pytest.raises(TooManyAttempts) as refused:
        take(after_s=90)

    assert refused.value.data == {"retry_after_s": 510, "minutes": 9}


@pytest.mark.django_db
def test_the_span_is_not_made_longer_by_trying_on() -> None:
    for second in (0, 1):
        take(after_s=second)
    for second in range(2, 600, 50):
        with pytest.raises(TooManyAttempts):
            take(after_s=second)

    take(after_s=600)


@pytest.mark.django_db
def test_who_tries_from_elsewhere_locks_nobody_out() -> None:
    for _ in range(2):
        take("anna", "10.0.0.66")
    with pytest.raises(TooManyAttempts):
        take("anna", "10.0.0.66")

    take("anna", "10.0.0.1")


@pytest.mark.django_db
def test_after_a_success_the_count_starts_anew() -> None:
    take()
    take()
    limits.forget(TWICE, "anna", "10.0.0.1")

    take()


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_time_are_all_counted() -> None:
    def attempt() -> bool:
        try:
            take()
        except TooManyAttempts:
            return False
        return True

    assert sorted(at_once(*[attempt] * 6)) == [False] * 4 + [True] * 2


@pytest.mark.django_db
def test_neither_names_nor_addresses_stand_in_the_table() -> None:
    take("anna", "10.0.0.1")

    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM accounts_attemptcount")
        assert not {"anna", "10.0.0.1"} & set(cursor.fetchone()[0].split("\0"))


@pytest.mark.django_db
def test_counts_are_forgotten_a_day_later() -> None:
    take()

    assert limits.forget_old(now=NOON + timedelta(days=1)) == 0
    assert limits.forget_old(now=NOON + timedelta(days=1, seconds=1)) == 1


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::99", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_whole_home_is_one_source(address: str, source: str) -> None:
    assert limits.source_of(address) == source
