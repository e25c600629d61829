"""What is due is worked on by one claimer, and by another when that one dies."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from backend.core import due
from notifications.models import Delivery
from tests.builders import NOON, reloaded
from tests.threads import at_once

LEASE_S = 60.0


def a_due_row(number: int = 0, *, after_s: int = 0) -> Delivery:
    """A row that is due some seconds after noon."""
    return Delivery.objects.create(
        cause="call:1",
        person=f"contact:{number}",
        channel="voice",
        step_run="1",
        person_name="王丽",
        template="call",
        created_at=NOON,
        due_at=NOON + timedelta(seconds=after_s),
    )


def rows() -> QuerySet[Delivery]:
    """The queue of these tests."""
    return Delivery.objects.all()


def claim(*, after_s: int = 0, limit: int = 100) -> list[Delivery]:
    """Claim for a minute, some seconds after noon."""
    now = NOON + timedelta(seconds=after_s)
    return due.claim(rows(), now=now, lease_s=LEASE_S, limit=limit)


@pytest.mark.django_db
def test_rows_are_claimed_when_due_oldest_first_and_no_more_than_asked() -> None:
    later, earlier, _not_yet = (a_due_row(n, after_s=s) for n, s in enumerate([5, 3, 60]))

    assert claim(after_s=2) == []
    assert claim(after_s=10, limit=1) == [earlier]
    assert claim(after_s=10) == [later]


@pytest.mark.django_db
def test_a_claimed_row_is_nobody_elses_until_its_lease_ends() -> None:
    a_due_row()
    (first,) = claim()

    assert claim(after_s=59) == []
    (second,) = claim(after_s=61)
    assert second.pk == first.pk
    assert second.lease_token != first.lease_token


@pytest.mark.django_db
def test_who_lost_the_lease_changes_nothing_any_more() -> None:
    a_due_row()
    (first,), (second,) = claim(), claim(after_s=61)

    assert due.finish(first, due_at=None, state="failed") is False
    assert reloaded(second).state == "owed"
    assert due.finish(second, due_at=None, state="sent") is True
    assert reloaded(second).state == "sent"


@pytest.mark.django_db
def test_a_finished_row_is_due_again_only_when_it_says_so() -> None:
    done, again = a_due_row(0), a_due_row(1)
    claimed = {row.pk: row for row in claim()}

    due.finish(claimed[done.pk], due_at=None)
    due.finish(claimed[again.pk], due_at=NOON + timedelta(seconds=30))

    assert claim(after_s=29) == []
    assert [row.pk for row in claim(after_s=30)] == [again.pk]
    assert due.finish(claimed[again.pk], due_at=None) is False


@pytest.mark.django_db
def test_a_row_that_nobody_claimed_cannot_be_finished() -> None:
    with pytest.raises(due.NotClaimed):
        due.finish(a_due_row(), due_at=None)


@pytest.mark.django_db
def test_the_most_overdue_row_is_known() -> None:
    assert due.oldest_due_at(rows(), now=NOON) is None
    a_due_row(0, after_s=5)
    a_due_row(1, after_s=3)

    assert due.oldest_due_at(rows(), now=NOON + timedelta(seconds=9)) == NOON + timedelta(seconds=3)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_claimers_get_the_same_rows() -> None:
    a_due_row()
    seen = at_once(*[lambda: list(rows().filter(lease_until=None))] * 2)

    assert seen[0] == seen[1] != []


@pytest.mark.django_db(transaction=True)
def test_claimers_at_the_same_time_never_get_the_same_row_and_leave_none() -> None:
    for number in range(200):
        a_due_row(number)

    def claim_all() -> list[str]:
        mine: list[str] = []
        while taken := claim(limit=7):
            mine += [row.person for row in taken]
        return mine

    claimed = [person for mine in at_once(*[claim_all] * 4) for person in mine]

    assert len(claimed) == len(set(claimed)) == 200
