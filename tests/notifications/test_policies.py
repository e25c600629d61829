"""How often and how long something is tried."""

from datetime import timedelta

import pytest

from notifications.models import Delivery
from notifications.policies import MAX_DIALS, Again, GiveUp, after_call, after_error
from notifications.senders.port import (
    Backoff,
    ContentRefused,
    DeadNumber,
    OurConfiguration,
    RefusedByPerson,
    SendError,
    Unknown,
)
from notifications.senders.states import AttemptState
from tests.builders import NOON

EMERGENCY, ROUTINE = Delivery.Priority.EMERGENCY, Delivery.Priority.ROUTINE


def follows(
    error: SendError, *, priority: int = EMERGENCY, times: int = 1, another_route: bool = False
) -> Again | GiveUp:
    return after_error(
        error,
        priority=priority,
        times=times,
        another_route=another_route,
        chance=0.5,
        now=NOON,
    )


def wait_s(followed: Again | GiveUp) -> float:
    assert isinstance(followed, Again)
    return (followed.at - NOON).total_seconds()


@pytest.mark.parametrize("error", [DeadNumber(), ContentRefused(), RefusedByPerson()])
def test_what_cannot_get_better_is_given_up_at_once(error: SendError) -> None:
    assert follows(error) == GiveUp(error.code)


def test_our_own_mistake_goes_to_the_next_provider_or_ends() -> None:
    assert follows(OurConfiguration(), another_route=True) == Again(NOON)
    assert follows(OurConfiguration()) == GiveUp("our_configuration")


def test_waits_grow_and_are_short_in_an_emergency() -> None:
    error = Backoff(retry_after_s=2)
    emergency = [wait_s(follows(error, times=times)) for times in range(1, 6)]
    routine = [wait_s(follows(error, priority=ROUTINE, times=times)) for times in range(1, 6)]

    assert emergency == [2, 4, 8, 10, 10]
    assert routine == [2, 4, 8, 16, 32]
    assert wait_s(follows(error, priority=ROUTINE, times=40)) == 3600


def test_what_is_worth_one_more_try_gets_one() -> None:
    error = Backoff(retry_after_s=60, once=True)

    assert isinstance(follows(error, times=1), Again)
    assert isinstance(follows(error, times=2), GiveUp)


def test_after_an_unknown_outcome_an_emergency_rings_again_at_once() -> None:
    assert [wait_s(follows(Unknown(), times=times)) for times in (1, 2, 3)] == [0, 5, 10]
    assert wait_s(follows(Unknown(), priority=ROUTINE)) > 0


def test_a_call_nobody_answers_is_dialled_three_times() -> None:
    again = after_call(AttemptState.NO_ANSWER, dials=1, ended_at=NOON)

    assert again == Again(NOON + timedelta(seconds=20))
    assert after_call(AttemptState.BUSY, dials=MAX_DIALS, ended_at=NOON) == GiveUp("busy")
    assert after_call(AttemptState.COMPLETED, dials=MAX_DIALS, ended_at=NOON) == GiveUp("no_key")
