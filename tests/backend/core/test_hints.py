"""Hints wake who waits; a hint of a transaction that failed never comes."""

import pytest
from django.db import transaction

from backend.core import hints


@pytest.mark.django_db(transaction=True)
def test_a_hint_comes_at_the_commit_and_only_then() -> None:
    with hints.listening(hints.DUE) as own:
        with transaction.atomic():
            hints.give(hints.DUE)
            assert hints.wait(own, at_most_s=0.05) == []

        assert hints.wait(own, at_most_s=2) == [hints.DUE]


@pytest.mark.django_db(transaction=True)
def test_a_hint_of_a_rolled_back_transaction_never_comes() -> None:
    with hints.listening(hints.DUE) as own:
        with transaction.atomic():
            hints.give(hints.DUE)
            transaction.set_rollback(True)

        assert hints.wait(own, at_most_s=0.1) == []
