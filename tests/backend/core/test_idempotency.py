"""A repeated POST is answered as the first one was, and done once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from backend.core import idempotency
from backend.core.errors import KeyReused, NotAllowed
from backend.core.models import IdempotencyKey
from tests.builders import NOON
from tests.threads import at_once

Act = Callable[[], tuple[int, Any]]


def post(act: Act, *, body: bytes = b"{}", owner: str = "user:1") -> tuple[int, Any]:
    """A POST with the key of these tests."""
    return idempotency.answered_once(owner=owner, key="one", request_body=body, now=NOON, act=act)


def answers(body: Any) -> Act:
    """An action that answers 201."""
    return lambda: (201, body)


def must_not_run() -> tuple[int, Any]:
    """An action that was done before."""
    raise AssertionError("done a second time")


@pytest.mark.django_db
def test_a_repeated_request_gets_the_first_answer_and_is_not_done_again() -> None:
    first = post(answers({"id": 7, "name": "陈桂英"}))

    assert post(must_not_run) == first == (201, {"id": 7, "name": "陈桂英"})


@pytest.mark.django_db
def test_the_kept_answer_cannot_be_read_in_the_database() -> None:
    post(answers({"phone": "13812345678"}))

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM core_idempotencykey")
        assert "13812345678" not in cursor.fetchone()[0]


@pytest.mark.django_db
def test_another_content_under_the_same_key_is_refused() -> None:
    post(answers({}), body=b'{"minutes": 5}')

    with pytest.raises(KeyReused):
        post(must_not_run, body=b'{"minutes": 6}')


@pytest.mark.django_db
def test_the_same_key_of_another_account_is_another_request() -> None:
    post(answers("hers"))

    assert post(answers("his"), owner="user:2") == (201, "his")


@pytest.mark.django_db
def test_a_refused_request_keeps_nothing_and_may_be_tried_again() -> None:
    def refuse() -> tuple[int, Any]:
        raise NotAllowed

    with pytest.raises(NotAllowed):
        post(refuse)

    assert post(answers("now")) == (201, "now")


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_are_one_and_both_get_its_answer() -> None:
    done: list[str] = []
    other_waits = threading.Event()

    def act() -> tuple[int, Any]:
        done.append(threading.current_thread().name)
        other_waits.wait(0.2)
        return 201, len(done)

    assert at_once(lambda: post(act), lambda: post(act)) == [(201, 1), (201, 1)]
    assert len(done) == 1


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_week() -> None:
    post(answers({}))

    assert idempotency.forget_old(now=NOON + timedelta(days=7)) == 0
    assert idempotency.forget_old(now=NOON + timedelta(days=7, seconds=1)) == 1
    assert not IdempotencyKey.objects.exists()
